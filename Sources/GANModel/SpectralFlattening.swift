import Foundation
import TorchCore

/// A filter that lifts the short wavelengths of a rate map, and its exact inverse.
///
/// Rates fall off with wave number k about as k^-1.5 (their power as k^-3): next to the mean of a
/// patch, its texture is a hundredth of the amplitude, and a discriminator whose layers are normalised
/// hardly sees it. In the basis of the two-dimensional cosine transform, which has no jump at the border,
/// each coefficient is multiplied by (1 + k)^exponent with k in half cycles a patch. The mean
/// keeps its value. An exponent of 1 leaves a map about as rough as a photograph, for which the networks
/// were made. See docs/decisions/0012-spectral-flattening.md.
struct SpectralFlattening {
  let exponent: Double
  /// The side, in pixels, of the patch whose half cycles wave numbers count; `nil`: the image's own. With
  /// it images of any shape are lifted as a patch of that side would be.
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
