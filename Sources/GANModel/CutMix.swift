import RunSupport
import TorchCore

/// Boxes of one image pasted into another, to make the discriminator's pixel map consistent.
///
/// Source: Yun et al., "CutMix", ICCV 2019; Schonfeld et al., CVPR 2020, section 3.2.
public enum CutMix {
  /// A box for each image, 1 outside and 0 inside, or the reverse for half of them.
  ///
  /// The mixing share lambda is U(0, 1), the box has side S sqrt(1 - lambda), a uniform centre, and
  /// is clipped at the border.
  /// - Returns: [count, 1, sizePixels, sizePixels], 1 where the pixel shall be real.
  public static func mask(count: Int, sizePixels: Int, _ random: inout CounterRandom) throws
    -> Tensor
  {
    var values = [Float](repeating: 0, count: count * sizePixels * sizePixels)
    for image in 0..<count {
      let share = random.uniform()
      let side = Int(Double(sizePixels) * (1 - share).squareRoot())
      let row = random.integer(below: sizePixels)
      let column = random.integer(below: sizePixels)
      let inverted = random.uniform() < 0.5
      fill(
        &values, at: image * sizePixels * sizePixels, sizePixels,
        box: Box(row: row, column: column, side: side), inverted: inverted)
    }
    return try Tensor(values, shape: [count, 1, sizePixels, sizePixels])
  }

  struct Box { let row, column, side: Int }

  static func fill(
    _ values: inout [Float], at start: Int, _ size: Int, box: Box, inverted: Bool
  ) {
    let rows = max(0, box.row - box.side / 2)..<min(size, box.row + box.side / 2)
    let columns = max(0, box.column - box.side / 2)..<min(size, box.column + box.side / 2)
    for row in 0..<size {
      for column in 0..<size {
        let inside = rows.contains(row) && columns.contains(column)
        values[start + row * size + column] = inside == inverted ? 1 : 0
      }
    }
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
