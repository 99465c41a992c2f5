import FeatureMetrics
import Foundation
import InceptionFeatures
import Kernel
import NeighborEmbedding
import Patches
import TorchCore

/// An evaluation of sets of rate maps, or of images, against a real set.
public struct EvaluationJob: Sendable {
  public var real: String
  public var sets: [NamedPath]
  public var settings: EvaluationSettings
  /// Whether `real` and `sets` are folders of PNG images, without rates.
  public var arePictures: Bool
  /// The Inception weights; `nil` to look in the usual places.
  public var weights: String?
  public var allowUnverifiedWeights: Bool
  /// `nil`: features are not cached.
  public var cache: FeatureCache?
  /// Name and version, for the record.
  public var program: String
  /// The environment for `GANINSAR_INCEPTION` and the cache folders.
  var environment = ProcessInfo.processInfo.environment

  public init(
    real: String, sets: [NamedPath], settings: EvaluationSettings = EvaluationSettings(),
    arePictures: Bool = false, weights: String? = nil, allowUnverifiedWeights: Bool = false,
    cache: FeatureCache? = nil, program: String = "ganinsar"
  ) {
    self.real = real
    self.sets = sets
    self.settings = settings
    self.arePictures = arePictures
    self.weights = weights
    self.allowUnverifiedWeights = allowUnverifiedWeights
    self.cache = cache
    self.program = program
  }

  /// Computes the metrics in physical units, which need no network.
  private func measureDeformation(
    _ record: inout EvaluationRecord, _ result: EvaluationResult, _ report: (Event) -> Void
  ) throws {
    guard let real = result.real else { return }
    let realFeatures = result.features[EvaluationInputs.realName]
    let statistics = try settings.statisticsSettings()
    let comparison = try DeformationComparison(real: real, features: realFeatures, statistics)
    record.real.deformation = try comparison.measuresOfReal()
    for (index, set) in result.sets.enumerated() {
      report(.measuring(set: set.name))
      record.sets[index].deformation = try comparison.measures(
        of: set, features: result.features[set.name])
    }
    if let more = result.control {
      record.control?.deformation = try comparison.measures(
        of: more, features: result.features[more.name])
    } else if let half = record.control?.count {
      let (first, second) = (0..<half, half..<2 * half)
      record.control?.deformation = try DeformationComparison(
        real: real.part(first), features: realFeatures?.part(first), statistics
      ).measures(of: real.part(second), features: realFeatures?.part(second))
    }
  }

  /// Progress events of a job.
  public enum Event: Sendable, Equatable {
    case features(set: String, done: Int, of: Int)
    case comparing(set: String)
    /// In physical units.
    case measuring(set: String)
    /// The t-SNE of all sets is computed.
    case embedding
    case warning(String)
  }

  /// Reads all sets, computes their features if weights are found, and compares them.
  ///
  /// The same sets, settings and weights give the same result.
  /// - Throws: `EvaluationError`, `DatasetError` and `RasterError` for sets that cannot be used;
  ///   `RunError.interrupted`.
  public func run(_ report: (Event) -> Void = { _ in }) throws -> EvaluationResult {
    try validate()
    let extractor = try loadNetwork()
    let material = try arePictures ? pictures() : rateMaps()
    var record = EvaluationRecord(
      program: program, libTorch: Runtime.libTorchVersion, settings: settings,
      network: extractor.value.map(network), real: material.records[0], control: nil,
      sets: Array(material.records.dropFirst()), missing: extractor.missing,
      warnings: material.warnings)
    var result = EvaluationResult(record: record, inputs: material.inputs)
    result.images = material.images
    record.control = Self.control(
      count: material.images[0].count, hasMore: material.control != nil)
    if let extractor = extractor.value {
      // Checked before features are computed, which takes most of the time.
      try settings.comparison.check(count: material.images[0].count)
      record.warnings += FeatureScores.warnings(count: material.images[0].count)
      try compare(extractor, material, &record, &result, report)
    }
    try measureDeformation(&record, result, report)
    if record.control == nil { record.warnings.append("too few real samples for a control.") }
    for warning in record.warnings { report(.warning(warning)) }
    result.record = record
    return result
  }

  /// The two parts of the control; `nil` if one of them would have fewer than two samples.
  private static func control(count: Int, hasMore: Bool) -> EvaluationRecord.Control? {
    if hasMore {
      return EvaluationRecord.Control(
        description: "as many real samples again, against the real ones", count: count)
    }
    return count < 4
      ? nil
      : EvaluationRecord.Control(
        description: "one half of the real samples against the other: fewer than the sets have, so "
          + "its FID is biased upward beside theirs",
        count: count / 2)
  }

  private func validate() throws {
    var faults = settings.faults()
    if sets.isEmpty { faults.append("no set is given: \(OptionName.set("NAME=PATH"))") }
    var seen: Set<String> = ["control"]
    for name in [EvaluationInputs.realName] + sets.map(\.name)
    where !seen.insert(name).inserted {
      faults.append("the name '\(name)' is taken: give each \(OptionName.set) a name of its own")
    }
    // Names are used for folders and columns.
    for set in sets where set.name.hasPrefix(".") || set.name.contains("/") {
      faults.append("the name '\(set.name)' holds a slash or begins with a dot: give a plain one")
    }
    if !faults.isEmpty { throw EvaluationError.arguments(faults) }
    _ = try settings.statisticsSettings()
  }

  // MARK: - Material

  private struct Material {
    var images: [ImageSet]
    var control: ImageSet?
    var records: [EvaluationRecord.SetRecord]
    var inputs: EvaluationInputs?
    var warnings: [String]
  }

