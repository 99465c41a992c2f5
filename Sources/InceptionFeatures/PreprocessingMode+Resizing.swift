import Evaluation
import TorchCore

extension PreprocessingMode {
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
