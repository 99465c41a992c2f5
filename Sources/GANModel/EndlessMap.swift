import Foundation
import TorchCore

/// One endless map of a field model: its rate at a pixel depends only on the model, the draw and the
/// pixel's position, so that any two windows agree where they overlap.
///
/// The base network's output is brought to the map's labels by `EndlessGround`, and the inverse of the
/// whitening is a convolution (`EndlessWhitening`). What the networks draw for one window and the next
/// one may need is kept (`TileCache`): ask for windows from top to bottom.
///
/// Not Sendable, as tensors are not.
package final class EndlessMap {
  /// Side of a tile of the base map and of detail in pixels, which fits the processor's cache.
  static let tileSide = 256
  /// Base pixels that are inverted at once in maps without detail.
  private static let blockHeight = 512
  private static let blockWidth = 1024
  /// Coarse pixels to which detail is added at once.
  private static let refinedHeight = 128
  private static let refinedWidth = 256

  private let model: FieldModel
  private let draw: FieldDraw
  private let ground: EndlessGround
  private let detail: FieldPlan?
  private let whitening: EndlessWhitening
  private let whiteTiles: TileCache
  private let baseTiles: TileCache
  private let detailTiles: TileCache

  /// - Parameters:
  ///   - dtype: the type that the networks compute in, float32 or bfloat16. Maps of different
  ///     types differ by some percent of their texture.
  /// - Throws: `FieldError.noLabels`, `TorchError`.
  package init(_ model: FieldModel, _ draw: FieldDraw, dtype: DType = .float32) throws {
    self.model = model
    self.draw = draw
    (ground, detail, whitening) = try withoutGradients {
      (
        try EndlessGround(model, draw, dtype: dtype),
        try model.detail.map { network in
          try FieldPlan(
            network, style: draw.style(level: 1, size: network.styleSize).to(device: model.device),
            labels: nil, dtype: dtype)
        },
        try EndlessWhitening(patchSide: model.geometry.patchSide, device: model.device)
      )
    }
    let (side, device) = (Self.tileSide, model.device)
    // Offsets such that the blocks below, with what they need around, end with a tile.
    whiteTiles = TileCache(
      side: side, offset: EndlessWhitening.radius, grain: EndlessGround.grain, device: device)
    baseTiles = TileCache(side: side, grain: side, device: device)
    let factor = FieldRefinement.factor
    detailTiles = TileCache(
      side: side, offset: factor * model.refinement.detailMargin, grain: factor, device: device)
  }

  /// Rates in cm/yr of a part of the map, row-major; rows and columns may be negative.
  /// - Parameter interruption: called before each tile; what it throws ends the drawing.
  package func window(
    rows: Range<Int>, columns: Range<Int>, interruption: () throws -> Void = {}
  ) throws -> [Float] {
    var map = MapPixels(rows: rows, columns: columns)
    try withoutGradients {
      guard let detail else {
        for band in rows.parts(endingAt: Self.blockHeight) {
          keepTiles(for: band)
          for part in columns.parts(endingAt: Self.blockWidth) {
            try map.place(baseBlock(band, part, interruption), rows: band, columns: part)
          }
        }
        return
      }
      let factor = FieldRefinement.factor
      for band in rows.numbers(of: factor).parts(endingAt: Self.refinedHeight) {
        keepTiles(for: band)
        for part in columns.numbers(of: factor).parts(endingAt: Self.refinedWidth) {
          try map.place(
            refined(detail, band, part, interruption), rows: band.multiplied(by: factor),
            columns: part.multiplied(by: factor))
        }
      }
    }
    return map.values
  }

  /// Forgets what a band does not need: rows of the map, or of the coarse map for a model with detail.
  private func keepTiles(for band: Range<Int>) {
    var base = band
    if detail != nil {
      let factor = FieldRefinement.factor
      let rows = band.extended(by: model.refinement.detailMargin).multiplied(by: factor)
      detailTiles.keep(rows)
      base = detailTiles.covering(rows).numbers(of: factor)
        .extended(by: FieldRefinement.contextMargin + model.energyMargin)
      baseTiles.keep(base)
      base = baseTiles.covering(base)
    }
    whiteTiles.keep(base.extended(by: EndlessWhitening.radius))
  }

  // MARK: Base

  /// Rates, and for a model that draws it the logarithm of the detail's rms: [1, C, rows, columns].
  private func baseBlock(
    _ rows: Range<Int>, _ columns: Range<Int>, _ interruption: () throws -> Void
  ) throws -> Tensor {
    let radius = EndlessWhitening.radius
    let white = try whiteTiles.part(rows.extended(by: radius), columns.extended(by: radius)) {
      try interruption()
      return try ground.white(rows: $0, columns: $1)
    }
    let rates = try whitening.invert(white.narrow(1, from: 0, length: 1)) + ground.label.mean
    guard model.description.drawsEnergy else { return rates }
    return try .concatenate([rates, white.narrow(1, from: 1, length: 1).cropped(radius)], 1)
  }

  // MARK: Detail

  /// The coarse map and the logarithm of the rms of the detail on it: [1, 1, rows, columns] each.
  private func coarse(
    _ rows: Range<Int>, _ columns: Range<Int>, _ interruption: () throws -> Void
  ) throws -> (coarse: Tensor, energy: Tensor) {
    let margin = model.energyMargin
    let base = try baseTiles.part(rows.extended(by: margin), columns.extended(by: margin)) {
      try baseBlock($0, $1, interruption)
    }
    return try model.coarseAndEnergy(base, floor: ground.label.deviation * FieldModel.detailFloor)
  }

  private func refined(
    _ network: FieldPlan, _ rows: Range<Int>, _ columns: Range<Int>,
    _ interruption: () throws -> Void
  ) throws -> Tensor {
    let (refinement, factor) = (model.refinement, FieldRefinement.factor)
    let reach = refinement.detailMargin
    let detail = try detailTiles.part(
      rows.extended(by: reach).multiplied(by: factor),
      columns.extended(by: reach).multiplied(by: factor)
    ) { rows, columns in
      try interruption()
      let (rows, columns) = (rows.numbers(of: factor), columns.numbers(of: factor))
      let margin = FieldRefinement.contextMargin
      let (coarse, energy) = try self.coarse(
        rows.extended(by: margin), columns.extended(by: margin), interruption)
      let latents = try draw.detailGrid(
        rows: rows, columns: columns, margin: FieldRefinement.networkMargin)
      return try refinement.detail(
        coarse: coarse, energy: energy, latents: latents.to(device: model.device),
        network.callAsFunction)
    }
    let (coarse, energy) = try self.coarse(
      rows.extended(by: refinement.margin), columns.extended(by: refinement.margin), interruption)
    return try refinement.finish(coarse: coarse, energy: energy, detail: detail)
  }
}
