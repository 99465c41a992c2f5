import Foundation
import Kernel
import TorchCore

/// Training windows as the network for detail sees them: their means over 4 x 4 pixels, and what the
/// pixels differ from a smooth map with these means, in units of the strength that the means let
/// expect.
///
/// The same in PyTorch: `Job.detail_parts` and `detail_fake` in scripts/gpu/field_train.py.
package struct DetailWindow {
  /// Side in pixels of a window, of whose middle the detail is drawn.
  package static let side = 2 * FieldNormalization.patchSide
  /// What a discriminator sees: the detail, and the two channels of the surroundings.
  package static let channels = 1 + FieldRefinement.contextChannels
  /// Rows and columns of latents that give the middle.
  static let latentCells =
    FieldNormalization.patchSide / FieldRefinement.factor
    + 2 * FieldRefinement.networkMargin

  private static let refinement = FieldRefinement(rule: .spline)
  /// Coarse pixels that are refined beyond the middle before means are compared.
  private static let spare = refinement.detailMargin
  /// The least rms of the detail over a window's spread, of which each window has its own.
  private static let floors = 0.01...0.1

  /// [N, 2, 22, 22].
  let context: Tensor
  /// The middle without detail, cm/yr: [N, 1, 64, 64].
  private let smooth: Tensor
  /// Of the detail in the middle, cm/yr: [N, 1, 64, 64].
  let scale: Tensor
  /// The detail in the middle over `scale`: [N, 1, 64, 64].
  let detail: Tensor
  /// `context`, enlarged, as discriminators see it: [N, 2, 64, 64].
  private let shown: Tensor

  /// - Parameters:
  ///   - maps: cm/yr, [N, 1, 128, 128].
  ///   - floors: the least rms of the detail over the spread of each window, [N, 1, 1, 1].
  package init(_ maps: Tensor, floors: Tensor) throws {
    let factor = FieldRefinement.factor
    let wide = try maps.averagePool(kernel: factor)
    let spread = try wide.std([2, 3], keepDims: true) + FieldNormalization.leastSpread
    let energy = try FieldRefinement.energy(wide, smallest: floors * spread)
    let coarse = try wide.cropped(FieldRefinement.energyMargin)
    context = try Self.refinement.context(coarse, energy)
    let margin = FieldRefinement.contextMargin
    scale = try FieldRefinement.linear(energy).cropped(factor * margin).exp()
    let middle = try maps.cropped(factor * (FieldRefinement.energyMargin + margin))
    smooth = try FieldRefinement.spline(coarse)
    detail = try (middle - smooth) / scale
    let enlarged = try FieldRefinement.linear(context)
      .cropped(factor * FieldRefinement.networkMargin)
    let parts = try [
      enlarged.narrow(1, from: 0, length: 1), enlarged.narrow(1, from: 1, length: 1) * 2,
    ]
    shown = try .concatenate(parts, 1)
  }

  /// Floors for `count` windows, [N, 1, 1, 1].
  package static func floors(_ count: Int, _ random: inout CounterRandom) throws -> Tensor {
    let range = log(floors.upperBound / floors.lowerBound)
    let values = (0..<count).map { _ in Float(floors.lowerBound * exp(random.uniform() * range)) }
    return try Tensor(values, shape: [count, 1, 1, 1])
  }

  /// What discriminators see of the windows themselves: [N, 3, 64, 64].
  package func seen() throws -> Tensor { try seen(detail) }

  /// Of what a network drew for them, [N, 1, 64, 64]: without means over 4 x 4 pixels, which maps
  /// have from their coarse map.
  func seen(drawn: Tensor) throws -> Tensor {
    // Beyond the middle nothing is known of the means; `FieldRefinement.finish` knows it.
    let margin = Self.spare
    let missing = try (drawn * scale).averagePool(kernel: FieldRefinement.factor) * -1
    let around = try missing.pad(
      left: margin, right: margin, top: margin, bottom: margin, .replicate)
    return try seen(drawn + FieldRefinement.spline(around) / scale)
  }

  /// The maps of which discriminators see `images`: [N, 3, 64, 64] -> cm/yr, [N, 1, 64, 64].
  package func restored(_ images: Tensor) throws -> Tensor {
    let small = try images.narrow(1, from: 0, length: 1) / FieldNormalization.inputSpread
    return try smooth + scale * Companding(knee: 1).expand(small)
  }

  private func seen(_ detail: Tensor) throws -> Tensor {
    let small = try Companding(knee: 1).compress(detail) * FieldNormalization.inputSpread
    return try .concatenate([small, shown], 1)
  }
}

extension FieldGenerator {
  /// A network for detail with initial values.
  package static func detail(
    channels: Int, noisePlanes: Int, _ generator: RandomGenerator
  ) throws -> FieldGenerator {
    try FieldGenerator(.detail(channels: channels, noisePlanes: noisePlanes), generator)
  }

  /// What discriminators see of the detail that the network draws for windows: [N, 3, 64, 64].
  package func seen(_ latents: Latents, _ windows: DetailWindow) throws -> Tensor {
    let grid = try Tensor.concatenate([windows.context, latents.grid], 1)
    let raw = try self(grid, style: latents.style, noise: latents.noise)
    return try windows.seen(drawn: raw.cropped(1))
  }

  /// Begins with the network of a model.
  /// - Throws: `FieldError.otherNetwork` for a model of another width or noise.
  package func begin(with model: DetailModel, path: String) throws {
    let weights = try model.state()
    try check(
      weights,
      of: .otherNetwork(
        path: path, channels: model.channels, noisePlanes: model.noisePlanes,
        blocks: FieldGeometry.usualBlocks))
    try withoutGradients { try load(weights) }
  }
}
