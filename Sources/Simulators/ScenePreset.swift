import Kernel

/// A named family of samples; draws each sample from random numbers.
public struct ScenePreset: Sendable {
  public let name: String
  public let summary: String
  /// The publication of the shapes and distributions.
  public let source: String
  /// Default pixel size on the ground, in m.
  public let pixelSizeMeters: Double
  /// The published numbers, as the manifest records them.
  public let settings: any Encodable & Sendable
  /// Whether it learns from training images, which `SceneInputs` must then hold.
  public let needsTrainingImages: Bool
  private let draw:
    @Sendable (SceneGrid, SceneInputs, inout CounterRandom) throws -> SimulatedSample

  public init(
    name: String, summary: String, source: String, pixelSizeMeters: Double,
    settings: any Encodable & Sendable, needsTrainingImages: Bool = false,
    draw:
      @escaping @Sendable (SceneGrid, SceneInputs, inout CounterRandom) throws
      -> SimulatedSample
  ) {
    self.name = name
    self.summary = summary
    self.source = source
    self.pixelSizeMeters = pixelSizeMeters
    self.settings = settings
    self.needsTrainingImages = needsTrainingImages
    self.draw = draw
  }

  /// Sample `index` of `seed`: it does not depend on earlier samples or on the shard.
  /// - Throws: `SimulatorError.terrain` if the preset needs heights and `inputs.terrain` does not
  ///   cover the grid; `.noTrainingImage`; `GeostatisticsError` for training images or given pixels
  ///   that do not serve.
  public func sample(
    grid: SceneGrid, seed: UInt64, index: Int, inputs: SceneInputs = SceneInputs()
  ) throws -> SimulatedSample {
    if needsTrainingImages && inputs.training == nil {
      throw SimulatorError.noTrainingImage(preset: name)
    }
    var random = Self.random(seed: seed, index: index)
    return try draw(grid, inputs, &random)
  }

  /// The random numbers of sample `index`.
  static func random(seed: UInt64, index: Int) -> CounterRandom {
    CounterRandom(seed, .simulatedScene, UInt64(index))
  }

  public static let all: [ScenePreset] = [
    .mixed, .sun, .sunMild, .deepInSARv1, .wu, .wuDEM, .anantrasirichai, .brengmanBarnhart,
    .rouetLeduc, .rongierSGS, .rongierDS, .lefebvreHoppe,
  ]

  /// - Throws: `SimulatorError.unknownPreset` with the list of valid names.
  public static func named(_ name: String) throws -> ScenePreset {
    guard let preset = all.first(where: { $0.name == name }) else {
      throw SimulatorError.unknownPreset(name: name, known: all.map(\.name))
    }
    return preset
  }
}
