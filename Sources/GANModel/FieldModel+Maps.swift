import Foundation
import Kernel
import TorchCore

extension FieldModel {
  /// Side of a base patch in training, in pixels, which is the unit of wave numbers.
  private static let patchSide = 64
  /// The knee of the companding, in standard deviations of a whitened patch.
  private static let knee = 0.1
  /// Side of a tile: pixels of a base map generated at once, and coarse pixels refined at once.
  private static let tile = 192

  /// Map `index` of a seed, in cm/yr, row-major, [height, width].
  ///
  /// Networks are applied tile by tile without seams, so that the memory needed is that of a few
  /// maps.
  /// - Parameter interruption: called before each tile; an error that it throws ends the
  ///   generation.
  /// - Throws: `TorchError` from the networks, and the error of `interruption`.
  package func map(
    _ index: Int, seed: UInt64, width: Int, height: Int, interruption: () throws -> Void = {}
  ) throws -> [Float] {
    try withoutGradients {
      guard let detail else {
        let rates = try baseMap(
          index, seed: seed, rows: 0..<height, columns: 0..<width, interruption)
        return try rates.to(device: .cpu).floats()
      }
      return try refinedMap(
        detail, index, seed: seed, width: width, height: height, interruption)
    }
  }

  // MARK: Base

  /// Channels of a base map in physical units: rates in cm/yr, and for a model with detail the
  /// logarithm of its rms: [1, C, rows, columns]. Positions are those of the infinite map.
  private func baseMap(
    _ index: Int, seed: UInt64, rows: Range<Int>, columns: Range<Int>,
    _ interruption: () throws -> Void
  ) throws -> Tensor {
    var random = CounterRandom(seed, .fieldLabels, UInt64(index))
    let raw = table[random.integer(below: table.count)]
    let labels = try Tensor(
      raw.indices.map { (raw[$0] - labelMeans[$0]) / labelDeviations[$0] }, shape: [1, raw.count]
    ).to(device: device)
    let style = try FieldLatents.style(seed: seed, map: index, level: 0, size: base.styleSize)
      .to(device: device)

    let bands = try rows.tiles(of: Self.tile).map { band in
      try Tensor.concatenate(
        columns.tiles(of: Self.tile).map { part in
          try interruption()
          return try baseTile(index, seed: seed, rows: band, columns: part, style, labels)
        }, 3)
    }
    let drawn = try Tensor.concatenate(bands, 2)
    return try physical(drawn, raw.map(Double.init))
  }

  func baseTile(
    _ index: Int, seed: UInt64, rows: Range<Int>, columns: Range<Int>, _ style: Tensor,
    _ labels: Tensor
  ) throws -> Tensor {
    let (cellRows, top) = Self.cells(covering: rows)
    let (cellColumns, left) = Self.cells(covering: columns)
    let grid = try FieldLatents.grid(
      seed: seed, .fieldBaseGrid, map: index, channels: FieldLatents.baseChannels, rows: cellRows,
      columns: cellColumns
    ).to(device: device)
    return try base(grid, style: style, labels: labels)
      .narrow(2, from: top, length: rows.count).narrow(3, from: left, length: columns.count)
  }

  /// Number of pixels per cell of the latent grid, and of border pixels that depend on outer cells.
  private static let cellPixels = 16
  private static let cellBorder = 31

  /// The cells on which pixels depend, and the position of the first pixel in their output.
  static func cells(covering pixels: Range<Int>) -> (cells: Range<Int>, first: Int) {
    let lowest = (pixels.lowerBound - cellBorder).floorDivided(by: cellPixels)
    let highest = (pixels.upperBound - 1 + cellBorder).floorDivided(by: cellPixels)
    return (lowest..<highest + 1, pixels.lowerBound - cellBorder - lowest * cellPixels)
  }

  /// Scales the base network's output to the statistics of the labels.
  private func physical(_ drawn: Tensor, _ label: [Double]) throws -> Tensor {
    func standardized(_ x: Tensor) throws -> Tensor {
      let centered = try x - x.mean([2, 3], keepDims: true)
      return try centered / centered.std([2, 3], keepDims: true)
    }
    let mean = 2 * sinh(label[0])
    let (spread, compressedSpread, shift) = (exp(label[1]), exp(label[2]), label[4])
    let compressed =
      try standardized(drawn.narrow(1, from: 0, length: 1)) * compressedSpread + shift
    let white = try standardized(Companding(knee: Self.knee).expand(compressed)) * spread
    let flattening = SpectralFlattening(exponent: 1, patchSide: Self.patchSide)
    let rates = try flattening.invert(white) + mean
    guard detail != nil else { return rates }
    let energy =
      try standardized(drawn.narrow(1, from: 1, length: 1)) * exp(label[6]) + label[5]
    return try .concatenate([rates, energy], 1)
  }

  // MARK: Detail

  private func refinedMap(
    _ network: FieldGenerator, _ index: Int, seed: UInt64, width: Int, height: Int,
    _ interruption: () throws -> Void
  ) throws -> [Float] {
    let (factor, margin) = (FieldRefinement.factor, FieldRefinement.margin)
    let latentMargin = FieldRefinement.latentMargin
    let rows = 0..<(height + factor - 1) / factor
    let columns = 0..<(width + factor - 1) / factor
    let coarse = try baseMap(
      index, seed: seed, rows: -margin..<rows.upperBound + margin,
      columns: -margin..<columns.upperBound + margin, interruption)
    let style = try FieldLatents.style(seed: seed, map: index, level: 1, size: network.styleSize)
      .to(device: device)
    var values = [Float](repeating: 0, count: width * height)
    for band in rows.tiles(of: Self.tile / factor) {
      for part in columns.tiles(of: Self.tile / factor) {
        try interruption()
        let around = try coarse.narrow(2, from: band.lowerBound, length: band.count + 2 * margin)
          .narrow(3, from: part.lowerBound, length: part.count + 2 * margin)
        let latents = try FieldLatents.grid(
          seed: seed, .fieldDetailGrid, map: index, channels: FieldLatents.detailChannels,
          rows: band.lowerBound - latentMargin..<band.upperBound + latentMargin,
          columns: part.lowerBound - latentMargin..<part.upperBound + latentMargin
        ).to(device: device)
        let refined = try FieldRefinement.refine(
          network, coarse: around.narrow(1, from: 0, length: 1),
          energy: around.narrow(1, from: 1, length: 1), latents: latents, style: style
        ).to(device: .cpu).floats()
        let side = factor * part.count
        for row in 0..<min(factor * band.count, height - factor * band.lowerBound) {
          let count = min(side, width - factor * part.lowerBound)
          let start = (factor * band.lowerBound + row) * width + factor * part.lowerBound
          values.replaceSubrange(
            start..<start + count, with: refined[row * side..<row * side + count])
        }
      }
    }
    return values
  }
}

extension Range<Int> {
  /// This range in consecutive parts of at most `length`.
  func tiles(of length: Int) -> [Range<Int>] {
    stride(from: lowerBound, to: upperBound, by: length).map {
      $0..<Swift.min($0 + length, upperBound)
    }
  }
}

extension Int {
  /// The quotient rounded toward minus infinity.
  func floorDivided(by divisor: Int) -> Int {
    self >= 0 ? self / divisor : -((-self + divisor - 1) / divisor)
  }
}
