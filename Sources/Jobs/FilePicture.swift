import Datasets
import DurableFiles
import Foundation
import Kernel
import Pictures
import RasterIO
import Rasters
import StackFiles

/// A picture of what files and folders hold, as `ganinsar view` draws it: rasters side by side, or
/// the contact sheet of a stack, of samples or of a folder of maps.
package struct FilePicture: Sendable {
  /// How rasters are read that do not describe themselves.
  package var options = RasterReadOptions()
  /// The color map; `nil` chooses it for each map.
  package var kind: MapKind?
  /// Of every color scale, in place of robust ones.
  package var limits: ClosedRange<Float>?
  package var title: String?
  package var columns: Int?
  /// Length of the longer side of a map in the picture, in pixels.
  package var side: Double?
  /// Number of maps, samples or interferograms drawn of a folder, evenly taken.
  package var count = 8
  /// Samples of a dataset, counted from 0, in place of evenly taken ones.
  package var samples: [Int] = []
  /// Layers of stacks and samples; `nil` for all.
  package var layers: [String]?
  /// Image pixels for each pixel of the picture, in a PNG.
  package var pixelScale = 1

  package init() {}

  /// - Returns: the drawing, and notes about how files were read, one sentence each.
  /// - Throws: `RasterError`, `StackIOError`, `RunError`, `DatasetError`.
  package func drawing(_ paths: [String]) throws -> (drawing: Drawing, notes: [String]) {
    guard paths.count == 1, FileSystem.isFolder(paths[0]) else { return try rasters(paths) }
    let path = FilePath.trimmed(paths[0])
    if SampleDataset.isDataset(path) { return (try dataset(path), []) }
    // `dataset` divides samples between folders.
    for part in ["train", "validation", "test"] where SampleDataset.isDataset("\(path)/\(part)") {
      return (try dataset("\(path)/\(part)"), ["these are samples of \(path)/\(part)"])
    }
    if FileSystem.exists("\(path)/\(DatasetManifest.fileName)") { return try scenes(path) }
    if FileSystem.exists("\(path)/snapshots") { return try run(path) }
    if (try? StackSource.readManifest(path)) != nil {
      let sheet = try LayerSheet.stack(
        path, count: count, only: layers, title: title, limits: layerLimits(path),
        side: side ?? 150)
      return (sheet.drawing(scale: pixelScale), [])
    }
    if let stack = try foreignStack(path) { return stack }
    return try maps(path)
  }

  // MARK: - Rasters

  private func rasters(_ paths: [String]) throws -> (Drawing, [String]) {
    var notes: [String] = []
    var panels: [MapPanel] = []
    for path in paths {
      try Interruption.check()
      if options.band == nil, let items = try items(of: path) {
        panels += items
        continue
      }
      let scene = try RasterReader.read(path, options: options)
      notes += scene.description.notes.map { "\(path): \($0)" }
      let isOnly = paths.count == 1
      let name = [FilePath.name(path), scene.description.dataset].compactMap { $0 }
        .joined(separator: ", ")
      panels.append(
        try panel(
          scene.raster, name: name, path: path, title: isOnly ? title ?? name : name,
          unit: scene.raster.unit?.rawValue, quantity: scene.description.quantity))
    }
    let grid = MapGrid(
      panels, columns: columns, side: side, title: panels.count > 1 ? title ?? "" : "")
    return (grid.drawing(scale: pixelScale), notes)
  }

  private func panel(
    _ raster: Raster, name: String, path: String, title: String, unit: String?,
    quantity: Quantity? = nil
  ) throws -> MapPanel {
    guard raster.values.contains(where: \.isFinite) else {
      throw RasterError.noValidPixels(path: path)
    }
    let kind = kind ?? ColorScale.kind(name: name, unit: unit, values: raster.values)
    return MapPanel(
      raster: raster, title: title,
      scale: scale(quantity, kind, values: raster.values, unit: unit),
      pixelSizeMeters: raster.georeference?.pixelSizeMeters[0])
  }

  /// The scale of maps whose quantity is stated and not that of rates; else that of `kind`.
  private func scale(_ quantity: Quantity?, _ kind: MapKind, values: [Float], unit: String?)
    -> ColorScale
  {
    guard let quantity, quantity != .rate, self.kind == nil, limits == nil else {
      return .choice(kind, values: values, unit: unit, limits: limits)
    }
    return ColorScale(quantity, values: values)
  }

  /// Items of an `.npy` stack [N, H, W], evenly taken, on one color scale; `nil` for other files.
  private func items(of path: String) throws -> [MapPanel]? {
    guard path.hasSuffix(".npy"), let reader = try? NpyReader(path), reader.shape.count == 3,
      reader.shape[0] > 1
    else { return nil }
    let scenes = try LayerSheet.evenly(count, of: reader.shape[0]).map { index in
      var options = options
      options.band = index + 1
      return (index, try RasterReader.read(path, options: options))
    }
    let unit = scenes[0].1.raster.unit?.rawValue
    let values = scenes.flatMap { ColorScale.thinned($0.1.raster.values) }
    guard !values.isEmpty else { throw RasterError.noValidPixels(path: path) }
    let name = FilePath.name(path)
    let kind = kind ?? ColorScale.kind(name: name, unit: unit, values: values)
    let scale = ColorScale.choice(kind, values: values, unit: unit, limits: limits)
    return scenes.map { index, scene in
      MapPanel(
        raster: scene.raster, title: "\(name), band \(index + 1) of \(reader.shape[0])",
        scale: scale, pixelSizeMeters: nil)
    }
  }

  // MARK: - Folders

  private func dataset(_ path: String) throws -> Drawing {
    let dataset = try SampleDataset(path)
    let finished = dataset.finishedCount
    let indices = samples.isEmpty ? LayerSheet.evenly(count, of: finished) : samples
    guard !indices.isEmpty else {
      throw StackIOError.badStack(
        path: path, reason: "none of its samples is finished",
        remedy: "Start the command that writes it again.")
    }
    let names = dataset.arrays.map(\.name)
    return try LayerSheet.dataset(
      dataset, indices: indices, only: layers, title: title,
      limits: limits.map { limits in
        Dictionary(names.map { ($0, limits) }, uniquingKeysWith: { first, _ in first })
      } ?? [:], side: side ?? 150
    ).drawing(scale: pixelScale)
  }

  private func layerLimits(_ path: String) throws -> [String: ClosedRange<Float>] {
    guard let limits else { return [:] }
    let manifest = try StackSource.readManifest(path)
    return Dictionary(
      (manifest.truth + manifest.layers).map { ($0.name, limits) },
      uniquingKeysWith: { first, _ in first })
  }

  /// The interferograms of MintPy's `ifgramStack.h5`; `nil` if the folder has none.
  private func foreignStack(_ path: String) throws -> (Drawing, [String])? {
    guard
      ["ifgramStack.h5", "inputs/ifgramStack.h5", "mintpy/inputs/ifgramStack.h5"].contains(where: {
        FileSystem.exists("\(path)/\($0)")
      })
    else { return nil }
    let stack = try StackSource.open(path)
    let (height, width) = (stack.geometry.height, stack.geometry.width)
    let chosen = LayerSheet.evenly(count, of: stack.network.pairs.count)
    let rows = try chosen.map { index in
      let pair = stack.network.pairs[index]
      try Interruption.check()
      return LayerSheet.Sample(
        label: "\(stack.network.name(pair)), \(stack.network.days(pair)) days", width: width,
        height: height,
        planes: [
          try stack.plane(.unwrapped, index, rows: 0..<height),
          stack.hasCoherence ? try stack.plane(.coherence, index, rows: 0..<height) : nil,
        ])
    }
    let sheet = LayerSheet(
      layers: [
        .init(name: stack.phaseName, unit: "rad"), .init(name: "coherence", unit: "1"),
      ], samples: rows,
      title: title ?? "\(FilePath.name(path)), \(stack.network.pairs.count) interferograms",
      pixelSizeMeters: stack.geometry.pixelSizeMeters, side: side ?? 150)
    return (sheet.drawing(scale: pixelScale), stack.notes)
  }

  /// The scenes of a dataset that `prepare` wrote.
  private func scenes(_ path: String) throws -> (Drawing, [String]) {
    let dataset = try RateDataset.open(path)
    let all = zip(dataset.manifest.scenes, dataset.scenes).map { ($0, $1) }
    let panels = try LayerSheet.evenly(count, of: all.count).map { index in
      let (record, scene) = all[index]
      let raster = Raster(
        width: scene.grid.width, height: scene.grid.height, values: scene.grid.values,
        unit: dataset.manifest.unit)
      let origin = record.origin.isSynthetic.map { $0 ? ", simulated" : ", measured" } ?? ""
      let use = record.isHeldOut ? ", held out" : ""
      return try panel(
        raster, name: record.name, path: path, title: record.name + origin + use,
        unit: dataset.manifest.unit.rawValue, quantity: dataset.quantity)
    }
    let grid = MapGrid(panels, columns: columns, side: side, title: title ?? FilePath.name(path))
    return (grid.drawing(scale: pixelScale), [])
  }

  /// Patches of the dataset above the latest maps of a training run.
  private func run(_ path: String) throws -> (Drawing, [String]) {
    let folder = "\(path)/snapshots"
    // A run that has no model yet shows maps as rates.
    let quantity = (try? ModelSummary(path))?.quantity ?? .rate
    let names = try FileSystem.names(in: folder).filter { $0.hasSuffix(".npy") }.sorted()
    var shown: [(name: String, label: String)] = []
    if names.contains("real.npy") { shown.append(("real.npy", "Patches of the dataset")) }
    if let name = names.last(where: { $0.hasPrefix("generated-") }) {
      let number = Int(FilePath.withoutExtension(name).dropFirst("generated-".count)) ?? 0
      shown.append((name, "Generated, iteration \(number)"))
    }
    let groups = try shown.map { name, label in
      let reader = try NpyReader("\(folder)/\(name)")
      guard reader.shape.count == 3 else {
        throw RasterError.malformed(
          path: "\(folder)/\(name)", reason: "its shape is \(reader.shape)")
      }
      return ContactSheet.Group(
        label: label,
        patches: try LayerSheet.evenly(count, of: reader.shape[0]).map { index in
          let item = try reader.readItem(index)
          return Raster(
            width: item.shape[1], height: item.shape[0], values: item.values,
            unit: quantity.unit)
        })
    }
    guard !groups.isEmpty else {
      throw RasterError.cannotOpen(
        path: folder, reason: "it holds no snapshots yet",
        remedy: "Wait for the first one, or name another folder.")
    }
    return (try sheet(groups, title: title ?? FilePath.name(path), quantity), [])
  }

  /// A folder of rate maps, on one color scale.
  private func maps(_ path: String) throws -> (Drawing, [String]) {
    let folder = try RateMapFolder(path)
    guard !folder.files.isEmpty else {
      throw RasterError.cannotOpen(
        path: path, reason: "it holds no rasters, stack, samples, dataset or run",
        remedy: "Name a raster file, or a folder that this program wrote.")
    }
    let paths = LayerSheet.evenly(count, of: folder.paths.count).map { folder.paths[$0] }
    let maps = try paths.map { try RasterReader.read($0, options: options).raster }
    guard Set(maps.map(\.unit)).count == 1, kind == nil else { return try rasters(paths) }
    guard maps.contains(where: { $0.values.contains(where: \.isFinite) }) else {
      throw RasterError.noValidPixels(path: path)
    }
    let group = ContactSheet.Group(
      label: "\(maps.count) of \(folder.files.count) maps", patches: maps)
    return (
      try sheet([group], title: title ?? FilePath.name(path), folder.quantity), folder.notes
    )
  }

  private func sheet(
    _ groups: [ContactSheet.Group], title: String, _ quantity: Quantity? = nil
  ) throws -> Drawing {
    let values = groups.flatMap(\.patches).flatMap { ColorScale.thinned($0.values) }
    let unit = groups.first?.patches.first?.unit?.rawValue
    let kind = kind ?? ColorScale.kind(name: "", unit: unit, values: values)
    return try ContactSheet.drawing(
      groups, columns: columns ?? 8, title: title,
      scale: scale(quantity, kind, values: values, unit: unit), pixelScale: pixelScale)
  }
}
