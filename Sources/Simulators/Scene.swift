import InSARPhase
import RunSupport

/// One simulated scene: its grid, what moves the ground, the residual texture, and how a satellite
/// sees it.
public struct Scene: Sendable {
  public let grid: SceneGrid
  public let lineOfSight: LineOfSight
  public let sources: [any DeformationSource]
  /// Added in the line of sight; `nil` for ground at rest between the sources.
  public let texture: PowerLawTexture?

  public init(
    grid: SceneGrid, lineOfSight: LineOfSight, sources: [any DeformationSource],
    texture: PowerLawTexture? = nil
  ) {
    self.grid = grid
    self.lineOfSight = lineOfSight
    self.sources = sources
    self.texture = texture
  }

  /// East, north and up rates of the sources, without the texture.
  public func deformation() -> DeformationField { DeformationField(grid: grid, sources: sources) }

  /// The rate map in cm/yr, positive toward the satellite, of the grid's shape.
  public func rateCMPerYear() throws -> [Float] {
    var rate = deformation().losCMPerYear(lineOfSight)
    if let texture {
      let values = try texture.values(grid: grid)
      for pixel in rate.indices { rate[pixel] += values[pixel] }
    }
    return rate
  }
}

/// A family of scenes under a name: draws the parameters of one scene from random numbers.
public struct ScenePreset: Sendable {
  public let name: String
  public let summary: String
  /// Where the shapes and distributions come from.
  public let source: String
  /// Ground size of a pixel when nothing else is asked for.
  public let pixelSizeMeters: Double
  let draw: @Sendable (SceneGrid, inout CounterRandom) throws -> Scene

  /// The scene numbered `index` of `seed`: the same whatever was drawn before, in any shard.
  public func scene(grid: SceneGrid, seed: UInt64, index: Int) throws -> Scene {
    var random = CounterRandom(seed, UInt64(index))
    return try draw(grid, &random)
  }

  public static let all: [ScenePreset] = [.mixed]

  /// - Throws: `SimulatorError.unknownPreset` with the names there are.
  public static func named(_ name: String) throws -> ScenePreset {
    guard let preset = all.first(where: { $0.name == name }) else {
      throw SimulatorError.unknownPreset(name: name, known: all.map(\.name))
    }
    return preset
  }
}
