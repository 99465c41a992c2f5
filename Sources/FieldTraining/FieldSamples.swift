import Datasets
import DurableFiles
import GANModel
import Kernel
import Patches
import Rasters
import TorchCore

/// A model that a training begins with, and its file.
package enum FieldBeginning {
  /// Its base network.
  case base(FieldModel, path: String)
  /// Its network for detail.
  case detail(DetailModel, path: String)
}

/// What a field model is trained on: the scenes of a dataset that are not held out, and models that
/// it begins with.
package struct FieldSamples {
  package let dataset: RateDataset
  /// Adds the detail to maps of the coarse level; `nil` for the other levels.
  package let detail: DetailModel?
  package let initial: FieldBeginning?
  /// The file of the network for features (`FeatureTrunk`); `nil` if maps are not judged by them.
  package let trunk: String?

  /// - Throws: `FieldTrainingError.quantities` for a dataset of anything but rates.
  package init(
    dataset: RateDataset, detail: DetailModel? = nil, initial: FieldBeginning? = nil,
    trunk: String? = nil
  ) throws {
    guard dataset.quantities == [.rate] else {
      throw FieldTrainingError.quantities(
        path: dataset.path, dataset.quantities.map(\.words).joined(separator: ", "))
    }
    self.dataset = dataset
    self.detail = detail
    self.initial = initial
    self.trunk = trunk
  }

  /// - Throws: `FieldTrainingError` for settings without a model that they need, or with one that they
  ///   do not.
  func check(_ configuration: FieldConfiguration) throws {
    let level = configuration.level
    guard (detail != nil) == (level == .coarse) else {
      throw FieldTrainingError.detail(level: level)
    }
    guard (trunk != nil) == (configuration.features.weight > 0) else {
      throw FieldTrainingError.features(weight: configuration.features.weight)
    }
  }

  private var records: [DatasetManifest.SceneRecord] {
    dataset.manifest.scenes.filter { !$0.isHeldOut }
  }

  /// The same for the same scenes and the same detail.
  var identity: String {
    (records.map(\.fileSHA256) + (detail.map { [$0.sha256] } ?? [])).joined(separator: " ")
  }

  /// The greatest rate of the scenes, of either sign, in cm/yr.
  var greatestRateCMPerYear: Double {
    records.reduce(0) {
      max($0, abs($1.statistics.minimum), abs($1.statistics.maximum))
    }
  }
}

extension FieldTable {
  /// Number of patches: so many that a draw is seldom repeated, so few that files stay small.
  static let rows = 3072
  /// Patches whose labels are computed at once.
  private static let batch = 64

  /// The statistics of patches of the training scenes, drawn apart from those of the training.
  static func measured(_ configuration: FieldConfiguration, _ samples: FieldSamples) throws
    -> FieldTable
  {
    let scenes = samples.dataset.trainingScenes
    let names = scenes.map(\.name)
    let side = configuration.patchSide
    let sampler = try PatchSampler.apart(configuration, samples)
    var (labels, origins, quiet): ([[Float]], [Int], [Float]) = ([], [], [])
    try withoutGradients {
      for start in stride(from: 0, to: rows, by: batch) {
        let patches = try (start..<start + batch).map { try sampler.patch(at: $0) }
        let maps = try Tensor(patches.flatMap(\.values), shape: [patches.count, 1, side, side])
          .blockMeans(configuration.blockSide)
        let raw = try FieldNormalization.seen(maps).labels.floats()
        guard raw.allSatisfy(\.isFinite) else {
          throw FieldTrainingError.constantScenes(path: samples.dataset.path)
        }
        let width = FieldNormalization.labelCount
        labels += (0..<patches.count).map { Array(raw[$0 * width..<($0 + 1) * width]) }
        origins += patches.map { names.firstIndex(of: $0.scene) ?? 0 }
        let means = try maps.floats()
        let pixels = means.count / patches.count
        quiet += (0..<patches.count).map { patch in
          let own = Array(means[patch * pixels..<(patch + 1) * pixels])
          return Float(ConditionalFilter().count(own).quiet) / Float(pixels)
        }
      }
    }
    return try FieldTable(labels: labels, scenes: origins, quietFractions: quiet)
  }
}

extension PatchSampler {
  /// Patches of the training scenes, drawn apart from those of the training.
  static func apart(_ configuration: FieldConfiguration, _ samples: FieldSamples) throws
    -> PatchSampler
  {
    try PatchSampler(
      scenes: samples.dataset.trainingScenes, configuration: configuration.data,
      patchSize: configuration.patchSide, seed: configuration.seed, stream: .fieldTablePatches)
  }
}

extension Tensor {
  /// The means of blocks of `side` x `side` pixels: [N, 1, S, S] -> [N, 1, S / side, S / side].
  func blockMeans(_ side: Int) throws -> Tensor {
    side == 1 ? self : try averagePool(kernel: side)
  }
}

/// Errors thrown by the training of field models.
package enum FieldTrainingError: Error, CustomStringConvertible, Equatable {
  /// A dataset of something else than rates.
  case quantities(path: String, String)
  /// Scenes in which patches are constant.
  case constantScenes(path: String)
  /// The coarse level without a network for the detail, or another level with one.
  case detail(level: FieldConfiguration.Level)
  /// A discriminator on learned features without the network for them, or the reverse.
  case features(weight: Double)

  package var description: String {
    switch self {
    case .quantities(let path, let words):
      "\(path) holds \(words): field models are trained on rates alone"
    case .constantScenes(let path):
      "\(path): a patch has statistics that are not finite: leave out scenes that are constant or broken"
    case .detail(.coarse):
      "the coarse level needs a model that adds the detail: give \(OptionName.detail)"
    case .detail(.native):
      "the native level draws every pixel itself: leave out \(OptionName.detail), or set level=coarse"
    case .detail(.detail):
      "the level of the detail takes no other model's detail: leave out \(OptionName.detail); to begin with a "
        + "model, give \(OptionName.from)"
    case .features(let weight):
      "features.weight is \(weight), and the network for features is \(weight > 0 ? "missing" : "there"): "
        + (weight > 0 ? "give its file, or set features.weight=0" : "leave it out")
    }
  }
}
