import Foundation
import TorchCore

/// One endless map of a field model: its rate at a pixel depends only on the model, the draw and the
/// pixel's position, so that any two windows agree where they overlap.
///
/// The base network is applied to tiles of a fixed lattice. The map's statistics are brought to its
/// labels with the numbers of reference tiles, and the inverse of the whitening is a convolution
/// (`EndlessWhitening`). The network's mean output differs between the pixels of a latent cell; on
/// an endless map that is a lattice, so the mean of the reference at each of these pixels is
/// subtracted. Tiles that the next window may need are kept: ask for windows from top to
/// bottom.
///
/// Not Sendable, as tensors are not.
package final class EndlessMap {
  /// Side of a tile in pixels of the base map.
  static let tileSide = 256
  /// Base pixels that are inverted at once.
  static let blockHeight = 512
  static let blockWidth = 1024
  /// Tiles along each side of the reference, which begins at the origin.
  static let referenceTiles = 2
  /// The knee of the companding, in standard deviations of a whitened patch.
  private static let knee = 0.1
  /// Coarse pixels that are refined at once.
  private static let refinedSide = 64

  private struct Position: Hashable {
    let row: Int
    let column: Int
  }

  private let model: FieldModel
  private let draw: FieldDraw
  private let device: Device
  private let label: FieldLabel
  private let base: FieldPlan
  private let detail: FieldPlan?
  private let whitening: EndlessWhitening
  /// The mean output at the pixels of a latent cell, and that of whitened values.
  private var lattice: CellPattern?
  private var whiteLattice: CellPattern?
  private var outputScale: [Standardization] = []
  private var whiteScale = Standardization.identity
  private var tiles: [Position: Tensor] = [:]

  /// - Parameters:
  ///   - dtype: the type that the networks compute in, float32 or bfloat16. Maps of different
  ///     types differ by some percent of their texture.
  /// - Throws: `FieldError.noLabels`, `TorchError`.
  package init(_ model: FieldModel, _ draw: FieldDraw, dtype: DType = .float32) throws {
    self.model = model
    self.draw = draw
    device = model.device
    let raw = try draw.labels(model)
    label = FieldLabel(raw)
    (base, detail, whitening) = try withoutGradients {
      let labels = try model.normalized(raw)
      let style = try draw.style(level: 0, size: model.base.styleSize).to(device: model.device)
      let detail = try model.detail.map { network in
        try FieldPlan(
          network, style: draw.style(level: 1, size: network.styleSize).to(device: model.device),
          labels: nil, dtype: dtype)
      }
      return (
        try FieldPlan(model.base, style: style, labels: labels, dtype: dtype), detail,
        try EndlessWhitening(patchSide: model.geometry.patchSide, device: model.device)
      )
    }
    try withoutGradients { try measureReference() }
  }

  /// Rates in cm/yr of a part of the map, row-major; rows and columns may be negative.
  /// - Parameter interruption: called before each tile; what it throws ends the drawing.
  package func window(
    rows: Range<Int>, columns: Range<Int>, interruption: () throws -> Void = {}
  ) throws -> [Float] {
    var map = MapPixels(rows: rows, columns: columns)
    try withoutGradients {
      guard let detail else {
        return try forEachBlock(rows, columns) { rows, columns in
          try map.place(
            baseBlock(rows, columns, interruption), rows: rows, columns: columns)
        }
      }
      let factor = FieldRefinement.factor
      func cells(_ pixels: Range<Int>) -> Range<Int> {
        let first = pixels.lowerBound.floorDivided(by: factor)
        return first..<max(first, (pixels.upperBound - 1).floorDivided(by: factor) + 1)
      }
      for band in cells(rows).tiles(of: Self.refinedSide) {
        for part in cells(columns).tiles(of: Self.refinedSide) {
          try map.place(
            refined(detail, band, part, interruption), rows: band.multiplied(by: factor),
            columns: part.multiplied(by: factor))
        }
      }
    }
    return map.values
  }

  // MARK: Base

  private func forEachBlock(
    _ rows: Range<Int>, _ columns: Range<Int>, _ body: (Range<Int>, Range<Int>) throws -> Void
  ) throws {
    for band in rows.tiles(of: Self.blockHeight) {
      for part in columns.tiles(of: Self.blockWidth) { try body(band, part) }
    }
  }

  /// Rates, and for a model with detail the logarithm of its rms: [1, C, rows, columns].
  private func baseBlock(
    _ rows: Range<Int>, _ columns: Range<Int>, _ interruption: () throws -> Void
  ) throws -> Tensor {
    let radius = EndlessWhitening.radius
    let white = try white(
      rows.extended(by: radius), columns.extended(by: radius), interruption)
    let rates = try whitening.invert(white.narrow(1, from: 0, length: 1)) + label.mean
    guard model.description.drawsEnergy else { return rates }
    return try .concatenate([rates, white.narrow(1, from: 1, length: 1).cropped(radius)], 1)
  }

  /// Whitened rates, and the energy of detail: [1, C, rows, columns].
  private func white(
    _ rows: Range<Int>, _ columns: Range<Int>, _ interruption: () throws -> Void
  ) throws -> Tensor {
    let side = Self.tileSide
    func tileNumbers(_ pixels: Range<Int>) -> ClosedRange<Int> {
      pixels.lowerBound.floorDivided(by: side)...(pixels.upperBound - 1).floorDivided(by: side)
    }
    let tileRows = tileNumbers(rows)
    // Windows come from top to bottom.
    tiles = tiles.filter { tileRows.contains($0.key.row) }
    let result = try Tensor.zeros(
      [1, outputScale.count, rows.count, columns.count], device: device)
    for row in tileRows {
      for column in tileNumbers(columns) {
        let inRows = rows.clamped(to: row * side..<(row + 1) * side)
        let inColumns = columns.clamped(to: column * side..<(column + 1) * side)
        let tile = try whiteTile(Position(row: row, column: column), interruption)
        try result.narrow(2, from: inRows.lowerBound - rows.lowerBound, length: inRows.count)
          .narrow(3, from: inColumns.lowerBound - columns.lowerBound, length: inColumns.count)
          .copy(
            from: tile.narrow(2, from: inRows.lowerBound - row * side, length: inRows.count)
              .narrow(3, from: inColumns.lowerBound - column * side, length: inColumns.count))
      }
    }
    return result
  }

  private func whiteTile(_ position: Position, _ interruption: () throws -> Void) throws -> Tensor {
    if let tile = tiles[position] { return tile }
    try interruption()
    let drawn = try drawnTile(position)
    var channels = [try whiteScale(whiteUnscaled(drawn)) * label.spread]
    if model.description.drawsEnergy { channels.append(try energy(drawn)) }
    let tile = channels.count == 1 ? channels[0] : try .concatenate(channels, 1)
    tiles[position] = tile
    return tile
  }

  /// The base network's output.
  private func drawnTile(_ position: Position) throws -> Tensor {
    let side = Self.tileSide
    let drawn = try model.baseTile(
      draw, rows: position.row * side..<(position.row + 1) * side,
      columns: position.column * side..<(position.column + 1) * side, base.callAsFunction)
    return try lattice?.subtracted(from: drawn) ?? drawn
  }

  private func whiteUnscaled(_ drawn: Tensor) throws -> Tensor {
    let compressed =
      try outputScale[0](drawn.narrow(1, from: 0, length: 1)) * label.compressedSpread
      + label.shift
    let white = try Companding(knee: Self.knee).expand(compressed)
    return try whiteLattice?.subtracted(from: white) ?? white
  }

  private func energy(_ drawn: Tensor) throws -> Tensor {
    try outputScale[1](drawn.narrow(1, from: 1, length: 1)) * label.energyDeviation
      + label.energyMean
  }

  // MARK: Statistics

  /// Takes the numbers that bring the map to its labels from the tiles at the origin, which are the
  /// same whatever windows are asked for.
  private func measureReference() throws {
    let count = Self.referenceTiles
    let tiles = try (0..<count).map { row in
      try Tensor.concatenate(
        (0..<count).map { try drawnTile(Position(row: row, column: $0)) }, 3)
    }
    var drawn = try Tensor.concatenate(tiles, 2)
    let lattice = try CellPattern(drawn)
    self.lattice = lattice
    drawn = try lattice.subtracted(from: drawn)
    outputScale = try (0..<drawn.shape[1]).map {
      try Standardization(
        drawn.narrow(1, from: $0, length: 1), patchSide: model.geometry.patchSide)
    }
    // The expansion is not linear: what is left of the lattice is taken away after it.
    whiteLattice = try CellPattern(whiteUnscaled(drawn))
    whiteScale = try Standardization(whiteUnscaled(drawn), patchSide: model.geometry.patchSide)
  }

  // MARK: Detail

  private func refined(
    _ network: FieldPlan, _ rows: Range<Int>, _ columns: Range<Int>,
    _ interruption: () throws -> Void
  ) throws -> Tensor {
    let margin =
      model.refinement.margin
      + (model.description.drawsEnergy ? 0 : FieldRefinement.energyMargin)
    let coarse = try baseBlock(
      rows.extended(by: margin), columns.extended(by: margin), interruption)
    return try model.refined(
      coarse, draw, rows: rows, columns: columns, floor: label.deviation * FieldModel.detailFloor,
      network.callAsFunction)
  }
}

