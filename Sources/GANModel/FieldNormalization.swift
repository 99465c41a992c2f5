import TorchCore

/// Training patches as the networks of a field model see them, and the statistics that this takes
/// away, which become the labels of maps.
///
/// A map is whitened, its mean removed, divided by its spread, companded, and divided again. What is
/// left has mean 0 and one spread, whatever the map, so that networks learn shapes; `FieldModel.map`
/// undoes it with a label. The same in PyTorch: `Job.seen` in scripts/gpu/field_train.py.
package enum FieldNormalization {
  /// Side in pixels of the patches that networks are trained on; of a coarse level, in pixels of the
  /// coarse map.
  package static let patchSide = 64
  /// The standard deviation of what a discriminator sees.
  static let inputSpread = 4.0
  /// Number of statistics: mean, spread, spread after companding, standard deviation of rates over the
  /// spread, mean after companding; in the units of `FieldLabel`.
  package static let labelCount = 5

  /// Below it a map counts as constant, in cm/yr.
  static let leastSpread = 1e-6

  /// - Parameter maps: [N, 1, S, S] in cm/yr, S pixels of patches of `patchSide`.
  /// - Returns: what discriminators see, [N, 1, S, S], and raw labels [N, 5].
  package static func seen(_ maps: Tensor) throws -> (images: Tensor, labels: Tensor) {
    let (mean, deviation) = try moments(maps)
    let flattening = SpectralFlattening(exponent: 1, patchSide: patchSide)
    let white = try flattening.apply(maps) - mean
    let spread = try moments(white).deviation
    let small = try Companding(knee: FieldModel.knee).compress(white / spread)
    let (shift, tau) = try moments(small)
    let labels = try Tensor.concatenate(
      [
        asinh(mean / 2), spread.log(), tau.log(), deviation.log() - spread.log(), shift,
      ], 1
    ).reshape([-1, labelCount])
    return (try (small - shift) / tau * inputSpread, labels)
  }

  /// The output of a generator as a discriminator sees it: mean 0 and one spread.
  package static func seen(generated raw: Tensor) throws -> Tensor {
    let centered = try raw - raw.mean([2, 3], keepDims: true)
    return try centered / (raw.std([2, 3], keepDims: true) + 1e-3) * inputSpread
  }

  /// Undoes `seen`: what a generator drew, [N, 1, S, S], with raw labels [N, 5] -> cm/yr.
  package static func restored(_ images: Tensor, labels: Tensor) throws -> Tensor {
    func label(_ index: Int) throws -> Tensor {
      try labels.narrow(1, from: index, length: 1).reshape([-1, 1, 1, 1])
    }
    let small = try images / inputSpread * label(2).exp() + label(4)
    let white = try Companding(knee: FieldModel.knee).expand(small)
    let centered = try white - white.mean([2, 3], keepDims: true)
    let flattening = SpectralFlattening(exponent: 1, patchSide: patchSide)
    let mean = try label(0)
    return try flattening.invert(
      centered / centered.std([2, 3], keepDims: true) * label(1).exp())
      + (mean.exp() - (-mean).exp())  // twice the hyperbolic sine
  }

  /// Of each map: [N, 1, 1, 1].
  static func moments(_ x: Tensor) throws -> (mean: Tensor, deviation: Tensor) {
    (try x.mean([2, 3], keepDims: true), try x.std([2, 3], keepDims: true) + leastSpread)
  }

  private static func asinh(_ x: Tensor) throws -> Tensor {
    let size = try x.abs()
    return try x.sign() * (size + (size.square() + 1).sqrt()).log()
  }
}
