import Kernel

/// A family of samples under a name: draws one sample from random numbers.
public struct ScenePreset: Sendable {
  public let name: String
  public let summary: String
  /// Where the shapes and distributions come from.
  public let source: String
  /// Ground size of a pixel when nothing else is asked for.
  public let pixelSizeMeters: Double
  /// The published numbers, as the manifest records them.
  public let settings: any Encodable & Sendable
  private let draw: @Sendable (SceneGrid, Terrain, inout CounterRandom) throws -> SimulatedSample

  public init(
    name: String, summary: String, source: String, pixelSizeMeters: Double,
    settings: any Encodable & Sendable,
    draw: @escaping @Sendable (SceneGrid, Terrain, inout CounterRandom) throws -> SimulatedSample
  ) {
    self.name = name
    self.summary = summary
    self.source = source
    self.pixelSizeMeters = pixelSizeMeters
    self.settings = settings
    self.draw = draw
  }

  /// The sample numbered `index` of `seed`: the same whatever was drawn before, in any shard.
  /// - Throws: `SimulatorError.terrain` where the preset needs heights and `terrain` does not cover the
  ///   grid; `TorchError` when memory runs out.
  public func sample(
    grid: SceneGrid, seed: UInt64, index: Int, terrain: Terrain = .synthetic
  ) throws -> SimulatedSample {
    var random = Self.random(seed: seed, index: index)
    return try draw(grid, terrain, &random)
  }

  /// What a preset draws sample `index` from.
  static func random(seed: UInt64, index: Int) -> CounterRandom {
    CounterRandom(seed, .simulatedScene, UInt64(index))
  }

  public static let all: [ScenePreset] = [
    .mixed, .sun, .sunMild, .deepInSARv1, .wu, .wuDEM, .anantrasirichai, .brengmanBarnhart,
    .rouetLeduc,
  ]

  /// - Throws: `SimulatorError.unknownPreset` with the names there are.
  public static func named(_ name: String) throws -> ScenePreset {
    guard let preset = all.first(where: { $0.name == name }) else {
      throw SimulatorError.unknownPreset(name: name, known: all.map(\.name))
    }
    return preset
  }
}
