import Datasets
import DurableFiles
import Kernel

extension PatchSetReader {
  /// Random windows of the maps in folders, drawn like windows of scenes: at the scales of
  /// `drawing.multiScale`, one window per map in turn, at any position.
  ///
  /// No window is rejected, not even constant ones, because the simulator's output is compared as
  /// it is. Window i depends only on the maps, the seed and i.
  /// - Parameter folders: folders of rasters, such as `ganinsar simulate` writes.
  /// - Throws: `PatchError.unusableSet` for a folder without rasters, a map smaller than the
  ///   largest window, and values that are missing or not rates; the errors of reading rasters;
  ///   `RunError.interrupted`.
  package func windows(ofMapsIn folders: [String], name: String) throws -> EvaluationSet {
    let contents = try folders.map(mapFolder)
    let maps = contents.flatMap { content in
      content.files.map { (folder: content.path, file: $0) }
    }
    let reader = rateMaps
    let scales = drawing.multiScale.mix.filter { $0.weight > 0 }
    let largest = patchSize * (scales.map(\.factor).max() ?? 1)
    var found: [(patch: [Float], origin: PatchOrigin)?] = Array(repeating: nil, count: count)
    for (number, map) in maps.enumerated() where number < count {
      try Interruption.check()
      let path = "\(map.folder)/\(map.file)"
      let raster = try reader.read(path).raster
      guard min(raster.width, raster.height) >= largest else {
        throw PatchError.unusableSet(
          path: path,
          problem: "it has \(raster.width)x\(raster.height) pixels, and the largest window "
            + "\(largest)x\(largest)",
          remedy: "Make larger maps, or draw smaller patches.")
      }
      try checkFinite(raster.values, path: path)
      let grid = RateGrid(width: raster.width, height: raster.height, values: raster.values)
      for index in stride(from: number, to: count, by: maps.count) {
        found[index] = window(index, of: grid, file: map.file, scales)
      }
    }
    let all = found.compactMap { $0 }  // every index has a map
    return EvaluationSet(
      name: name, path: folders.joined(separator: ", "), kind: .folder, size: patchSize,
      patches: all.map(\.patch), origins: all.map(\.origin),
      notes: contents.flatMap(\.notes) + reader.notes.sentences
        + ["\(count) random windows of \(min(count, maps.count)) maps."])
  }

  private func window(
    _ index: Int, of grid: RateGrid, file: String, _ scales: [MultiScale.Scale]
  ) -> (patch: [Float], origin: PatchOrigin) {
    var random = CounterRandom(seed, .mapWindows, UInt64(index))
    var pick = random.uniform() * scales.reduce(0) { $0 + $1.weight }
    let scale = scales.first { scale in
      pick -= scale.weight
      return pick < 0
    }
    let factor = scale?.factor ?? scales.last?.factor ?? 1
    let side = patchSize * factor
    let column = random.integer(below: grid.width - side + 1)
    let row = random.integer(below: grid.height - side + 1)
    return (
      BoxMean.window(of: grid, column: column, row: row, side: patchSize, factor: factor),
      PatchOrigin(
        label: "\(file) (\(column), \(row))" + (factor > 1 ? " /\(factor)" : ""), file: file,
        column: column, row: row, windowSide: side)
    )
  }
}
