import Foundation
import TorchCore

/// Adds detail to a coarse map: four pixels per coarse pixel along each axis, with the coarse map
/// as the block means.
struct FieldRefinement {
  /// How the result gets its block means, and what the network was told of the strength of the
  /// detail.
  enum Rule: String, Codable, Sendable {
    /// Each block is shifted as a whole, and the coarse map is enlarged linearly, which does not
    /// keep its values. The strength is averaged over 3 x 3 blocks. Of files without a rule.
    case blocks
    /// The coarse map and what is missing are enlarged by a spline that keeps block means, so that
    /// no block has an edge. The strength follows from the coarse map's roughness (`energy`).
    case spline
  }

  static let factor = 4
  static let contextChannels = 2
  let rule: Rule

  /// Number of coarse pixels that are needed around the refined part.
  var margin: Int { rule == .spline ? 10 : 5 }
  /// Number of latents that are needed around it.
  var latentMargin: Int { margin - 2 }
  /// Number of coarse pixels around it for which the network's output is needed.
  var detailMargin: Int { margin - Self.contextMargin }

  /// Number of coarse pixels around a part of the network's output on which it depends: 3 because
  /// of the network, 2 because of the context.
  static let contextMargin = 5
  /// Number of latents around it.
  static let networkMargin = 3

  /// The pixels of the network's output for latents.
  static func pixels(of latents: Range<Int>) -> Range<Int> {
    latents.multiplied(by: factor).extended(by: 1 - networkMargin * factor)
  }

  /// - Parameters:
  ///   - coarse: cm/yr, [1, 1, H + 2 margin, W + 2 margin].
  ///   - energy: the logarithm of the detail's rms in cm/yr per block, of the same shape.
  ///   - latents: [1, 16, H + 2 latentMargin, W + 2 latentMargin], and noise.
  ///   - network: its input is [1, 2 + 16, h, w] and its output [1, 1, 4 h - 22, 4 w - 22].
  /// - Returns: cm/yr, [1, 1, 4 H, 4 W].
  func refine(
    coarse: Tensor, energy: Tensor, latents: FieldInput,
    _ network: (FieldInput) throws -> Tensor
  ) throws -> Tensor {
    try finish(
      coarse: coarse, energy: energy,
      detail: detail(coarse: coarse, energy: energy, latents: latents, network))
  }

  /// What the network draws, as values of order one.
  /// - Parameters:
  ///   - coarse, energy: [1, 1, H + 2 contextMargin, W + 2 contextMargin].
  ///   - latents: [1, 16, H + 2 networkMargin, W + 2 networkMargin], and noise.
  /// - Returns: [1, 1, 4 H, 4 W].
  func detail(
    coarse: Tensor, energy: Tensor, latents: FieldInput,
    _ network: (FieldInput) throws -> Tensor
  ) throws -> Tensor {
    try network(latents.after(context(coarse, energy))).cropped(1)
  }

  /// The map of which the detail is known.
  /// - Parameters:
  ///   - coarse, energy: as for `refine`.
  ///   - detail: [1, 1, 4 (H + 2 detailMargin), 4 (W + 2 detailMargin)].
  /// - Returns: cm/yr, [1, 1, 4 H, 4 W].
  func finish(coarse: Tensor, energy: Tensor, detail: Tensor) throws -> Tensor {
    let factor = Self.factor
    switch rule {
    case .blocks:
      let smooth = try Self.linear(coarse).cropped(factor * margin)
      let scale = try Self.linear(Self.averaged(energy)).cropped(factor * (margin - 1)).exp()
      return try Self.shiftedToMeans(smooth + scale * detail, coarse.cropped(margin))
    case .spline:
      let scale = try Self.linear(energy).cropped(factor * Self.splineMargin).exp()
      let refined = try Self.spline(coarse) + scale * detail
      let missing =
        try coarse.cropped(Self.splineMargin) - refined.averagePool(kernel: factor)
      let filled = try refined.cropped(factor * Self.splineMargin) + Self.spline(missing)
      // The spline's filter is cut off: what it leaves is some 1e-4 of what was missing.
      return try Self.shiftedToMeans(filled, coarse.cropped(margin))
    }
  }

