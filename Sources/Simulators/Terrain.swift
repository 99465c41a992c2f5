import DurableFiles
import Foundation
import Kernel
import Rasters

/// The source of heights for presets that need them.
public enum Terrain: Sendable {
  /// A fractal surface, different for every sample.
  case synthetic
  /// Random crops of a raster of heights in m, without resampling.
  case raster(Raster, name: String)

  /// The origin of one sample's heights.
  public struct Origin: Codable, Sendable, Equatable {
    /// A file's name, or "synthetic".
    public var name: String
    /// Upper left pixel of the crop.
    public var row: Int?
    public var column: Int?
    public var spectralSlope: Double?
    public var standardDeviationMeters: Double?
  }

  /// Its name in the manifest.
  package var name: String {
    switch self {
    case .synthetic: "synthetic"
    case .raster(_, let name): name
    }
  }

  /// Identifies a terrain: for a raster by name, size and values.
  package var identity: String {
    guard case .raster(let raster, let name) = self else { return name }
    var sum = SHA256()
    raster.values.withUnsafeBytes { sum.update($0) }
    return "\(name), \(raster.width) x \(raster.height) px, SHA-256 \(sum.hex())"
  }

  /// Heights in m for a grid, and their origin.
  /// - Throws: `SimulatorError.terrain` if the raster is smaller than the grid, or if a hundred
  ///   crops in a row have missing heights.
  package func heightsMeters(
    grid: SceneGrid, random: inout CounterRandom
  ) throws -> (heights: [Float], origin: Origin) {
    switch self {
    case .synthetic: return try Self.fractal(grid: grid, random: &random)
    case .raster(let raster, let name):
      guard raster.width >= grid.width, raster.height >= grid.height else {
        throw SimulatorError.terrain(
          name: name,
          reason: "it has \(raster.width) x \(raster.height) pixels, fewer than the "
            + "\(grid.width) x \(grid.height) needed; give a larger one or a smaller \(OptionName.size)"
        )
      }
      for _ in 0..<100 {
        let row = random.integer(in: 0...raster.height - grid.height)
        let column = random.integer(in: 0...raster.width - grid.width)
        let heights = (row..<row + grid.height).flatMap {
          raster.values[$0 * raster.width + column..<$0 * raster.width + column + grid.width]
        }
        if heights.allSatisfy(\.isFinite) {
          return (heights, Origin(name: name, row: row, column: column))
        }
      }
      throw SimulatorError.terrain(
        name: name,
        reason: "a hundred random crops of \(grid.width) x \(grid.height) pixels all have missing "
          + "heights; fill its holes or give another DEM")
    }
  }

  /// Mountains by spectral synthesis: a two-dimensional slope of 3.4 to 4.2 (profiles of 2.4 to
  /// 3.2, as those of real relief), relief of some hundred meters, lowest point at sea level.
  private static func fractal(
    grid: SceneGrid, random: inout CounterRandom
  ) throws -> (heights: [Float], origin: Origin) {
    let slope = random.uniform(3.4...4.2)
    let deviation = random.uniform(100...500)
    let texture = try PowerLawTexture(
      seed: random.next(), spectralSlope: slope, standardDeviationCMPerYear: deviation,
      outerScaleMeters: max(grid.widthMeters, grid.heightMeters) / 2)
    let values = try texture.values(grid: grid)
    let lowest = values.min() ?? 0
    return (
      values.map { $0 - lowest },
      Origin(
        name: "synthetic", row: nil, column: nil, spectralSlope: slope,
        standardDeviationMeters: deviation)
    )
  }
}

/// Values scaled to 0...1; all 0 if they are all equal.
func normalized(_ values: [Float]) -> [Float] {
  guard let least = values.min(), let greatest = values.max(), greatest > least else {
    return [Float](repeating: 0, count: values.count)
  }
  return values.map { ($0 - least) / (greatest - least) }
}
