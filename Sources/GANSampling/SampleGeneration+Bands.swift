import DurableFiles
import GANModel
import Kernel
import RasterIO
import Rasters
import RunSupport

// Maps of any size: made band by band with bounded memory, continued after an interruption, and
// shared by several processes.
extension SampleGeneration {
  /// Makes the bands of this shard, and the maps as soon as all bands exist.
  /// - Returns: `false` for a model of fixed size, which makes no bands.
  func runInBands(
    _ model: RateMapModel, _ size: MapSize, _ georeference: Georeference?,
    _ progress: (Int) -> Void
  ) throws -> Bool {
    guard try model.endlessMap(first, seed: seed, options) != nil else { return false }
    let whole = output
    let output = ShardFolders.path(whole, bandShard)
    if bandShard != .whole {
      var expected = manifest(model, size)
      expected.isComplete = true
      if SampleManifest.read(whole)?.isSameJob(as: expected) == true { return true }
    }
    let folder = try SampleFolder(
      output, manifest(model, size, bandShard: bandShard), overwrite: overwrite)
    var done = 0
    var thumbnails: [Raster] = []
    for index in first..<first + count {
      let bands = MapBands(folder: folder.bandFolder(index), size: size)
      let own = bandShard.range(of: bands.count)
      if !folder.isComplete(index) {
        try draw(bands, own, model, index) { progress(done + $0) }
        if bandShard == .whole {
          let thumbnail = try putTogether(index, size, georeference, in: folder) {
            try bands.read($0)
          }
          if thumbnails.count < Self.shown { thumbnails.append(thumbnail) }
          bands.remove()
        }
      }
      done += own.count
      progress(done)
    }
    if !thumbnails.isEmpty { try writeContactSheet(thumbnails, nil, in: folder) }
    try folder.finish()
    if bandShard != .whole { try joinShards(whole, model, size, georeference) }
    return true
  }

  /// Writes those bands of a map that do not exist yet.
  private func draw(
    _ bands: MapBands, _ own: Range<Int>, _ model: RateMapModel, _ index: Int,
    _ progress: (Int) -> Void
  ) throws {
    guard own.contains(where: { !bands.isComplete($0) }),
      let map = try model.endlessMap(index, seed: seed, options)
    else { return }
    let window = options.window ?? MapWindow(x: 0, y: 0, size: bands.size)
    for band in own {
      defer { progress(band + 1 - own.lowerBound) }
      guard !bands.isComplete(band) else { continue }
      let rows = bands.rows(band)
      let values = try map.window(
        rows: window.y + rows.lowerBound..<window.y + rows.upperBound, columns: window.columns,
        interruption: Interruption.check)
      guard values.allSatisfy(\.isFinite) else {
        throw SamplingError.notFinite(sample: index, model: self.model)
      }
      try bands.write(values, band: band)
    }
  }

  /// Writes a map from its bands.
  /// - Returns: a small picture of it.
  private func putTogether(
    _ index: Int, _ size: MapSize, _ georeference: Georeference?, in folder: SampleFolder,
    _ read: @escaping (Int) throws -> [Float]
  ) throws -> Raster {
    var thumbnail = MapThumbnail(size)
    var seen = 0
    let rows = RasterRows(
      width: size.width, height: size.height, unit: .centimetersPerYear,
      georeference: georeference, bandHeight: MapBands.height
    ) { rows in
      try Interruption.check()
      let values = try read(rows.lowerBound / MapBands.height)
      // Every format reads the rows once.
      if rows.lowerBound >= seen {
        thumbnail.add(values, rows: rows)
        seen = rows.upperBound
      }
      return values
    }
    try folder.write(rows, index: index)
    return thumbnail.raster
  }

  /// Puts the maps together if this was the last shard; otherwise another one does it.
  private func joinShards(
    _ output: String, _ model: RateMapModel, _ size: MapSize, _ georeference: Georeference?
  ) throws {
    let shards = try (0..<bandShard.count).map { try JobShard($0, of: bandShard.count) }
    let folders = shards.map { ShardFolders.path(output, $0) }
    for (shard, folder) in zip(shards, folders) {
      var expected = manifest(model, size, bandShard: shard)
      expected.isComplete = true
      guard SampleManifest.read(folder)?.isSameJob(as: expected) == true else { return }
    }
    let whole: SampleFolder
    do {
      whole = try SampleFolder(output, manifest(model, size), overwrite: overwrite)
    } catch RunError.inUse {
      return
    }
    var thumbnails: [Raster] = []
    for index in first..<first + count where !whole.isComplete(index) {
      func bands(of folder: String) -> MapBands {
        MapBands(folder: SampleFolder.bandFolder(folder, index), size: size)
      }
      let thumbnail = try putTogether(index, size, georeference, in: whole) { band in
        let place = shards.firstIndex { $0.range(of: bands(of: "").count).contains(band) } ?? 0
        return try bands(of: folders[place]).read(band)
      }
      if thumbnails.count < Self.shown { thumbnails.append(thumbnail) }
    }
    if !thumbnails.isEmpty { try writeContactSheet(thumbnails, nil, in: whole) }
    try whole.finish()
    for folder in folders { FileSystem.remove(folder) }
  }
}
