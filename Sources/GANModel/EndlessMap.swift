import Foundation
import TorchCore

/// One endless map of a field model: its rate at a pixel depends only on the model, the draw and
/// the pixel's position, so that any two windows agree where they overlap.
///
/// The base network's output is brought to the map's labels by `EndlessGround`, and the inverse of
/// the whitening is a convolution (`EndlessWhitening`). What the networks draw for one window and
/// the next one may need is kept (`TileCache`): ask for windows from top to bottom.
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
  private let dtype: DType
  private let regions: EndlessRegions?
  /// By region; that of a map without regions has the position 0, 0.
  private var grounds: [EndlessRegions.Position: EndlessGround] = [:]
  private let detail: FieldPlan?
  private let whitening: EndlessWhitening
  private let whiteTiles: TileCache
  private let baseTiles: TileCache
  private let detailTiles: TileCache

  /// - Parameters:
  ///   - dtype: the type that the networks compute in, float32 or bfloat16. Maps of different
  ///     types differ by some percent of their texture.
  ///   - regionSide: side in pixels of regions with labels of their own; `nil` for one set of labels.
  /// - Throws: `FieldError.noLabels`, `FieldError.regions`, `TorchError`.
  package init(
    _ model: FieldModel, _ draw: FieldDraw, dtype: DType = .float32, regionSide: Int? = nil
  ) throws {
    self.model = model
    self.draw = draw
    self.dtype = dtype
    try regionSide.map(model.checkRegions)
    regions = regionSide.map {
      EndlessRegions(side: $0 / model.pixelsPerBasePixel, seed: draw.seed, map: draw.map)
    }
    (detail, whitening) = try withoutGradients {
      (
        try model.detail.map { network in
          let style = try draw.style(level: 1, size: network.styleSize).to(device: model.device)
          return try FieldPlan(network, style: style, labels: nil, dtype: dtype)
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
    _ = try draw.choice.rows(of: model)
    if regions == nil { _ = try withoutGradients { try ground(.init(row: 0, column: 0)) } }
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

  /// Forgets what a band does not need: rows of the map, or of the coarse map for a model with
  /// detail.
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
    base = base.extended(by: EndlessWhitening.radius)
    whiteTiles.keep(base)
    if let regions {
      let numbers = regions.numbers(whiteTiles.covering(base))
      grounds = grounds.filter { numbers.contains($0.key.row) }
    }
  }

  // MARK: Regions

  private func ground(_ region: EndlessRegions.Position) throws -> EndlessGround {
    if let ground = grounds[region] { return ground }
    var draw = draw
    if regions != nil { draw.region = region }
    let start = regions.map {
      (row: $0.referenceStart(region.row), column: $0.referenceStart(region.column))
    }
    let ground = try EndlessGround(model, draw, referenceStart: start ?? (0, 0), dtype: dtype)
    grounds[region] = ground
    return ground
  }

  /// The grounds that have a part in pixels of the base map, and which: [1, 1, rows, columns];
  /// `nil` for the whole.
  private func parts(_ rows: Range<Int>, _ columns: Range<Int>) throws -> [(
    ground: EndlessGround, weight: Tensor?
  )] {
    guard let regions else { return [(try ground(.init(row: 0, column: 0)), nil)] }
    return try regions.weights(rows: rows, columns: columns)
      .filter { $0.plane?.contains { $0 > 0 } ?? true }
      .map { region, plane in
        (
          try ground(region),
          try plane.map {
            try Tensor($0, shape: [1, 1, rows.count, columns.count]).to(device: model.device)
          }
        )
      }
  }

  private func white(_ rows: Range<Int>, _ columns: Range<Int>) throws -> Tensor {
    try Self.blended(
      parts(rows, columns).map { (try $0.ground.white(rows: rows, columns: columns), $0.weight) })
  }

  /// A number of the labels at pixels of the base map: [1, 1, rows, columns], or [1, 1, 1, 1] if it
  /// is the same everywhere.
  private func labeled(
    _ rows: Range<Int>, _ columns: Range<Int>, _ number: (FieldLabel) -> Double
  ) throws -> Tensor {
    try Self.blended(
      parts(rows, columns).map {
        (try .full([1, 1, 1, 1], number($0.ground.label), device: model.device), $0.weight)
      })
  }

  private static func blended(_ parts: [(values: Tensor, weight: Tensor?)]) throws -> Tensor {
    guard let first = parts.first else { preconditionFailure("pixels of no region") }
    guard let weight = first.weight else { return first.values }
    let sum = try first.values * weight
    return try parts.dropFirst().reduce(sum) { sum, part in
      guard let weight = part.weight else { return sum }
      return try sum + part.values * weight
    }
  }

  // MARK: Base

  /// Rates, and for a model that draws it the logarithm of the detail's rms: [1, C, rows, columns].
  private func baseBlock(
    _ rows: Range<Int>, _ columns: Range<Int>, _ interruption: () throws -> Void
  ) throws -> Tensor {
    let radius = EndlessWhitening.radius
    let white = try whiteTiles.part(rows.extended(by: radius), columns.extended(by: radius)) {
      try interruption()
      return try self.white($0, $1)
    }
    let rates =
      try whitening.invert(white.narrow(1, from: 0, length: 1))
      + labeled(rows, columns) { $0.mean }
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
    let floor = try labeled(rows, columns) { $0.deviation } * FieldModel.detailFloor
    return try model.coarseAndEnergy(base, floor: floor)
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
      let latents = try draw.detailInput(
        noisePlanes: network.noisePlanes, rows: rows, columns: columns,
        margin: FieldRefinement.networkMargin)
      return try refinement.detail(
        coarse: coarse, energy: energy, latents: latents.to(device: model.device),
        network.callAsFunction)
    }
    let (coarse, energy) = try self.coarse(
      rows.extended(by: refinement.margin), columns.extended(by: refinement.margin), interruption)
    return try refinement.finish(coarse: coarse, energy: energy, detail: detail)
  }
}