/// The mean of the cells of 16 x 16 px of a reference, less the mean of all its pixels.
///
/// The latent cells of a base network with more than four blocks are larger. Of those a reference holds too few
/// (64 of 64 x 64 px): the error of their mean would be a lattice of its own.
private struct CellPattern {
  private static let side = 16

  /// [1, C, 1, 16, 1, 16].
  private let values: Tensor

  /// - Parameter reference: [1, C, H, W] with the first pixel of a cell in its corner.
  init(_ reference: Tensor) throws {
    let cells = try Self.inCells(reference).mean([2, 4], keepDims: true)
    values = try cells - cells.mean([3, 5], keepDims: true)
  }

  func subtracted(from map: Tensor) throws -> Tensor {
    try (Self.inCells(map) - values).reshape(map.shape)
  }

  private static func inCells(_ map: Tensor) throws -> Tensor {
    let (shape, cell) = (map.shape, side)
    return try map.reshape([shape[0], shape[1], shape[2] / cell, cell, shape[3] / cell, cell])
  }
}

/// Mean and spread of the patches of a reference.
private struct Standardization {
  let center: Double
  let scale: Double

  static let identity = Standardization(center: 0, scale: 1)

  private init(center: Double, scale: Double) {
    self.center = center
    self.scale = scale
  }

  /// The mean, and the rms of the standard deviations within patches, of [1, 1, S, S] with S a
  /// multiple of `patchSide`.
  init(_ reference: Tensor, patchSide: Int) throws {
    let count = reference.shape[2] / patchSide
    let patches = try reference.reshape([count, patchSide, count, patchSide]).permute([0, 2, 1, 3])
      .reshape([count * count, patchSide * patchSide])
    self.init(
      center: try patches.mean().item(),
      scale: try patches.std([1]).square().mean().item().squareRoot())
  }

  func callAsFunction(_ values: Tensor) throws -> Tensor { try (values - center) / scale }
}
