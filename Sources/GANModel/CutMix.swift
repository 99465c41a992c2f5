import Kernel
import TorchCore

/// CutMix: pastes boxes of one image into another, to make the discriminator's pixel logits
/// consistent.
///
/// Source: Yun et al., "CutMix", ICCV 2019; Schonfeld et al., CVPR 2020, section 3.2.
package enum CutMix {
  /// A square given by its center and side; it starts side / 2 (rounded down) before its center.
  package struct Box: Sendable, Equatable {
    package var row: Int
    package var column: Int
    package var side: Int
    /// Whether the inside is real and the outside generated; otherwise the reverse.
    package var realInside: Bool

    package init(row: Int, column: Int, side: Int, realInside: Bool = false) {
      self.row = row
      self.column = column
      self.side = side
      self.realInside = realInside
    }

    /// The mixing fraction lambda is U(0, 1), the side S sqrt(1 - lambda), the center uniform; half
    /// of the boxes are real inside.
    package static func random(sizePixels: Int, _ random: inout CounterRandom) -> Box {
      let share = random.uniform()
      return Box(
        row: random.integer(below: sizePixels), column: random.integer(below: sizePixels),
        side: Int(Double(sizePixels) * (1 - share).squareRoot()),
        realInside: random.uniform() < 0.5)
    }
  }

  /// 1 for real pixels, 0 for generated ones, with boxes clipped at the border: [boxes.count, 1,
  /// sizePixels, sizePixels].
  /// - Throws: `TorchError.shape` for a box with a negative side.
  package static func mask(_ boxes: [Box], sizePixels: Int) throws -> Tensor {
    if let box = boxes.first(where: { $0.side < 0 }) {
      throw TorchError.shape(
        "CutMix mask", expected: "boxes with a side of 0 or more", got: [box.side])
    }
    var values = [Float](repeating: 0, count: boxes.count * sizePixels * sizePixels)
    for (index, box) in boxes.enumerated() {
      let rows = (box.row - box.side / 2)..<(box.row - box.side / 2 + box.side)
      let columns = (box.column - box.side / 2)..<(box.column - box.side / 2 + box.side)
      for row in 0..<sizePixels {
        let start = (index * sizePixels + row) * sizePixels
        for column in 0..<sizePixels {
          let inside = rows.contains(row) && columns.contains(column)
          values[start + column] = inside == box.realInside ? 1 : 0
        }
      }
    }
    return try Tensor(values, shape: [boxes.count, 1, sizePixels, sizePixels])
  }

  /// mask * real + (1 - mask) * fake.
  package static func mix(real: Tensor, fake: Tensor, mask: Tensor) throws -> Tensor {
    try fake + (real - fake) * mask
  }

  /// The consistency loss: the mean squared difference between the pixel logits of the mixed image
  /// and the mix of the pixel logits. The target is not detached from the graph.
  package static func consistency(mixed: Tensor, real: Tensor, fake: Tensor, mask: Tensor) throws
    -> Tensor
  {
    try mixed.meanSquaredError(mix(real: real, fake: fake, mask: mask))
  }

  /// The probability of a CutMix iteration, which rises linearly to `maximum` during the warm-up.
  package static func probability(epoch: Double, warmUpEpochs: Double, maximum: Double) -> Double {
    warmUpEpochs <= 0 ? maximum : maximum * min(1, max(0, epoch) / warmUpEpochs)
  }
}
