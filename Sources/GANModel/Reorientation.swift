import Kernel
import Patches
import TorchCore

/// Shows discriminators a share of the maps, real and generated ones alike, in one of eight
/// orientations, so that they know fewer of them by heart. With a share below 1 the generator still
/// learns how real maps lie.
///
/// Source: Karras et al., "Training Generative Adversarial Networks with Limited Data", NeurIPS 2020.
package struct Reorientation {
  /// For each map, whether rows and columns are turned around, and both exchanged.
  private let flipsRows, flipsColumns, isTransposed: [Bool]

  /// - Parameters:
  ///   - probability: of a map to be changed, or not, into one of the eight orientations.
  ///   - share: the part of the batch; numbers are drawn for all of it.
  package init(probability: Double, _ share: BatchShare, _ random: inout CounterRandom) {
    var (rows, columns, transposed): ([Bool], [Bool], [Bool]) = ([], [], [])
    for _ in 0..<share.total {
      let isChanged = random.uniform() < probability
      rows.append(random.uniform() < 0.5 && isChanged)
      columns.append(random.uniform() < 0.5 && isChanged)
      transposed.append(random.uniform() < 0.5 && isChanged)
    }
    flipsRows = Array(rows[share.range])
    flipsColumns = Array(columns[share.range])
    isTransposed = Array(transposed[share.range])
  }

  /// [N, C, S, S] -> the same shape.
  package func callAsFunction(_ x: Tensor) throws -> Tensor {
    func mask(_ flags: [Bool]) throws -> Tensor {
      try Tensor(flags.map { $0 ? Float(1) : 0 }, shape: [flags.count, 1, 1, 1])
        .to(device: x.device) .> 0
    }
    var x = x
    if flipsRows.contains(true) { x = try .choose(mask(flipsRows), x.flip([2]), x) }
    if flipsColumns.contains(true) { x = try .choose(mask(flipsColumns), x.flip([3]), x) }
    if isTransposed.contains(true) {
      x = try .choose(mask(isTransposed), x.transpose(2, 3), x)
    }
    return x
  }
}
