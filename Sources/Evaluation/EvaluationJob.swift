import FeatureMetrics
import Kernel
import Patches
import Pictures
import Rasters

/// An evaluation of sets of rate maps, or of images, against a real set.
public struct EvaluationJob: Sendable {
  public var real: String
  public var sets: [NamedPath]
  public var settings: EvaluationSettings
  /// Whether `real` and `sets` are folders of PNG images, without rates.
  public var arePictures = false
  /// The network and the linear algebra. The default has no network: only measures in physical units
  /// are computed.
  public var backend = FeatureBackend.withoutNetwork
  /// `nil`: features are not cached.
  public var cache: FeatureCache?
  /// Name and version, for the record.
  public var program = "ganinsar"

  public init(
    real: String, sets: [NamedPath], settings: EvaluationSettings = EvaluationSettings()
  ) {
    self.real = real
    self.sets = sets
    self.settings = settings
  }

  /// Computes the metrics in physical units, which need no network.
  private func measureDeformation(
    _ record: inout EvaluationRecord, _ result: EvaluationResult, _ report: (Event) -> Void
  ) throws {
    guard let real = result.real else { return }
    let realFeatures = result.features[EvaluationInputs.realName]
    let statistics = try record.settings.statistics
    let comparison = try DeformationComparison(real: real, features: realFeatures, statistics)
    // The real set, the others, the control.
    let steps = result.sets.count + 2
    report(.measuring(set: real.name, done: 0, of: steps))
    record.real.deformation = try comparison.measuresOfReal()
    record.real.coupling = try real.coupling(statistics.bootstrap)
    for (index, set) in result.sets.enumerated() {
      report(.measuring(set: set.name, done: index + 1, of: steps))
      record.sets[index].deformation = try comparison.measures(
        of: set, features: result.features[set.name])
      record.sets[index].coupling = try set.coupling(statistics.bootstrap)
    }
    report(.measuring(set: "control", done: steps - 1, of: steps))
    if let more = result.control {
      record.control?.coupling = try more.coupling(statistics.bootstrap)
      record.control?.deformation = try comparison.measures(
        of: more, features: result.features[more.name])
    } else if let half = record.control?.count {
      let (first, second) = (0..<half, half..<2 * half)
      record.control?.deformation = try DeformationComparison(
        real: real.part(first), features: realFeatures?.part(first), statistics
      ).measures(of: real.part(second), features: realFeatures?.part(second))
    }
    report(.measuring(set: "control", done: steps, of: steps))
  }

  /// Progress events of a job: what is at work, and how much of that step is done.
  public enum Event: Sendable, Equatable {
    /// Pictures of all sets together, without those whose features are cached.
    case features(set: String, done: Int, of: Int)
    /// Sets, the control among them.
    case comparing(set: String, done: Int, of: Int)
    /// Sets in physical units, the real one and the control among them.
    case measuring(set: String, done: Int, of: Int)
    /// The t-SNE of all sets is computed.
    case embedding
    case warning(String)
  }

  /// Reads all sets, computes their features if weights are found, and compares them.
  ///
  /// The same sets, settings and weights give the same result.
  /// - Throws: `EvaluationError`, `FeatureMetricsError`, `DatasetError` and `RasterError` for sets that
  ///   cannot be used; what the backend throws; `RunError.interrupted`.
  public func run(_ report: (Event) -> Void = { _ in }) throws -> EvaluationResult {
    try validate()
    let network = try loadNetwork()
    let material = try arePictures ? pictures() : rateMaps()
    let quantity = material.inputs?.real.quantity ?? .rate
    var record = EvaluationRecord(
      program: program, libTorch: backend.libTorchVersion,
      settings: settings.resolved(for: quantity),
      network: network.extractor?.network, real: material.records[0], control: nil,
      sets: Array(material.records.dropFirst()), missing: network.missing,
      warnings: material.warnings)
    if quantity != .rate {
      record.quantity = quantity
      record.signConvention = quantity.signConvention
    }
    var result = EvaluationResult(record: record, inputs: material.inputs)
    result.images = material.images
    record.control = Self.control(
      count: material.images[0].count, hasMore: material.control != nil)
    if let extractor = network.extractor {
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
    _ = try settings.statistics
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
