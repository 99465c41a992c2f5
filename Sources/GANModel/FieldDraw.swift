import Foundation
import Kernel
import TorchCore

/// What makes one map of a field model: where its random numbers come from, and what is asked of
/// them.
package struct FieldDraw: Sendable, Equatable {
  package var seed: UInt64
  /// The index of the map.
  package var map: Int
  /// The factor of all latents, above 0 and at most 1: less is closer to the typical map.
  package var truncation = 1.0
  /// A second map, and how far this one is on the way to it, from 0 to 1.
  package var toward: (seed: UInt64, fraction: Double)? {
    get { towardSeed.map { ($0, towardFraction) } }
    set { (towardSeed, towardFraction) = (newValue?.seed, newValue?.fraction ?? 0) }
  }
  private var towardSeed: UInt64?
  private var towardFraction = 0.0
  /// A region of the map with labels and a style of its own; `nil` for the whole map.
  var region: EndlessRegions.Position?
  /// The training patches whose statistics maps may have.
  package var choice = LabelChoice()

  package init(seed: UInt64, map: Int) {
    self.seed = seed
    self.map = map
  }

  /// What the base network takes for cells: latents [1, 24, rows.count, columns.count].
  func baseInput(
    _ geometry: FieldGeometry, noisePlanes: Int, rows: Range<Int>, columns: Range<Int>
  ) throws -> FieldInput {
    FieldInput(
      grid: try grid(
        .fieldBaseGrid, channels: FieldLatents.baseChannels, rows: rows, columns: columns),
      noise: try noise(
        .fieldBaseNoise, planes: noisePlanes, rows: geometry.pixels(of: rows),
        columns: geometry.pixels(of: columns)))
  }

  /// What the detail network takes for coarse pixels, with the border that it needs: latents
  /// [1, 16, rows.count + 2 margin, columns.count + 2 margin].
  func detailInput(
    noisePlanes: Int, rows: Range<Int>, columns: Range<Int>, margin: Int
  ) throws -> FieldInput {
    let (rows, columns) = (rows.extended(by: margin), columns.extended(by: margin))
    return FieldInput(
      grid: try grid(
        .fieldDetailGrid, channels: FieldLatents.detailChannels, rows: rows, columns: columns),
      noise: try noise(
        .fieldDetailNoise, planes: noisePlanes, rows: FieldRefinement.pixels(of: rows),
        columns: FieldRefinement.pixels(of: columns)))
  }

  private func grid(
    _ stream: RandomStream, channels: Int, rows: Range<Int>, columns: Range<Int>
  ) throws -> Tensor {
    try latents {
      try FieldLatents.grid(
        seed: $0, stream, map: map, channels: channels, rows: rows, columns: columns)
    }
  }

  /// White noise for pixels of a network's output; `nil` without planes.
  private func noise(
    _ stream: RandomStream, planes: Int, rows: Range<Int>, columns: Range<Int>
  ) throws -> Tensor? {
    guard planes > 0 else { return nil }
    let margin = FieldLatents.noiseMargin
    return try latents {
      try FieldLatents.noise(
        seed: $0, stream, map: map, planes: planes, rows: rows.extended(by: margin),
        columns: columns.extended(by: margin))
    }
  }

  /// [1, size]; level 0 is the base network, 1 the detail network.
  func style(level: UInt64, size: Int) throws -> Tensor {
    try latents {
      try FieldLatents.style(seed: $0, map: map, level: level, size: size, region: region)
    }
  }

  /// The raw labels of the map or the region: a row of the table, or a mean of two. Those of a
  /// region are from the scene that the map's own are from, if the file knows it.
  /// - Throws: `FieldError.noLabels` if no row is as asked.
  func labels(_ model: FieldModel) throws -> [Float] {
    let rows = try choice.rows(of: model)
    func row(_ seed: UInt64) -> [Float] {
      var random = CounterRandom(seed, .fieldLabels, UInt64(map))
      let own = rows.draw(&random)
      guard let region else { return model.table[own] }
      random = CounterRandom(
        seed, .fieldRegions, UInt64(map), UInt64(bitPattern: Int64(region.row)),
        UInt64(bitPattern: Int64(region.column)))
      guard let scenes = model.origins?.scenes else { return model.table[rows.draw(&random)] }
      return model.table[rows.among { scenes[$0] == scenes[own] }.draw(&random)]
    }
    let own = row(seed)
    guard let toward else { return own }
    let fraction = Float(toward.fraction)
    return zip(own, row(toward.seed)).map { $0 + ($1 - $0) * fraction }
  }

  /// Latents on the way keep their variance: cosine and sine of the same angle as weights.
  private func latents(_ draw: (UInt64) throws -> Tensor) throws -> Tensor {
    var result = try draw(seed)
    if let toward {
      let angle = toward.fraction * Double.pi / 2
      result = try result * cos(angle) + draw(toward.seed) * sin(angle)
    }
    return truncation == 1 ? result : try result * truncation
  }
}

/// One row of a field model's table in physical terms.
struct FieldLabel {
  /// In cm/yr.
  let mean: Double
  /// The standard deviation of the whitened patch, in cm/yr.
  let spread: Double
  /// The standard deviation after companding, of a whitened patch with standard deviation 1.
  let compressedSpread: Double
  /// The standard deviation of rates, in cm/yr.
  let deviation: Double
  /// The mean after companding.
  let shift: Double
  /// Mean and standard deviation of the logarithm of the detail's rms in cm/yr; of models with
  /// detail.
  let energyMean: Double
  let energyDeviation: Double

  init(_ row: [Float]) {
    let row = row.map(Double.init)
    mean = 2 * sinh(row[0])
    spread = exp(row[1])
    compressedSpread = exp(row[2])
    deviation = exp(row[3] + row[1])
    shift = row[4]
    energyMean = row.count > 5 ? row[5] : 0
    energyDeviation = row.count > 6 ? exp(row[6]) : 0
  }
}
