import TorchCore

extension FieldModel {
  /// Side in pixels of the patch that defines the wave numbers of the whitening, whatever the size
  /// of the training patches.
  private static let whiteningSide = FieldNormalization.patchSide
  /// The knee of the companding, in standard deviations of a whitened patch.
  static let knee = 0.1
  /// Side of a tile: pixels of a base map generated at once, and coarse pixels refined at once.
  private static let smallestTile = 192

  /// A map as large as a training patch or smaller, in cm/yr, row-major, [height, width].
  ///
  /// Its own pixels have exactly the statistics of its labels. Larger maps and parts of maps are
  /// `EndlessMap`s, of which no window's own statistics may matter.
  /// - Parameter interruption: called before each tile; an error that it throws ends the
  ///   generation.
  /// - Throws: `TorchError` from the networks, `FieldError.noLabels`, and the error of
  ///   `interruption`.
  package func map(
    _ draw: FieldDraw, width: Int, height: Int, interruption: () throws -> Void = {}
  ) throws -> [Float] {
    try withoutGradients {
      guard let detail else {
        let rates = try baseMap(draw, rows: 0..<height, columns: 0..<width, interruption)
        return try rates.to(device: .cpu).floats()
      }
      return try refinedMap(detail, draw, width: width, height: height, interruption)
    }
  }

  /// Raw labels as the base network takes them: [1, labelCount].
  func normalized(_ raw: [Float]) throws -> Tensor {
    try Tensor(
      raw.indices.map { (raw[$0] - labelMeans[$0]) / labelDeviations[$0] }, shape: [1, raw.count]
    ).to(device: device)
  }

  // MARK: Base

  /// Channels of a base map in physical units: rates in cm/yr, and for a model with detail the
  /// logarithm of its rms: [1, C, rows, columns]. Positions are those of the infinite map.
  private func baseMap(
    _ draw: FieldDraw, rows: Range<Int>, columns: Range<Int>, _ interruption: () throws -> Void
  ) throws -> Tensor {
    let raw = try draw.labels(self)
    let labels = try normalized(raw)
    let style = try draw.style(level: 0, size: base.styleSize).to(device: device)

    let tile = max(Self.smallestTile, geometry.patchSide)
    let bands = try rows.tiles(of: tile).map { band in
      try Tensor.concatenate(
        columns.tiles(of: tile).map { part in
          try interruption()
          return try baseTile(draw, rows: band, columns: part) {
            try base($0.grid, style: style, labels: labels, noise: $0.noise)
          }
        }, 3)
    }
    return try physical(.concatenate(bands, 2), FieldLabel(raw))
  }

  /// The output of the base network for pixels of the infinite map: [1, C, rows, columns].
  /// - Parameter network: the base network with its style and labels.
  func baseTile(
    _ draw: FieldDraw, rows: Range<Int>, columns: Range<Int>,
    _ network: (FieldInput) throws -> Tensor
  ) throws -> Tensor {
    let (rows, columns) = (rows.extended(by: filterRadius), columns.extended(by: filterRadius))
    let (cellRows, top) = geometry.cells(covering: rows)
    let (cellColumns, left) = geometry.cells(covering: columns)
    let input = try draw.baseInput(
      geometry, noisePlanes: base.noisePlanes, rows: cellRows, columns: cellColumns
    ).to(device: device)
    let drawn = try network(input).narrow(2, from: top, length: rows.count)
      .narrow(3, from: left, length: columns.count)
    guard let filter else { return drawn }
    return try drawn.conv2d(filter, bias: nil)
  }

  var geometry: FieldGeometry { description.geometry }

  /// Scales the base network's output to the statistics of the labels.
  private func physical(_ drawn: Tensor, _ label: FieldLabel) throws -> Tensor {
    let rates = try Self.rates(drawn.narrow(1, from: 0, length: 1), label)
    guard description.drawsEnergy else { return rates }
    let energy =
      try Self.standardized(drawn.narrow(1, from: 1, length: 1)) * label.energyDeviation
      + label.energyMean
    return try .concatenate([rates, energy], 1)
  }

