import CPhaseLoops
import Foundation
import Kernel

/// A periodic grid for one band of a random field's wavelengths: complex white noise in the half
/// spectrum, times factors, transformed back (`cpl_field`).
struct FieldGrid: Sendable {
  let width: Int
  let height: Int
  let spacingMeters: Double
  /// Rows and columns that are kept, from the corner of the grid.
  let rows: Int
  let columns: Int
  private let down: FieldTransform
  private let across: FieldTransform
  private let splineSpacings: [Double]
  /// In the layout of `cpl_field`.
  private let factors: [Float]

  /// Which wavelengths the grid holds, each end a smooth step of one octave around a wavenumber in
  /// cycles/m; `nil` for no end.
  struct Band {
    var from: Double?
    var to: Double?

    /// Fraction of the power at a wavenumber that belongs to this band.
    func fraction(_ k: Double) -> Double {
      (from.map { 1 - Self.below(k, $0) } ?? 1) - (to.map { 1 - Self.below(k, $0) } ?? 0)
    }

    private static func below(_ k: Double, _ cut: Double) -> Double {
      let u = min(max(log2(k / cut) + 0.5, 0), 1)
      return 1 - u * u * u * (u * (u * 6 - 15) + 10)
    }
  }

  enum Strength {
    /// The square root of the power, in (unit)^2 per (cycle/m)^2, that the spectrum's 1 stands for.
    case amplitude(Double)
    /// Standard deviation over the grid.
    case deviation(Double)
  }

  /// - Parameters:
  ///   - kept: rows and columns of the corner that a field fills.
  ///   - splineSpacings: the values become coefficients of cubic B-splines, here and on each finer
  ///     grid with such a spacing in m that they are passed through; the spectrum makes up for it.
  /// - Throws: `InSARPhaseError.settings` if the spectrum overflows, `.outOfMemory`.
  init(
    width: Int, height: Int, spacingMeters: Double, kept: (rows: Int, columns: Int),
    spectrum: TurbulenceSpectrum, band: Band, strength: Strength, splineSpacings: [Double] = []
  ) throws {
    self.width = width
    self.height = height
    self.spacingMeters = spacingMeters
    (rows, columns) = kept
    self.splineSpacings = splineSpacings
    down = try FieldTransform(length: height)
    across = try FieldTransform(length: width)
    let half = width / 2 + 1
    let (dx, dy) = (
      1 / (Double(width) * spacingMeters), 1 / (Double(height) * spacingMeters)
    )
    let table = AmplitudeTable(
      spectrum, band: band, least: min(dx, dy), greatest: 1 / spacingMeters)
    let angle = spectrum.elongationDegrees * .pi / 180
    let (cosine, sine) = (cos(angle), sin(angle))
    let ratio = spectrum.anisotropyRatio
    // Rows run from north to south. A sampled cubic spline has the spectrum (2 + cos) / 3.
    let norths = (0..<height).map { row in -Double(row <= height / 2 ? row : row - height) * dy }
    let easts = (0..<half).map { Double($0) * dx }
    func gain(_ k: Double) -> Float {
      Float(splineSpacings.reduce(1) { $0 * 3 / (2 + cos(2 * .pi * k * $1)) })
    }
    // Sixteen columns at a time: [blocks, height, 16], with zeros where a block exceeds the spectrum.
    let padded = (half + 15) / 16 * 16
    var factors = [Float](repeating: 0, count: padded * height)
    func inBlocks(_ value: (Int) -> Float) -> [Float] {
      (0..<padded).map { $0 < half ? value($0) : 0 }
    }
    func isEdge(_ column: Int) -> Bool { column == 0 || column == width / 2 }
    let squares = inBlocks { Float(easts[$0] * easts[$0]) }
    let weights = inBlocks { isEdge($0) ? 1 : 2 }
    // A complex draw has variance 2. The edge columns are their own mirror images and keep half of
    // it.
    let gains = inBlocks { gain(easts[$0]) * (isEdge($0) ? 1 : 0.70710678) }
    var variance = 0.0
    factors.withUnsafeMutableBufferPointer { factors in
      // Without a direction, rows to the north are those to the south.
      let rows = ratio == 1 ? height / 2 + 1 : height
      for row in 0..<rows {
        let north = norths[row]
        let rowGain = gain(north)
        let line = factors.baseAddress! + row * 16
        let count = ratio == 1 && row > 0 && 2 * row < height ? 2.0 : 1
        if ratio == 1 {
          variance +=
            count
            * Double(
              cpl_amplitudes(
                table.amplitudes, UInt32(table.first), Float(north * north), squares, weights,
                gains,
                rowGain, line, height, padded))
          if count == 2 {
            let mirrored = factors.baseAddress! + (height - row) * 16
            for block in stride(from: 0, to: padded * height, by: 16 * height) {
              (mirrored + block).update(from: line + block, count: 16)
            }
          }
          continue
        }
        for column in 0..<half {
          let east = easts[column]
          let along = (north * cosine + east * sine) * ratio
          let aside = east * cosine - north * sine
          let value = table.amplitude(
            north * north + east * east, stretched: along * along + aside * aside)
          variance += Double(weights[column] * value * value)
          line[(column / 16 * height) * 16 + column % 16] = value * rowGain * gains[column]
        }
      }
      let scale =
        switch strength {
        case .amplitude(let amplitude): amplitude * (dx * dy).squareRoot()
        case .deviation(let deviation): deviation / variance.squareRoot()
        }
      let factor = Float(scale)
      for place in 0..<factors.count { factors[place] *= factor }
      variance *= scale * scale
    }
    guard variance.isFinite else {
      throw InSARPhaseError.settings(
        faults: [
          "the total power of the spectrum is \(variance); give smaller slopes or another outer "
            + "scale"
        ])
    }
    self.factors = factors
  }

