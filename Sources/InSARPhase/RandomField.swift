import Foundation
import Kernel

/// Stationary Gaussian random fields of a given spectrum, made in the frequency domain.
///
/// Complex white noise times the square root of the power is transformed back. The grid is `padding`
/// times as large as the fields, to reduce the correlation of opposite edges.
///
/// With a scale of the unlimited plane (`difference`, `planeDeviation`), wavelengths that do not fit
/// into that grid are made on coarser ones, each four times as coarse as the last, and added by
/// cubic splines: every grid holds a band of the spectrum, with smooth ends, that it represents
/// well. So a small field has the statistics of a window of a large one.
/// Source: spectral synthesis, Saupe in The Science of Fractal Images, 1988; low wavenumbers on
/// nested grids after Lane, Glindemann and Dainty, Waves in Random Media 2, 1992.
package struct RandomField: Sendable {
  /// What the size of a field is given by.
  package enum Scale: Sendable, Hashable {
    /// Standard deviation over the padded grid, whatever its size; wavelengths beyond the grid are
    /// left out, so that a field much smaller than the outer scale varies less.
    case deviation(Double)
    /// Standard deviation over the unlimited plane, of wavelengths down to two pixels.
    case planeDeviation(Double)
    /// Root mean square difference between points at a distance.
    case difference(Double, meters: Double)
  }

  let width: Int
  let height: Int
  /// From the finest to the coarsest.
  let grids: [FieldGrid]
  /// From each coarser grid to the next finer one.
  private let maps: [(down: SplineMap, across: SplineMap)]

  /// Periods of the longest wavelengths of the finest grid that fit into it. Covariances then
  /// have decreased before the grid repeats itself.
  private static let periods = 8.0
  /// Ratio of the spacings of two grids.
  private static let ratio = 4.0
  /// Least rows and columns of coarser grids.
  private static let coarseLength = 96
  /// The coarsest grid is this many outer scales wide.
  private static let outerScales = 2.5

  /// - Throws: `InSARPhaseError.settings` if the spectrum overflows on this grid, `.outOfMemory`.
  package init(
    width: Int, height: Int, pixelSizeMeters: Double, spectrum: TurbulenceSpectrum,
    scale: Scale = .deviation(1), padding: Double = 2
  ) throws {
    self.width = width
    self.height = height
    let strength = Self.strength(scale, spectrum, pixelSizeMeters: pixelSizeMeters)
    // Longer wavelengths than the grid's are left out.
    let endsAtGrid = if case .deviation = strength { true } else { false }
    let least = endsAtGrid ? 2 : 64
    let padded = [width, height].map {
      Self.fastLength(max(least, Int((Double($0) * padding).rounded(.up))))
    }
    let longest = Self.outerScales * spectrum.outerScaleMeters * spectrum.anisotropyRatio
    let shorter = Double(padded.min()!) * pixelSizeMeters
    if endsAtGrid || shorter >= longest {
      grids = [
        try FieldGrid(
          width: padded[0], height: padded[1], spacingMeters: pixelSizeMeters,
          kept: (height, width), spectrum: spectrum, band: .init(), strength: strength)
      ]
      maps = []
      return
    }
    var cut = Self.periods / shorter
    // Four nodes for the shortest wavelength, half an octave beyond the cut.
    var spacing = 1 / (2.0.squareRoot() * cut * 4)
    var step = pixelSizeMeters / spacing
    var kept = (rows: height, columns: width)
    var grids = [
      try FieldGrid(
        width: padded[0], height: padded[1], spacingMeters: pixelSizeMeters, kept: kept,
        spectrum: spectrum, band: .init(from: cut), strength: strength)
    ]
    var spacings: [Double] = []
    var maps: [(down: SplineMap, across: SplineMap)] = []
    while true {
      maps.append(
        (SplineMap(count: kept.rows, step: step), SplineMap(count: kept.columns, step: step)))
      kept = (
        SplineMap.length(count: kept.rows, step: step),
        SplineMap.length(count: kept.columns, step: step)
      )
      let sides = [kept.columns, kept.rows].map {
        Self.fastLength(max(Self.coarseLength, Int(2.4 * Double($0))))
      }
      let isLast = Double(sides.min()!) * spacing >= longest
      spacings.append(spacing)
      grids.append(
        try FieldGrid(
          width: sides[0], height: sides[1], spacingMeters: spacing, kept: kept,
          spectrum: spectrum, band: .init(from: isLast ? nil : cut / Self.ratio, to: cut),
          strength: strength, splineSpacings: spacings))
      if isLast { break }
      cut /= Self.ratio
      spacing *= Self.ratio
      step = 1 / Self.ratio
    }
    self.grids = grids
    self.maps = maps
  }

  /// The field of a key, [height x width], times `factor`.
  /// - Throws: `InSARPhaseError.outOfMemory`.
  package func field(_ key: CounterRandom, times factor: Double = 1) throws -> [Float] {
    var random = VectorRandom(key)
    let factor = Float(factor)
    return try Planes.filled(height * width) { out in
      try fill(grids[0], out, &random)
      guard grids.count > 1 else {
        if factor != 1 { for pixel in 0..<height * width { out[pixel] *= factor } }
        return
      }
      var coarser: [[Float]] = []
      for grid in grids.dropFirst() {
        coarser.append(
          try Planes.filled(grid.rows * grid.columns) { try fill(grid, $0, &random) })
      }
      while coarser.count > 1 {
        let coefficients = coarser.removeLast()
        let map = maps[coarser.count]
        let columns = grids[coarser.count + 1].columns
        coarser[coarser.count - 1].withUnsafeMutableBufferPointer {
          SplineMap.add(
            coefficients, coarseColumns: columns, down: map.down, across: map.across,
            to: $0.baseAddress!, factor: 1)
        }
      }
      SplineMap.add(
        coarser[0], coarseColumns: grids[1].columns, down: maps[0].down, across: maps[0].across,
        to: out, factor: factor)
    }
  }

  private func fill(
    _ grid: FieldGrid, _ out: UnsafeMutablePointer<Float>, _ random: inout VectorRandom
  ) throws {
    guard grid.fill(out, &random) else {
      throw InSARPhaseError.outOfMemory(
        purpose: "a random field of \(grid.height) x \(grid.width) pixels")
    }
  }

  private static func strength(
    _ scale: Scale, _ spectrum: TurbulenceSpectrum, pixelSizeMeters: Double
  ) -> FieldGrid.Strength {
    switch scale {
    case .deviation(let deviation): .deviation(deviation)
    case .planeDeviation(let deviation):
      .amplitude(deviation / spectrum.variance(shortestMeters: 2 * pixelSizeMeters).squareRoot())
    case .difference(let difference, let meters):
      // A last slope below 2 has no end of power at short wavelengths: what counts is what pixels of
      // this size show.
      .amplitude(
        difference
          / spectrum.structureFunction(
            distanceMeters: meters, shortestMeters: min(2 * pixelSizeMeters, meters / 4)
          ).squareRoot())
    }
  }

  /// The smallest even number of at least `count` without prime factors above 5: transforms of such
  /// lengths are fast.
  static func fastLength(_ count: Int) -> Int {
    var candidate = max(2, count + count % 2)
    while true {
      var rest = candidate
      for prime in [2, 3, 5] { while rest % prime == 0 { rest /= prime } }
      if rest == 1 { return candidate }
      candidate += 2
    }
  }
}
