import DurableFiles
import Evaluation
import FeatureMetrics
import Pictures
import TorchCore

/// Computes Inception's pooled features of images.
public struct InceptionExtractor: FeatureExtractor {
  public let weights: InceptionWeights
  public let mode: PreprocessingMode
  let device: Device
  private let trunk: InceptionTrunk

  /// Images per batch: large enough to use the threads, small enough for the caches.
  static let batchSize = 16

  /// - Throws: `InceptionError.weights`.
  public init(weights: InceptionWeights, mode: PreprocessingMode) throws {
    self.weights = weights
    self.mode = mode
    device = .cpu
    trunk = try InceptionTrunk(weights)
  }

  public var network: EvaluationRecord.Network {
    EvaluationRecord.Network(
      name: "Inception 2015-12-05, pool3, 2048 features", file: weights.path,
      fileSHA256: weights.fileSHA256, isVerified: weights.isVerified, preprocessing: mode.summary)
  }

  /// Features [N, 2048] of the images, in order.
  ///
  /// - Parameter progress: called with the number of finished images.
  /// - Throws: `InceptionError.notFinite`, `TorchError`, `RunError.interrupted`.
  public func features(of images: ImageSet, _ progress: (Int) -> Void) throws -> FeatureSet {
    var values: [Float] = []
    values.reserveCapacity(images.count * InceptionTrunk.featureCount)
    for start in stride(from: 0, to: images.count, by: Self.batchSize) {
      try Interruption.check()
      let part = images.part(start..<min(start + Self.batchSize, images.count))
      values += try withoutGradients { try trunk(mode(pixels(part))).floats() }
      progress(start + part.count)
    }
    guard values.allSatisfy(\.isFinite) else {
      throw InceptionError.notFinite("a feature of \(images.name)")
    }
    return FeatureSet(
      count: images.count, dimension: InceptionTrunk.featureCount, values: values)
  }

  private func pixels(_ images: ImageSet) throws -> Tensor {
    let channels = images.channels.rawValue
    let bytes = try Tensor(
      images.pixels, shape: [images.count, images.height, images.width, channels])
    return try bytes.permute([0, 3, 1, 2]).to(dtype: .float32).contiguous()  // [N, C, H, W]
  }
}
