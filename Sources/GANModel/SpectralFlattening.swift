import Foundation
import TorchCore

/// Spectral whitening: a filter that boosts the short wavelengths of a rate map, and its exact
/// inverse.
///
/// The amplitude of rates decreases with wave number k about as k^-1.5 (their power as k^-3): the
/// texture of a patch has about a hundredth of the amplitude of its mean, and a discriminator with
/// normalized layers hardly sees it. In the basis of the two-dimensional cosine transform, which
/// has no jump at the border, each coefficient is multiplied by (1 + k)^exponent with k in half
/// cycles per patch. The mean is not changed. With an exponent of 1 a map is about as rough as a
/// photograph, for which the networks were designed. See
/// docs/decisions/0012-spectral-flattening.md.
struct SpectralFlattening {
  let exponent: Double
  /// Side in pixels of the patch that defines wave numbers (half cycles per patch); `nil` for the
  /// size of the image. With it, images of any shape are filtered like a patch of that side.
  var patchSide: Int?

  /// [N, C, S, S] -> the same shape, type and device.
  func apply(_ images: Tensor) throws -> Tensor { try filtered(images, exponent) }

  /// Undoes `apply`.
  func invert(_ images: Tensor) throws -> Tensor { try filtered(images, -exponent) }

  private func filtered(_ images: Tensor, _ exponent: Double) throws -> Tensor {
    guard exponent != 0 else { return images }
    guard images.shape.count == 4, patchSide != nil || images.shape[2] == images.shape[3] else {
      throw TorchError.shape(
        "spectral flattening", expected: "square images [N, C, S, S]", got: images.shape)
    }
    let (height, width) = (images.shape[2], images.shape[3])
    func table(_ values: [Double], _ shape: [Int]) throws -> Tensor {
      try Tensor(values, shape: shape).to(dtype: images.dtype).to(device: images.device)
    }
    let down = try table(Self.cosines(height), [height, height])
    let across = width == height ? down : try table(Self.cosines(width), [width, width])
    let gains = try table(self.gains(height, width, exponent), [height, width])
    let spectrum = try down.matmul(images).matmul(across.transpose(0, 1)) * gains
    return try down.transpose(0, 1).matmul(spectrum).matmul(across)
  }

  /// The orthonormal cosine transform (DCT-II) as a matrix: row k, column n.
  private static func cosines(_ size: Int) -> [Double] {
    (0..<size).flatMap { k in
      (0..<size).map { n in
        let scale = ((k == 0 ? 1 : 2) / Double(size)).squareRoot()
        return scale * cos(Double.pi * (Double(n) + 0.5) * Double(k) / Double(size))
      }
    }
  }

  private func gains(_ height: Int, _ width: Int, _ exponent: Double) -> [Double] {
    let perRow = Double(patchSide ?? height) / Double(height)
    let perColumn = Double(patchSide ?? width) / Double(width)
    return (0..<height).flatMap { i in
      (0..<width).map { j in
        pow(1 + hypot(Double(i) * perRow, Double(j) * perColumn), exponent)
      }
    }
  }
}
