import TorchCore

/// Adds detail to a coarse map: four pixels per coarse pixel along each axis, with the coarse map
/// as the block means.
enum FieldRefinement {
  static let factor = 4
  static let contextChannels = 2
  /// Number of coarse pixels that are needed around the refined part.
  static let margin = 5
  /// Number of latents that are needed around it.
  static let latentMargin = 3

  /// - Parameters:
  ///   - coarse: cm/yr, [1, 1, H + 10, W + 10].
  ///   - energy: the logarithm of the detail's rms in cm/yr per block, of the same shape.
  ///   - latents: [1, 16, H + 6, W + 6].
  ///   - style: [1, 64].
  /// - Returns: cm/yr, [1, 1, 4 H, 4 W].
  static func refine(
    _ network: FieldGenerator, coarse: Tensor, energy: Tensor, latents: Tensor, style: Tensor
  ) throws -> Tensor {
    try refine(coarse: coarse, energy: energy, latents: latents) { try network($0, style: style) }
  }

  /// As above, with a network that knows its style.
  static func refine(
    coarse: Tensor, energy: Tensor, latents: Tensor, _ network: (Tensor) throws -> Tensor
  ) throws -> Tensor {
    let context = try self.context(coarse, energy)
    let detail = try network(.concatenate([context, latents], 1)).cropped(1)
    let smooth = try enlarged(coarse).cropped(factor * margin)
    let scale = try enlarged(smoothed(energy)).cropped(factor * (margin - 1)).exp()
    let refined = try smooth + scale * detail
    let missing = try coarse.cropped(margin) - refined.averagePool(kernel: factor, stride: factor)
    return try refined + missing.upsampleNearest2x().upsampleNearest2x()
  }

  /// The surroundings of each coarse pixel, relative to the local detail: [1, 2, H - 4, W - 4].
  static func context(_ coarse: Tensor, _ energy: Tensor) throws -> Tensor {
    let inner = try smoothed(energy).cropped(1)
    let local = try coarse.averagePool(kernel: 5, stride: 1)
    let relief = try (coarse.cropped(2) - local) / inner.exp()
    return try .concatenate([Companding(knee: 1).compress(relief), inner + 1], 1)
  }

  /// The energy over 3 x 3 blocks: [1, 1, H - 2, W - 2].
  private static func smoothed(_ energy: Tensor) throws -> Tensor {
    try (energy * 2).exp().averagePool(kernel: 3, stride: 1).log() * 0.5
  }

  private static func enlarged(_ map: Tensor) throws -> Tensor {
    try map.resizeBilinear(height: factor * map.shape[2], width: factor * map.shape[3])
  }
}
