import TorchCore

extension FieldModel {
  /// Whether the file has a discriminator, which `best` needs.
  package var judgesMaps: Bool { discriminator != nil }

  /// Of several maps with the statistics of a draw, the one that looks most real to the
  /// discriminator that the model was trained with (decision 0052).
  ///
  /// Judged are the first 64 x 64 pixels of the base map, so that the choice does not depend on the
  /// size of the map.
  /// - Parameters:
  ///   - count: number of maps to choose from; the first is that of `draw` itself.
  ///   - interruption: called before each; an error that it throws ends the choice.
  /// - Throws: `FieldError.noDiscriminator`, `FieldError.noLabels`, `TorchError`, and the error of
  ///   `interruption`.
  package func best(
    of count: Int, _ draw: FieldDraw, interruption: () throws -> Void = {}
  ) throws -> FieldDraw {
    guard let discriminator else { throw FieldError.noDiscriminator }
    let candidates = (0..<count).map { number in
      var candidate = draw
      candidate.candidate = number
      return candidate
    }
    return try withoutGradients {
      let labels = try normalized(draw.labels(self))
      let pixels = 0..<FieldNormalization.patchSide
      let images = try candidates.map { candidate in
        try interruption()
        let style = try candidate.style(level: 0, size: base.styleSize).to(device: device)
        let raw = try baseTile(candidate, rows: pixels, columns: pixels) {
          try base($0.grid, style: style, labels: labels, noise: $0.noise)
        }
        return try FieldNormalization.seen(generated: raw)
      }
      let realism = try discriminator.realism(
        of: .concatenate(images, 0),
        labels: .concatenate(images.map { _ in labels }, 0))
      let most = realism.indices.max { realism[$0] < realism[$1] } ?? 0
      return candidates[most]
    }
  }
}

extension FieldDiscriminator {
  /// How real each image looks: the sum of its logit and the mean logit of its pixels.
  /// - Parameters:
  ///   - images: as `FieldNormalization` gives them, [N, 1, 64, 64].
  ///   - labels: normalized, [N, 5].
  func realism(of images: Tensor, labels: Tensor) throws -> [Float] {
    let logits = try self(images, labels: labels)
    var realism = try logits.image.reshape([-1])
    if let pixels = logits.pixels { realism = try realism + pixels.mean([1, 2, 3]) }
    return try realism.to(device: .cpu).floats()
  }

  static let prefix = "discriminator."

  /// The discriminator of a model file.
  /// - Throws: `TorchError.file` for another width, `ModuleError` if tensors do not match.
  static func read(
    channels: Int, of tensors: [String: Tensor], path: String, device: Device
  ) throws -> FieldDiscriminator {
    // A small file must not request a large network.
    let last = "\(prefix)network.output_conv.weight"
    guard let shape = tensors[last]?.shape, shape == [1, channels, 1, 1] else {
      throw TorchError.file(
        path: path, reason: "is damaged: its \(last) is not \(channels) wide")
    }
    let discriminator = try FieldDiscriminator(
      channels: channels, labelCount: FieldNormalization.labelCount,
      RandomGenerator(seed: 0, .placeholderWeights))
    try discriminator.load(prefix: prefix, of: tensors, device: device)
    return discriminator
  }
}
