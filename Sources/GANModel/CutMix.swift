import Kernel
import TorchCore

/// Boxes of one image pasted into another, to make the discriminator's pixel map consistent.
///
/// Source: Yun et al., "CutMix", ICCV 2019; Schonfeld et al., CVPR 2020, section 3.2.
public enum CutMix {
  /// A square given by its centre and side; it starts side / 2 (rounded down) before its centre.
  public struct Box: Sendable, Equatable {
    public var row: Int
    public var column: Int
    public var side: Int
    /// Whether the inside is real instead of the outside.
    public var realInside: Bool

    public init(row: Int, column: Int, side: Int, realInside: Bool = false) {
      self.row = row
      self.column = column
      self.side = side
      self.realInside = realInside
    }

    /// The mixing share lambda is U(0, 1), the side S sqrt(1 - lambda), the centre uniform; half of
    /// the boxes are real inside.
    public static func random(sizePixels: Int, _ random: inout CounterRandom) -> Box {
      let share = random.uniform()
      return Box(
        row: random.integer(below: sizePixels), column: random.integer(below: sizePixels),
        side: Int(Double(sizePixels) * (1 - share).squareRoot()),
        realInside: random.uniform() < 0.5)
    }
  }

  /// 1 where a pixel shall be real, 0 where it shall be generated, boxes clipped at the border:
  /// [boxes.count, 1, sizePixels, sizePixels].
  /// - Throws: `TorchError.shape` for a box with a negative side.
  public static func mask(_ boxes: [Box], sizePixels: Int) throws -> Tensor {
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
  public static func mix(real: Tensor, fake: Tensor, mask: Tensor) throws -> Tensor {
    try fake + (real - fake) * mask
  }

  /// How far the map of the mixed image is from the mix of the maps: a mean squared difference of
  /// logits, whose target is not cut off from the graph.
  public static func consistency(mixed: Tensor, real: Tensor, fake: Tensor, mask: Tensor) throws
    -> Tensor
  {
    try mixed.meanSquaredError(mix(real: real, fake: fake, mask: mask))
  }

  /// The chance of a CutMix iteration: rises linearly to `maximum` over the warm-up.
  public static func probability(epoch: Double, warmUpEpochs: Double, maximum: Double) -> Double {
    warmUpEpochs <= 0 ? maximum : maximum * min(1, max(0, epoch) / warmUpEpochs)
  }
}
