import Foundation
import TorchCore

/// A mean over pixels, as the sum and what it is divided by: several processes share the divisor.
struct PixelMean {
  let total: Tensor
  let count: Tensor

  func value() throws -> Tensor { try total / count.clamp(1, 1e30) }
}

/// Losses of phase networks; pure functions of what a network returns.
enum PhaseLoss {
  /// The length of phasors [N, 2, H, W] as [N, 1, H, W], never 0.
  static func length(of phasor: Tensor) throws -> Tensor {
    try (phasor.square().sum([1], keepDims: true) + 1e-6).sqrt()
  }

  /// The mean negative log-likelihood of the clean phase, in nats, where there are data.
  ///
  /// - Parameters:
  ///   - clean: rad, whole turns do not matter, [N, 1, H, W].
  ///   - valid: 1 or 0, [N, 1, H, W].
  /// Source: the von Mises distribution; Mardia and Jupp, "Directional Statistics", 2000, section 3.5.
  static func phase(_ output: PhaseNetwork.Output, clean: Tensor, valid: Tensor) throws
    -> PixelMean
  {
    let parts = try output.phasor.split(1, parts: 2)
    let cosine =
      try (parts[0] * clean.cos() + parts[1] * clean.sin()) / length(of: output.phasor)
    let concentration = try output.logConcentration.exp()
    let loss = try logBessel(concentration) + log(2 * Double.pi) - concentration * cosine
    return PixelMean(total: try (loss * valid).sum(), count: try valid.sum())
  }

  /// log I0 of positive numbers. Source: Abramowitz and Stegun, 9.8.1 and 9.8.2.
  static func logBessel(_ value: Tensor) throws -> Tensor {
    func polynomial(_ x: Tensor, _ coefficients: [Double]) throws -> Tensor {
      // From the highest power down.
      var result = try x * coefficients[0] + coefficients[1]
      for coefficient in coefficients.dropFirst(2) { result = try result * x + coefficient }
      return result
    }
    let small = try polynomial(
      (value.clamp(0, 3.75) / 3.75).square(),
      [0.0045813, 0.0360768, 0.2659732, 1.2067492, 3.0899424, 3.5156229, 1])
    let large = try value.clamp(3.75, 1e30)
    let scaled = try polynomial(
      3.75 * large.pow(-1),
      [
        0.00392377, -0.01647633, 0.02635537, -0.02057706, 0.00916281, -0.00157565, 0.00225319,
        0.01328592, 0.39894228,
      ])
    return try .choose(
      value .< 3.75, small.log(), large - large.log() * 0.5 + scaled.log())
  }

  /// Mean cross-entropy of the edges between pixels with data whose number of cycles is -1, 0 or 1.
  ///
  /// - Parameters:
  ///   - filtered: the wrapped phase to which the edges belong, [N, 1, H, W] in rad.
  ///   - clean: the true phase with its turns, [N, 1, H, W].
  static func edges(_ logits: Tensor, filtered: Tensor, clean: Tensor, valid: Tensor) throws
    -> PixelMean
  {
    var total = try Tensor.zeros([], device: logits.device)
    var count = total
    let whole = try clean - wrap(clean - filtered)
    for (axis, from) in [(3, 0), (2, 3)] {
      let target = try cycles(whole, filtered, axis)
      let scores = try ends(logits.narrow(1, from: from, length: 3), axis).from
      let (start, end) = try ends(valid, axis)
      let known = try (target.abs() .< 1.5).to(dtype: .float32) * start * end
      let index = try (target.clamp(-1, 1) + 1).to(dtype: .int64)
      let picked = try scores.gather(1, indices: index)
      let normalizer = try logSumExp(scores)
      total = try total + ((normalizer - picked) * known).sum()
      count = try count + known.sum()
    }
    return PixelMean(total: total, count: count)
  }

  /// Cycles that the wrapped differences of `filtered` along an axis lack to be those of `whole`.
  static func cycles(_ whole: Tensor, _ filtered: Tensor, _ axis: Int) throws -> Tensor {
    let full = try difference(whole, axis)
    let short = try wrap(difference(filtered, axis))
    return try rounded((full - short) / (2 * Double.pi))
  }

  private static func ends(_ tensor: Tensor, _ axis: Int) throws -> (from: Tensor, to: Tensor) {
    let length = tensor.shape[axis] - 1
    return (
      try tensor.narrow(axis, from: 0, length: length),
      try tensor.narrow(axis, from: 1, length: length)
    )
  }

  private static func difference(_ tensor: Tensor, _ axis: Int) throws -> Tensor {
    let (from, to) = try ends(tensor, axis)
    return try to - from
  }

  private static func rounded(_ tensor: Tensor) throws -> Tensor { try (tensor + 0.5).floor() }

  /// In [-pi, pi).
  static func wrap(_ tensor: Tensor) throws -> Tensor {
    try tensor - rounded(tensor / (2 * Double.pi)) * (2 * Double.pi)
  }

  /// Over dimension 1, which stays with size 1.
  private static func logSumExp(_ scores: Tensor) throws -> Tensor {
    let most = try scores.detached().max([1], keepDims: true)
    return try (scores - most).exp().sum([1], keepDims: true).log() + most
  }
}
