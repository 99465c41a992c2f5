import DurableFiles
import FeatureMetrics
import TorchCore

/// The resizing of images to the 299 x 299 pixels of Inception.
public enum PreprocessingMode: String, Sendable, Codable, CaseIterable {
  /// pytorch-fid: bilinear without antialiasing, then 2 x / 255 - 1.
  case fid
  /// clean-fid: Pillow's bicubic per channel on floats, clipped, then (x - 128) / 128.
  case clean

  /// Its name in results.
  public var summary: String {
    switch self {
    case .fid: "pytorch-fid: bilinear, align_corners=false, no antialias"
    case .clean: "clean-fid: bicubic with antialias on floats"
    }
  }

  static let side = 299

  /// Pixels [N, C, H, W] of 0...255 -> [N, C, 299, 299] of about -1...1.
  func callAsFunction(_ pixels: Tensor) throws -> Tensor {
    switch self {
    case .fid:
      let resized = try (pixels / 255).resizeBilinear(height: Self.side, width: Self.side)
      return try resized * 2 - 1
    case .clean:
      let resized = try pixels.resizeBicubicAntialiased(height: Self.side, width: Self.side)
      return try (resized.clamp(0, 255) - 128) / 128
    }
  }
}

/// Computes Inception's pooled features of images.
public struct FeatureExtractor {
  public let weights: InceptionWeights
  public let mode: PreprocessingMode
  let device: Device
  private let trunk: InceptionTrunk

  /// Images per batch: large enough to use the threads, small enough for the caches.
  static let batchSize = 16

  /// - Throws: `EvaluationError.weights`.
  public init(weights: InceptionWeights, mode: PreprocessingMode) throws {
    self.weights = weights
    self.mode = mode
    device = .cpu
    trunk = try InceptionTrunk(weights)
  }

  /// Features [N, 2048] of the images, in order.
  ///
  /// - Parameter progress: called with the number of finished images.
  /// - Throws: `EvaluationError.notFinite`, `TorchError`, `RunError.interrupted`.
  public func features(of images: ImageSet, _ progress: (Int) -> Void = { _ in }) throws
    -> FeatureSet
  {
    var values: [Float] = []
    values.reserveCapacity(images.count * InceptionTrunk.featureCount)
    for start in stride(from: 0, to: images.count, by: Self.batchSize) {
      try Interruption.check()
      let part = images.part(start..<min(start + Self.batchSize, images.count))
      values += try withoutGradients { try trunk(mode(pixels(part))).floats() }
      progress(start + part.count)
    }
    guard values.allSatisfy(\.isFinite) else {
      throw EvaluationError.notFinite("a feature of \(images.name)")
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
