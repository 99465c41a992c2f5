import FeatureMetrics
import Kernel
import Pictures

/// A network that computes features of images. `InceptionFeatures` has the one of FID.
public protocol FeatureExtractor {
  /// What the record says of it; features are cached under its `fileSHA256`.
  var network: EvaluationRecord.Network { get }
  var mode: PreprocessingMode { get }

  /// Features [N, dimension] of the images, in order.
  /// - Parameter progress: called with the number of finished images.
  func features(of images: ImageSet, _ progress: (Int) -> Void) throws -> FeatureSet
}

/// What evaluations compute with. It is handed in from above, so that only those who use LibTorch
/// need it.
public struct FeatureBackend: Sendable {
  public var algebra: any MatrixAlgebra
  /// For the record; `none` without LibTorch.
  public var libTorchVersion: String
  /// Loads the network. It throws for a network that was asked for and cannot be used.
  public var network: @Sendable (PreprocessingMode) throws -> Network
  /// Trains a network to tell images from real ones and says how often it can, of images that it was
  /// not trained on; `nil` for few samples. The first set is the real one.
  public var classifier: (@Sendable (ImageSet, ImageSet) throws -> Estimate?)?

  public enum Network {
    case extractor(any FeatureExtractor)
    /// There is none, and the evaluation does without; the reason says how to get one.
    case missing(reason: String)
  }

  public init(
    algebra: any MatrixAlgebra = PlainAlgebra(), libTorchVersion: String = "none",
    classifier: (@Sendable (ImageSet, ImageSet) throws -> Estimate?)? = nil,
    network: @escaping @Sendable (PreprocessingMode) throws -> Network
  ) {
    self.classifier = classifier
    self.algebra = algebra
    self.libTorchVersion = libTorchVersion
    self.network = network
  }

  /// Without a network: only measures in physical units are computed.
  public static let withoutNetwork = FeatureBackend { _ in
    .missing(reason: "no network is asked for")
  }
}

extension FeatureExtractor {
  /// Returns cached features, or computes and caches them. If the cache cannot be written, `warn` is
  /// called.
  func features(
    of images: ImageSet, cache: FeatureCache?, warn: (String) -> Void,
    _ progress: (Int) -> Void
  ) throws -> (features: FeatureSet, key: String) {
    let key = key(of: images)
    if let cached = cached(key, of: images, cache) {
      progress(images.count)
      return (cached, key)
    }
    return (try kept(key, of: images, cache, warn: warn, progress), key)
  }

  /// The name under which the features of images are cached.
  func key(of images: ImageSet) -> String {
    FeatureCache.key(images: images.sha256, mode: mode, weights: network.fileSHA256)
  }

  /// `nil` where they are not cached.
  func cached(_ key: String, of images: ImageSet, _ cache: FeatureCache?) -> FeatureSet? {
    guard let cached = cache?.read(key), cached.count == images.count else { return nil }
    return cached
  }

  /// Computes and caches features. If the cache cannot be written, `warn` is called.
  func kept(
    _ key: String, of images: ImageSet, _ cache: FeatureCache?, warn: (String) -> Void,
    _ progress: (Int) -> Void
  ) throws -> FeatureSet {
    let features = try features(of: images, progress)
    do {
      try cache?.write(features, key)
    } catch {
      warn("the features are not kept: \(error)")
    }
    return features
  }
}
