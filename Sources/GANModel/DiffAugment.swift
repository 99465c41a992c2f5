import Kernel
import Patches
import TorchCore

/// Differentiable augmentation of the discriminator's real and generated input, so that it cannot
/// memorize a small data set. Values are not changed: no gain, no contrast.
///
/// Source: Zhao et al., "Differentiable Augmentation for Data-Efficient GAN Training", NeurIPS 2020.
public struct DiffAugment: Sendable, Equatable, Codable {
  /// Largest shift as a fraction of the side; new pixels are zero.
  public var translationShare: Double
  /// Side of a zeroed square as a fraction of the image's side.
  public var cutoutShare: Double

  public init(translationShare: Double = 0, cutoutShare: Double = 0) {
    self.translationShare = translationShare
    self.cutoutShare = cutoutShare
  }

  package var isOn: Bool { translationShare > 0 || cutoutShare > 0 }

  public func faults() -> [String] {
    var faults: [String] = []
    if !(0...0.5).contains(translationShare) {
      faults.append("translationShare is \(translationShare): use 0 to 0.5")
    }
    if !(0...1).contains(cutoutShare) {
      faults.append("cutoutShare is \(cutoutShare): use 0 to 1")
    }
    return faults
  }

  /// Images [N, 1, S, S] -> the same shape.
  ///
  /// - Parameter share: the slice of the batch that these images are: random numbers are drawn for
  ///   the whole batch; `nil`: they are the whole batch.
  package func callAsFunction(
    _ images: Tensor, _ random: inout CounterRandom, share: BatchShare? = nil
  ) throws -> Tensor {
    let size = images.shape[3]
    let share = share ?? .whole(images.shape[0])
    var result = images
    let reach = Int(translationShare * Double(size) + 0.5)
    if reach > 0 {
      let shifts = (0..<share.total).map { _ in
        Shift(down: random.integer(in: -reach...reach), right: random.integer(in: -reach...reach))
      }
      result = try Self.translate(result, Array(shifts[share.range]))
    }
    let side = Int(cutoutShare * Double(size) + 0.5)
    if side > 0 {
      let boxes = (0..<share.total).map { _ in
        CutMix.Box(
          row: random.integer(below: size), column: random.integer(below: size), side: side)
      }
      result = try Self.cutOut(result, Array(boxes[share.range]))
    }
    return result
  }

  struct Shift { let down, right: Int }

  /// Shifts each image by its own whole number of pixels.
  /// - Parameter beyond: what comes in from beyond the border.
  static func translate(
    _ images: Tensor, _ shifts: [Shift], beyond: Tensor.PadMode = .constant(0)
  ) throws -> Tensor {
    let size = images.shape[3]
    let reach = shifts.reduce(0) { max($0, abs($1.down), abs($1.right)) }
    let padded = try images.pad(
      left: reach, right: reach, top: reach, bottom: reach, beyond)
    let moved = try shifts.enumerated().map { index, shift in
      try padded.narrow(0, from: index, length: 1)
        .narrow(2, from: reach - shift.down, length: size)
        .narrow(3, from: reach - shift.right, length: size)
    }
    return try .concatenate(moved, 0)
  }

  /// Zeroes a box in each image.
  static func cutOut(_ images: Tensor, _ boxes: [CutMix.Box]) throws -> Tensor {
    let mask = try CutMix.mask(boxes, sizePixels: images.shape[3]).to(device: images.device)
    return try images * mask
  }
}