  private func rateMaps() throws -> Material {
    let inputs = try EvaluationInputs(real: real, sets: sets, settings)
    let all = [inputs.real] + inputs.sets
    let images = all.map { settings.image.images(of: $0) }
    let records = zip(all, images).map { set, images in
      EvaluationRecord.SetRecord(
        name: set.name, path: set.path, kind: set.kind.rawValue, count: set.count,
        sizePixels: set.size, patchesSHA256: set.sha256, imagesSHA256: images.sha256,
        clipShare: images.clipShare, notes: set.notes)
    }
    return Material(
      images: images, control: inputs.moreReal.map { settings.image.images(of: $0) },
      records: records, inputs: inputs, warnings: inputs.warnings)
  }

  private func pictures() throws -> Material {
    let named = [NamedPath(name: EvaluationInputs.realName, path: real)] + sets
    let all = try named.enumerated().map { index, set in
      try ImageSet.read(
        folder: set.path, name: set.name, count: index == 0 ? 2 * settings.count : settings.count)
    }
    let count = min(settings.count, all.map(\.count).min() ?? 0)
    guard count >= 2 else {
      throw EvaluationError.sets("a comparison needs 2 or more pictures a folder; give more.")
    }
    if let other = all.first(where: { $0.width != all[0].width || $0.height != all[0].height }) {
      throw EvaluationError.sets(
        "the pictures of \(other.name) have \(other.width)x\(other.height) pixels, and those of "
          + "\(all[0].name) \(all[0].width)x\(all[0].height): only sets of one size compare.")
    }
    let sameness = all.map(Sameness.init)
    if let fault = sameness[0].ofAll {
      throw EvaluationError.sets(
        "\(all[0].name) (\(real)): \(fault), so there is nothing to compare with. Check the folder."
      )
    }
    var warnings = sameness.compactMap(\.warning)
    if count < settings.count, all.contains(where: { $0.count > count }) {
      warnings.append("every set is cut to \(count) pictures, as many as the smallest has.")
    }
    let images = all.map { $0.part(0..<count) }
    let records = zip(named, images).map { set, images in
      EvaluationRecord.SetRecord(
        name: set.name, path: set.path, kind: "pictures", count: images.count,
        sizePixels: images.width, patchesSHA256: nil, imagesSHA256: images.sha256,
        clipShare: nil, notes: [])
    }
    let hasMore = all[0].count >= 2 * count
    return Material(
      images: images, control: hasMore ? all[0].part(count..<2 * count, name: "control") : nil,
      records: records, inputs: nil, warnings: warnings)
  }

  // MARK: - Features

  /// The network, or the reason why there is none. Weights given by the user must be valid.
  private func loadNetwork() throws -> (value: FeatureExtractor?, missing: [String]) {
    do {
      let path = try InceptionWeights.locate(weights, environment: environment)
      let weights = try InceptionWeights.read(path, allowUnverified: allowUnverifiedWeights)
      return (try FeatureExtractor(weights: weights, mode: settings.mode), [])
    } catch let error as EvaluationError {
      // For images, nothing can be computed without it.
      guard case .noWeights = error, !arePictures else { throw error }
      return (nil, ["FID, KID, precision, recall, density, coverage: \(error)"])
    }
  }

  private func network(_ extractor: FeatureExtractor) -> EvaluationRecord.Network {
    EvaluationRecord.Network(
      name: "Inception 2015-12-05, pool3, 2048 features", file: extractor.weights.path,
      fileSHA256: extractor.weights.fileSHA256, isVerified: extractor.weights.isVerified,
      preprocessing: settings.mode.summary)
  }

  private func compare(
    _ extractor: FeatureExtractor, _ material: Material, _ record: inout EvaluationRecord,
    _ result: inout EvaluationResult, _ report: (Event) -> Void
  ) throws {
    func features(_ images: ImageSet) throws -> (FeatureSet, key: String) {
      let (found, key) = try extractor.features(
        of: images, cache: cache, warn: { report(.warning($0)) },
        { report(.features(set: images.name, done: $0, of: images.count)) })
      result.features[images.name] = found
      return (found, key)
    }
    let (real, realKey) = try features(material.images[0])
    record.real.featuresKey = realKey
    for (index, images) in material.images.dropFirst().enumerated() {
      let (own, key) = try features(images)
      record.sets[index].featuresKey = key
      report(.comparing(set: images.name))
      record.sets[index].features = try settings.comparison.metrics(real: real, generated: own)
    }
    report(.embedding)
    do {
      record.featureMap = try FeatureMap(
        material.images.compactMap { result.features[$0.name] }, seed: settings.seed)
    } catch TSNEError.allEqual {
      record.missing.append(
        "the map of features: to the network most real patches, or all patches, look the same.")
    }
    report(.comparing(set: "control"))
    if let more = material.control {
      record.control?.features = try settings.comparison.metrics(
        real: real, generated: features(more).0)
    } else if let half = record.control?.count, half > settings.neighbors {
      record.control?.features = try settings.comparison.metrics(
        real: real.part(0..<half), generated: real.part(half..<2 * half))
    }
  }
}

/// The result of an evaluation, and its samples for statistics and images.
public struct EvaluationResult {
  public var record: EvaluationRecord
  /// The patches of `real` in cm/yr; `nil` for an evaluation of images.
  public let real: EvaluationSet?
  /// The same number of further real patches, for the control.
  public let control: EvaluationSet?
  public let sets: [EvaluationSet]
  /// By set name, with `real` and `control`; empty without weights.
  public var features: [String: FeatureSet] = [:]
  /// `real` and the sets as input images of the network.
  public var images: [ImageSet] = []

  init(record: EvaluationRecord, inputs: EvaluationInputs?) {
    self.record = record
    real = inputs?.real
    control = inputs?.moreReal
    sets = inputs?.sets ?? []
  }
}