  /// The expected square of the difference between two places: the sum over all waves of the grid.
  func structureFunction(eastMeters: Double, southMeters: Double) -> Double {
    let half = width / 2 + 1
    func gain(_ k: Double) -> Double {
      splineSpacings.reduce(1) { $0 * 3 / (2 + cos(2 * .pi * k * $1)) }
    }
    var sum = 0.0
    for row in 0..<height {
      let south = Double(row <= height / 2 ? row : row - height) / (Double(height) * spacingMeters)
      for column in 0..<half {
        let east = Double(column) / (Double(width) * spacingMeters)
        let factor =
          Double(factors[(column / 16 * height + row) * 16 + column % 16])
          / (gain(south) * gain(east))
        let isEdge = column == 0 || column == width / 2
        let turns = east * eastMeters + south * southMeters
        sum += (isEdge ? 1 : 4) * factor * factor * 2 * (1 - cos(2 * .pi * turns))
      }
    }
    return sum
  }

  /// Fills [rows, columns]. False if memory is exhausted.
  func fill(_ out: UnsafeMutablePointer<Float>, _ random: inout VectorRandom) -> Bool {
    random.fillField(
      out, rows: rows, columns: columns, down: down, across: across, factors: factors)
  }
}

/// The square root of a spectrum's power against the square of the wavenumber, at 16 places an
/// octave and linear between them (to 4e-4): exponent and upper mantissa bits of a float are the
/// place, so that a spectrum costs less than its Fourier transform.
private struct AmplitudeTable {
  let first: Int
  /// With the fraction of the band, unless the spectrum has a direction.
  let amplitudes: [Float]
  private let bands: [Float]

  init(_ spectrum: TurbulenceSpectrum, band: FieldGrid.Band, least: Double, greatest: Double) {
    func place(_ square: Double) -> Int { Int(Float(square).bitPattern >> CPL_TABLE_SHIFT) }
    func square(_ place: Int) -> Double {
      Double(Float(bitPattern: UInt32(place) << CPL_TABLE_SHIFT))
    }
    let isIsotropic = spectrum.anisotropyRatio == 1
    let from = place(least * least * 0.9)
    let to = place(greatest * greatest * spectrum.anisotropyRatio * spectrum.anisotropyRatio) + 2
    first = from
    amplitudes = (from...to).map { place in
      let square = square(place)
      let power = spectrum.power(stretchedSquare: square)
      return Float((isIsotropic ? power * band.fraction(square.squareRoot()) : power).squareRoot())
    }
    bands =
      isIsotropic
      ? []
      : (from...place(greatest * greatest) + 2).map {
        Float(band.fraction(square($0).squareRoot()).squareRoot())
      }
  }

  private func value(_ table: [Float], _ square: Double) -> Float {
    let bits = Float(square).bitPattern
    let place = Int(bits >> CPL_TABLE_SHIFT) - first
    // Wavenumber 0 has no power.
    guard place >= 0 else { return 0 }
    let t = Float(bits & (1 << CPL_TABLE_SHIFT - 1)) / Float(1 << CPL_TABLE_SHIFT)
    return table[place] + t * (table[place + 1] - table[place])
  }

  func amplitude(_ square: Double, stretched: Double) -> Float {
    square == 0 ? 0 : value(amplitudes, stretched) * value(bands, square)
  }
}
