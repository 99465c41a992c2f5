import Foundation
import TorchCore

/// The whitened values of an endless map with one set of labels.
///
/// The statistics are brought to the labels with the numbers of a reference, the tiles at the
/// origin or in the middle of a region. The network's mean output differs between the pixels of a
/// latent cell; on an endless map that is a lattice, so the mean of the reference at each of these
/// pixels is subtracted.
final class EndlessGround {
  /// Rows and columns are drawn from a multiple of it to another one, in pixels.
  static let grain = 64
  /// Tiles along each side of the reference.
  private static let referenceTiles = 2

  let label: FieldLabel
  private let model: FieldModel
  private let draw: FieldDraw
  private let plan: FieldPlan
  /// The mean output at the pixels of a latent cell, and that of whitened values.
  private var lattice: CellPattern?
  private var whiteLattice: CellPattern?
  private var outputScale: [Standardization] = []
  private var whiteScale = Standardization.identity

  /// - Parameter referenceStart: row and column at which the reference begins, multiples of
  ///   `grain`.
  /// - Throws: `FieldError.noLabels`, `TorchError`.
  init(
    _ model: FieldModel, _ draw: FieldDraw, referenceStart: (row: Int, column: Int) = (0, 0),
    dtype: DType
  ) throws {
    self.model = model
    self.draw = draw
    let raw = try draw.labels(model)
    label = FieldLabel(raw)
    plan = try FieldPlan(
      model.base, style: draw.style(level: 0, size: model.base.styleSize).to(device: model.device),
      labels: model.normalized(raw), dtype: dtype)
    try measureReference(referenceStart)
  }

  /// Whitened rates in cm/yr less the mean, and for models that draw it the logarithm of the
  /// detail's rms: [1, C, rows, columns].
  /// - Parameter rows, columns: at most a tile, from multiples of `grain` to others.
  func white(rows: Range<Int>, columns: Range<Int>) throws -> Tensor {
    let plain = try drawn(rows, columns)
    let drawn = try lattice?.subtracted(from: plain) ?? plain
    let white = try whiteScale(whiteUnscaled(drawn)) * label.spread
    guard model.description.drawsEnergy else { return white }
    let energy =
      try outputScale[1](drawn.narrow(1, from: 1, length: 1)) * label.energyDeviation
      + label.energyMean
    return try .concatenate([white, energy], 1)
  }

  private func drawn(_ rows: Range<Int>, _ columns: Range<Int>) throws -> Tensor {
    try model.baseTile(draw, rows: rows, columns: columns, plan.callAsFunction)
  }

  private func whiteUnscaled(_ drawn: Tensor) throws -> Tensor {
    let compressed =
      try outputScale[0](drawn.narrow(1, from: 0, length: 1)) * label.compressedSpread
      + label.shift
    let white = try Companding(knee: FieldModel.knee).expand(compressed)
    return try whiteLattice?.subtracted(from: white) ?? white
  }

  /// Takes the numbers that bring the map to its labels from the tiles at the origin, which are the
  /// same whatever windows are asked for.
  private func measureReference(_ start: (row: Int, column: Int)) throws {
    let side = EndlessMap.tileSide
    let parts = (0..<Self.referenceTiles).map { $0 * side..<($0 + 1) * side }
    let bands = try parts.map { rows in
      try Tensor.concatenate(
        parts.map { try self.drawn(rows.shifted(by: start.row), $0.shifted(by: start.column)) }, 3)
    }
    var drawn = try Tensor.concatenate(bands, 2)
    let lattice = try CellPattern(drawn)
    self.lattice = lattice
    drawn = try lattice.subtracted(from: drawn)
    let patchSide = model.geometry.patchSide
    outputScale = try (0..<drawn.shape[1]).map {
      try Standardization(drawn.narrow(1, from: $0, length: 1), patchSide: patchSide)
    }
    // The expansion is not linear: what is left of the lattice is taken away after it.
    whiteLattice = try CellPattern(whiteUnscaled(drawn))
    whiteScale = try Standardization(whiteUnscaled(drawn), patchSide: patchSide)
  }
}

/// The mean of the cells of 16 x 16 px of a reference, less the mean of all its pixels.
///
/// The latent cells of a base network with more than four blocks are larger. Of those a reference
/// holds too few (64 of 64 x 64 px): the error of their mean would be a lattice of its own.
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