  /// Maps in cm/yr, [N, 1, H, W], of which a network drew the shapes: undoes `FieldNormalization`.
  static func rates(_ drawn: Tensor, _ label: FieldLabel) throws -> Tensor {
    let compressed = try standardized(drawn) * label.compressedSpread + label.shift
    let white = try standardized(Companding(knee: knee).expand(compressed)) * label.spread
    let flattening = SpectralFlattening(exponent: 1, patchSide: whiteningSide)
    return try flattening.invert(white) + label.mean
  }

  private static func standardized(_ x: Tensor) throws -> Tensor {
    let centered = try x - x.mean([2, 3], keepDims: true)
    return try centered / centered.std([2, 3], keepDims: true)
  }

  // MARK: Detail

  private func refinedMap(
    _ network: FieldGenerator, _ draw: FieldDraw, width: Int, height: Int,
    _ interruption: () throws -> Void
  ) throws -> [Float] {
    let factor = FieldRefinement.factor
    let margin = refinement.margin + energyMargin
    let floor = try Tensor.full(
      [1, 1, 1, 1], FieldLabel(draw.labels(self)).deviation * Self.detailFloor, device: device)
    let rows = 0..<(height + factor - 1) / factor
    let columns = 0..<(width + factor - 1) / factor
    let coarse = try baseMap(
      draw, rows: rows.extended(by: margin), columns: columns.extended(by: margin), interruption)
    let style = try draw.style(level: 1, size: network.styleSize).to(device: device)
    var map = MapPixels(rows: 0..<height, columns: 0..<width)
    for band in rows.tiles(of: Self.smallestTile / factor) {
      for part in columns.tiles(of: Self.smallestTile / factor) {
        try interruption()
        let around = try coarse.narrow(2, from: band.lowerBound, length: band.count + 2 * margin)
          .narrow(3, from: part.lowerBound, length: part.count + 2 * margin)
        let latents = try draw.detailInput(
          noisePlanes: network.noisePlanes, rows: band, columns: part,
          margin: refinement.latentMargin)
        let refined = try self.refined(around, latents, floor: floor) {
          try network($0.grid, style: style, noise: $0.noise)
        }
        try map.place(
          refined, rows: band.multiplied(by: factor), columns: part.multiplied(by: factor))
      }
    }
    return map.values
  }

  /// rms of the detail on coarse ground without roughness, over the spread of the map's label.
  static let detailFloor = 0.02

  /// Adds detail to a part of a map that this model drew.
  /// - Parameters:
  ///   - base: the coarse map, and its energy if that is drawn, with the margin that is needed.
  ///   - floor: the least rms of the detail in cm/yr.
  private func refined(
    _ base: Tensor, _ latents: FieldInput, floor: Tensor,
    _ network: (FieldInput) throws -> Tensor
  ) throws -> Tensor {
    let (coarse, energy) = try coarseAndEnergy(base, floor: floor)
    return try refinement.refine(
      coarse: coarse, energy: energy, latents: latents.to(device: device), network)
  }

  /// A coarse map and the logarithm of the rms of the detail on it.
  /// - Parameters:
  ///   - base: the coarse map with `energyMargin` more pixels around, or the coarse map and its energy
  ///     if that is drawn.
  ///   - floor: the least rms of the detail in cm/yr, one for all or one for each pixel.
  func coarseAndEnergy(_ base: Tensor, floor: Tensor) throws -> (coarse: Tensor, energy: Tensor) {
    let coarse = try base.narrow(1, from: 0, length: 1)
    guard description.drawsEnergy else {
      return (
        try coarse.cropped(FieldRefinement.energyMargin),
        try FieldRefinement.energy(coarse, smallest: floor)
      )
    }
    return (coarse, try base.narrow(1, from: 1, length: 1))
  }

  /// Pixels of a map per pixel of the base map along each axis.
  var pixelsPerBasePixel: Int { detail == nil ? 1 : FieldRefinement.factor }

  /// - Throws: `FieldError.regions` for a side of regions that is not supported.
  package func checkRegions(_ side: Int) throws {
    let step = EndlessMap.tileSide * pixelsPerBasePixel
    guard side >= 2 * step, side % step == 0 else {
      throw FieldError.regions(side: side, step: step)
    }
  }

  /// Number of pixels that `coarseAndEnergy` needs around.
  var energyMargin: Int { description.drawsEnergy ? 0 : FieldRefinement.energyMargin }
}

extension Range<Int> {
  func extended(by margin: Int) -> Range<Int> { lowerBound - margin..<upperBound + margin }

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
