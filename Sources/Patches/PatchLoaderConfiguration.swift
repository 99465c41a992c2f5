import Rasters
import Settings

/// How patches are drawn from the scenes; the defaults are the paper's recipe.
public struct PatchLoaderConfiguration: Sendable, Equatable, Codable, Validatable {
  public enum SceneWeighting: String, Sendable, Codable, CaseIterable {
    /// Every window that passes the rules is equally likely, so large and active scenes dominate.
    case area
    /// Every scene with windows that pass is equally likely, however few they are.
    case equal
  }

  /// Number of patches per epoch, the unit of all schedules.
  public var patchesPerEpoch = 2500
  public var sceneWeighting = SceneWeighting.area
  /// Patches with a larger fraction of no data (at their final resolution) are rejected; holes in
  /// the others are interpolated from their rim.
  public var maximumNoDataShare = 0.10
  /// Windows tried for one patch before the loader gives up with an error.
  public var maximumTriesPerPatch = 10_000
  public var filter = ConditionalFilter()
  public var offset = RateOffset()
  public var multiScale = MultiScale()
  public var augmentation = Augmentation()
  /// Number of threads that prepare batches; the batches do not depend on it.
  public var workerThreads = 1
  /// Number of batches that are prepared ahead.
  public var prefetchedBatches = 4

  public init() {}

  /// The rules for maps of a quantity: the conditional filter and the offset are about rates, so they
  /// are off for all others.
  package func suited(to quantity: Quantity) -> PatchLoaderConfiguration {
    guard quantity != .rate else { return self }
    var configuration = self
    configuration.filter.epochs = .never
    configuration.offset.epochs = .never
    return configuration
  }

  /// Settings that would give values outside the range of a quantity, or of another sign.
  package func faults(for quantity: Quantity, prefix: String) -> [String] {
    guard quantity.isBounded else { return [] }
    var faults: [String] = []
    if augmentation.signFlipProbability > 0 {
      faults.append(
        "\(prefix)augmentation.signFlipProbability is \(augmentation.signFlipProbability), but "
          + "\(quantity.words) have no sign: give 0.")
    }
    if augmentation.minimumGain != 1 || augmentation.maximumGain != 1 {
      faults.append(
        "\(prefix)augmentation.minimumGain...maximumGain is \(augmentation.minimumGain)..."
          + "\(augmentation.maximumGain), but \(quantity.words) are bounded: give 1...1.")
    }
    return faults
  }

  /// All faults, each one a sentence that starts with the key; empty for a valid configuration.
  public func faults() -> [String] { faults(prefix: "") }

  /// - Parameter prefix: a prefix for each key, such as `"data."` if this is nested under `data`.
  public func faults(prefix: String) -> [String] {
    var faults: [String] = []
    func require(_ holds: Bool, _ sentence: String) {
      if !holds { faults.append(prefix + sentence) }
    }
    require(
      (1...100_000_000).contains(patchesPerEpoch),
      "patchesPerEpoch is \(patchesPerEpoch); give 1 to 100000000.")
    require(
      maximumNoDataShare >= 0 && maximumNoDataShare <= 0.9,
      "maximumNoDataShare is \(maximumNoDataShare); give a fraction from 0 to 0.9.")
    require(
      (1...1_000_000_000).contains(maximumTriesPerPatch),
      "maximumTriesPerPatch is \(maximumTriesPerPatch); give 1 to 1000000000.")
    require((1...64).contains(workerThreads), "workerThreads is \(workerThreads); give 1 to 64.")
    require(
      (1...1024).contains(prefetchedBatches),
      "prefetchedBatches is \(prefetchedBatches); give 1 to 1024.")
    return faults + filter.faults(prefix + "filter") + offset.faults(prefix + "offset")
      + multiScale.faults(prefix + "multiScale") + augmentation.faults(prefix + "augmentation")
  }
}
