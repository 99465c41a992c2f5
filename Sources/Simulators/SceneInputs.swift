import DurableFiles
import Geostatistics
import Kernel
import Synchronization

/// Measured data that presets take parts of, or learn from.
public struct SceneInputs: Sendable {
  /// For presets that need heights.
  public var terrain: Terrain
  /// For presets that learn from maps.
  public var training: TrainingImages?
  /// Rates in cm/yr at some pixels, which presets that learn from maps keep.
  public var given: Conditioning?

  public init(
    terrain: Terrain = .synthetic, training: TrainingImages? = nil, given: Conditioning? = nil
  ) {
    self.terrain = terrain
    self.training = training
    self.given = given
  }

  /// Identifies the inputs beyond the terrain, by names, sizes and values; empty without any.
  package var trainingIdentity: [String: String] {
    var identity: [String: String] = [:]
    for (index, image) in (training?.images ?? []).enumerated() {
      identity["training image \(index + 1)"] =
        "\(image.name), \(image.width) x \(image.height) px, SHA-256 \(Self.sum(image.values))"
    }
    if let given {
      identity["given pixels"] =
        "\(given.width) x \(given.height) px, SHA-256 \(Self.sum(given.values))"
    }
    return identity
  }

  private static func sum(_ values: [Float]) -> String {
    var sum = SHA256()
    values.withUnsafeBytes { sum.update($0) }
    return sum.hex()
  }
}

/// Maps in cm/yr to learn from, and what was learned; one for a whole job.
public final class TrainingImages: Sendable {
  public let images: [TrainingImage]
  private let learned = MadeOnce<Key, GaussianModel>()
  private let sampled = MadeOnce<Int, DirectSampling>()
  private let synthesized = MadeOnce<Int, TextureSynthesis>()

  private struct Key: Hashable {
    var image: Int
    var width: Int
    var height: Int
  }

  /// - Throws: `GeostatisticsError.trainingImage` without an image.
  public init(_ images: [TrainingImage]) throws {
    guard !images.isEmpty else {
      throw GeostatisticsError.trainingImage(name: "nothing", reason: "there is no image")
    }
    self.images = images
  }

  /// What sequential Gaussian simulation learns from an image.
  struct GaussianModel: Sendable {
    let scores: NormalScores
    let simulation: SequentialGaussianSimulation
  }

  /// Direct sampling from an image, prepared when it is first needed: sorting the image's values takes
  /// as long as a small map.
  func directSampling(_ image: Int) throws -> DirectSampling {
    try sampled.value(image) { try DirectSampling(images[image]) }
  }

  /// Texture synthesis from an image, whose levels are computed when it is first needed.
  func textureSynthesis(_ image: Int) throws -> TextureSynthesis {
    try synthesized.value(image) { try TextureSynthesis(images[image]) }
  }

  /// Learns from an image when it is first needed; with given pixels the result belongs to them, so
  /// that a job has the same ones throughout.
  func gaussianModel(_ image: Int, grid: SceneGrid, given: Conditioning?) throws -> GaussianModel {
    try learned.value(Key(image: image, width: grid.width, height: grid.height)) {
      let scores = NormalScores(images[image])
      let (width, height) = (images[image].width, images[image].height)
      let variogram = MapVariogram(
        of: images[image].values.map(scores.score), width: width, height: height,
        longestLag: max(8, min(width, height) / 2))
      let pixels = (given?.values ?? []).enumerated().filter { !$0.element.isNaN }
      return GaussianModel(
        scores: scores,
        simulation: try SequentialGaussianSimulation(
          VariogramModel(fitting: variogram), width: grid.width, height: grid.height,
          given: pixels.map { ($0.offset, scores.score($0.element)) }, seed: UInt64(image)))
    }
  }
}

/// Values that are made when they are first needed; others wait for them.
private final class MadeOnce<Key: Hashable & Sendable, Value: Sendable>: Sendable {
  private let values = Mutex<[Key: Value]>([:])

  func value(_ key: Key, make: () throws -> Value) throws -> Value {
    try values.withLock { values in
      if let known = values[key] { return known }
      let value = try make()
      values[key] = value
      return value
    }
  }
}