  /// The surroundings of each coarse pixel, relative to the local detail: [1, 2, H - 4, W - 4].
  func context(_ coarse: Tensor, _ energy: Tensor) throws -> Tensor {
    let inner = try rule == .spline ? energy.cropped(2) : Self.averaged(energy).cropped(1)
    let local = try coarse.averagePool(kernel: 5, stride: 1)
    let relief = try (coarse.cropped(2) - local) / inner.exp()
    return try .concatenate([Companding(knee: 1).compress(relief), inner + 1], 1)
  }

  // MARK: The strength of the detail

  /// Number of coarse pixels that `energy` needs around.
  static let energyMargin = 3
  /// rms of detail over that of the coarse map's roughness.
  private static let gain = 1.17
  /// In cm/yr; keeps logarithms finite on constant maps.
  private static let negligible = 1e-6

  /// The logarithm of the detail's rms in cm/yr: [1, 1, H + 6, W + 6] -> [1, 1, H, W].
  ///
  /// Roughness is the difference of a pixel from the mean of its four neighbors, as rms over 5 x 5
  /// (decision 0030).
  static func energy(_ coarse: Tensor, smallest: Double, strength: Double = 1) throws -> Tensor {
    try energy(
      coarse, smallest: .full([1, 1, 1, 1], smallest, device: coarse.device), strength: strength)
  }

  /// The same with a least rms for each pixel, [1, 1, H, W], or one for all, [1, 1, 1, 1].
  static func energy(_ coarse: Tensor, smallest: Tensor, strength: Double = 1) throws -> Tensor {
    let (height, width) = (coarse.shape[2] - 2, coarse.shape[3] - 2)
    func shifted(_ row: Int, _ column: Int) throws -> Tensor {
      try coarse.narrow(2, from: row, length: height).narrow(3, from: column, length: width)
    }
    let around = try (shifted(0, 1) + shifted(2, 1) + shifted(1, 0) + shifted(1, 2)) * 0.25
    let roughness = try (shifted(1, 1) - around).square().averagePool(kernel: 5, stride: 1)
    let square = try roughness * (gain * gain) + smallest.square()
    return try (square.sqrt() + negligible).log() + Foundation.log(strength)
  }

  // MARK: Enlarging

  private static let splineRadius = 4
  /// Coarse pixels around that `spline` needs.
  private static let splineMargin = splineRadius + 1

  /// A continuous map with the block means `map`: [1, 1, H, W] -> [1, 1, 4 (H - 10), 4 (W - 10)].
  ///
  /// Linear interpolation between block centers gives block means that are the values filtered by
  /// [1/8, 3/4, 1/8] along each axis; the inverse of that filter, which falls by sqrt(8) - 3 per
  /// pixel, comes first.
  static func spline(_ map: Tensor) throws -> Tensor {
    let pole = 8.0.squareRoot() - 3
    var weights = (-splineRadius...splineRadius).map { pow(pole, Double(abs($0))) }
    let sum = weights.reduce(0, +)
    weights = weights.map { $0 / sum }
    let kernel = try Tensor(weights.map(Float.init), shape: [1, 1, weights.count, 1])
      .to(device: map.device)
    let filtered = try map.conv2d(kernel, bias: nil)
      .conv2d(kernel.reshape([1, 1, 1, weights.count]), bias: nil)
    return try linear(filtered).cropped(factor)
  }

  static func linear(_ map: Tensor) throws -> Tensor {
    try map.resizeBilinear(height: factor * map.shape[2], width: factor * map.shape[3])
  }

  /// The energy over 3 x 3 blocks: [1, 1, H - 2, W - 2].
  private static func averaged(_ energy: Tensor) throws -> Tensor {
    try (energy * 2).exp().averagePool(kernel: 3, stride: 1).log() * 0.5
  }

  private static func shiftedToMeans(_ map: Tensor, _ means: Tensor) throws -> Tensor {
    let missing = try means - map.averagePool(kernel: factor)
    return try map + missing.upsampleNearest2x().upsampleNearest2x()
  }
}
