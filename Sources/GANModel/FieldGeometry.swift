/// Sizes that follow from the number of blocks of a field model's base network.
///
/// Each block doubles the resolution, so that one latent belongs to a cell of 2^blocks pixels.
/// Without padding, S latents give 2^blocks S - 2^(blocks + 2) + 2 pixels: 2 S - 4 of each block,
/// and 2 less of the last convolution.
struct FieldGeometry: Sendable, Equatable {
  let blocks: Int

  /// Of files that do not say it.
  static let usualBlocks = 4
  static let supportedBlocks = 4...6

  /// Side in pixels of a cell of the latent grid.
  var cellPixels: Int { 1 << blocks }

  /// Number of pixels around a pixel whose cells it depends on.
  var border: Int { (2 << blocks) - 1 }

  /// Side in pixels of the patches that the network was trained on, from 8 x 8 latents: 64 with
  /// four blocks, 256 with six. The labels are statistics of such patches.
  var patchSide: Int { 4 << blocks }

  /// The cells on which pixels depend, and the position of the first pixel in their output.
  func cells(covering pixels: Range<Int>) -> (cells: Range<Int>, first: Int) {
    let lowest = (pixels.lowerBound - border).floorDivided(by: cellPixels)
    let highest = (pixels.upperBound - 1 + border).floorDivided(by: cellPixels)
    return (lowest..<highest + 1, pixels.lowerBound - border - lowest * cellPixels)
  }

  /// The pixels of the output of cells.
  func pixels(of cells: Range<Int>) -> Range<Int> {
    cells.lowerBound * cellPixels + border..<cells.upperBound * cellPixels - border
  }
}
