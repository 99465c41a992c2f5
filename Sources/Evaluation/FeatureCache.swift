import DurableFiles
import FeatureMetrics
import Foundation
import InceptionFeatures
import TorchCore

/// A cache of features on disk, keyed by images, preprocessing and weights. Damaged entries are
/// computed again.
public struct FeatureCache: Sendable {
  public let folder: String

  /// Must be changed if the same images give different features.
  private static let version = 1

  public init(folder: String) { self.folder = folder }

  /// `$XDG_CACHE_HOME/ganinsar/features`, or else `~/.cache/ganinsar/features`.
  public static func standardFolder(
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) -> String {
    let home = environment["HOME"] ?? "."
    return "\(environment["XDG_CACHE_HOME"] ?? "\(home)/.cache")/ganinsar/features"
  }

  static func key(images: String, mode: PreprocessingMode, weights: String) -> String {
    SHA256.hex(of: Data("\(version) \(images) \(mode.rawValue) \(weights)".utf8))
  }

  private func path(_ key: String) -> String { "\(folder)/\(key).safetensors" }

  /// The features with a record's `featuresKey`; `nil` if they are missing or damaged.
  public func read(_ key: String) -> FeatureSet? {
    guard let file = try? Safetensors(path: path(key)), (try? file.verifyChecksum()) != nil,
      let tensor = try? file.tensor("features"), tensor.shape.count == 2,
      let values: [Float] = try? tensor.values()
    else { return nil }
    return FeatureSet(count: tensor.shape[0], dimension: tensor.shape[1], values: values)
  }

  /// - Throws: `RunError.cannotWrite`.
  func write(_ features: FeatureSet, _ key: String) throws {
    try AtomicFolder.makeFolders(folder)
    let tensor = try Tensor(features.values, shape: [features.count, features.dimension])
    try Safetensors.write(["features": tensor], to: path(key))
  }
}

extension FeatureExtractor {
  /// Returns cached features, or computes and caches them.
  ///
  /// If the cache cannot be written, there is only a warning.
  public func features(
    of images: ImageSet, cache: FeatureCache?, warn: (String) -> Void,
    _ progress: (Int) -> Void = { _ in }
  ) throws -> (features: FeatureSet, key: String) {
    let key = FeatureCache.key(images: images.sha256, mode: mode, weights: weights.fileSHA256)
    if let cached = cache?.read(key), cached.count == images.count {
      progress(images.count)
      return (cached, key)
    }
    let features = try features(of: images, progress)
    do {
      try cache?.write(features, key)
    } catch {
      warn("the features are not kept: \(error)")
    }
    return (features, key)
  }
}
