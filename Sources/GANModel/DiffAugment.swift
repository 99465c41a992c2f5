import RunSupport
import TorchCore

/// Differentiable augmentation of what the discriminator sees, real and generated alike, so that it
/// cannot learn a small data set by heart. Values stay rates: no gain, no contrast.
///
/// Source: Zhao et al., "Differentiable Augmentation for Data-Efficient GAN Training", NeurIPS 2020.
public struct DiffAugment: Sendable, Equatable, Codable {
  /// Shifts of up to this share of the side; what comes in is zero.
  public var translationShare: Double
  /// A zeroed square with this share of the side.
  public var cutoutShare: Double

  public init(translationShare: Double = 0, cutoutShare: Double = 0) {
    self.translationShare = translationShare
    self.cutoutShare = cutoutShare
  }

  public var isOn: Bool { translationShare > 0 || cutoutShare > 0 }

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
  public func callAsFunction(_ images: Tensor, _ random: inout CounterRandom) throws -> Tensor {
    var result = images
    if translationShare > 0 { result = try translated(result, &random) }
    if cutoutShare > 0 { result = try cutOut(result, &random) }
    return result
  }

  private func translated(_ images: Tensor, _ random: inout CounterRandom) throws -> Tensor {
    let (count, size) = (images.shape[0], images.shape[3])
    let reach = Int(translationShare * Double(size) + 0.5)
    guard reach > 0 else { return images }
    let padded = try images.pad(
      left: reach, right: reach, top: reach, bottom: reach, .constant(0))
    var shifted: [Tensor] = []
    for index in 0..<count {
      let row = random.integer(in: 0...(2 * reach))
      let column = random.integer(in: 0...(2 * reach))
      shifted.append(
        try padded.narrow(0, from: index, length: 1).narrow(2, from: row, length: size)
          .narrow(3, from: column, length: size))
    }
    return try .concatenate(shifted, 0)
  }

  private func cutOut(_ images: Tensor, _ random: inout CounterRandom) throws -> Tensor {
    let (count, size) = (images.shape[0], images.shape[3])
    let side = Int(cutoutShare * Double(size) + 0.5)
    var mask = [Float](repeating: 1, count: count * size * size)
    for index in 0..<count {
      let box = CutMix.Box(
        row: random.integer(below: size), column: random.integer(below: size), side: side)
      CutMix.fill(&mask, at: index * size * size, size, box: box, inverted: false)
    }
    return try images * Tensor(mask, shape: [count, 1, size, size]).to(device: images.device)
  }
}
