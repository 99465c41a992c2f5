import Datasets
import DurableFiles
import Foundation
import GANModel
import Kernel
import Patches
import Pictures
import RasterIO
import Rasters
import RunSupport
import TorchCore

/// Generates rate maps with a model into a folder, one after the other: memory does not grow with
/// the count, and an interrupted job continues where it stopped when the same command is given
/// again.
public struct SampleGeneration: Sendable {
  /// A model file, or a run folder that contains one.
  public var model: String
  public var output: String
  public var first = 0
  public var count: Int
  public var seed: UInt64
  public var formats: [RasterFormat]
  /// A raster whose georeference every map gets.
  public var like: String?
  /// A dataset whose patches are shown above the samples on the contact sheet.
  public var beside: String?
  public var batchSize = 16
  public var device = DeviceChoice.auto
  public var overwrite = false
  /// The size of the maps; `nil` for the default of the model.
  public var size: MapSize?
  /// What is asked of a field model.
  public var options = MapOptions()
  /// A raster to add detail to, in place of maps of the model's own; then `model` is a detail model, or
  /// a field model with detail.
  public var coarse: CoarseMap?
  /// The part of the bands of every map that this process makes, for maps that are made in bands.
  public var bandShard = JobShard.whole

  public init(
    model: String, output: String, count: Int, seed: UInt64, formats: [RasterFormat]
  ) {
    self.model = model
    self.output = output
    self.count = count
    self.seed = seed
    self.formats = formats
  }

  /// Number of samples on the contact sheet.
  static let shown = 32
  /// Fewer for large maps, which would fill the memory.
  private static func shown(_ size: MapSize) -> Int {
    min(shown, max(1, shown * 512 * 512 / (size.width * size.height)))
  }

  /// Maps with more pixels are made in bands of rows, if their formats allow it.
  var largestWhole = 2048 * 2048

  /// Whether the maps are made in bands of rows, with the memory of a few bands.
  public var isInBands: Bool {
    guard coarse == nil, let size = options.window?.size ?? size else { return false }
    return size.width * size.height > largestWhole
      && formats.allSatisfy(RasterWriter.formatsInRows.contains)
  }

  /// The number of steps that `run` reports.
  public var stepCount: Int {
    guard isInBands, let size = options.window?.size ?? size else { return count }
    return count * bandShard.range(of: MapBands(folder: "", size: size).count).count
  }

  static let contactSheetName = "contact-sheet.png"
  public static let greatestCount = 1_000_000_000
  public static let greatestBatch = 65_536

  /// Generates the maps that do not exist yet.
  ///
  /// - Parameter progress: called with the number of finished steps: maps, or bands of maps.
  /// - Throws: `SamplingError` for arguments out of range or a folder that contains something else,
  ///   the errors of reading the model, `like` and `beside`, `RunError.interrupted` on Ctrl-C.
  public func run(_ progress: (Int) -> Void) throws {
    try validate()
    if let coarse { return try runOnCoarse(coarse, progress) }
    let model = try RateMapModel(contentsOf: self.model, device: Device(device))
    let size = try model.size(asked: self.size, options)
    let quantities = model.quantities
    for quantity in quantities { try checkFormats(quantity) }
    let georeference = try like.map { try Self.georeference(of: $0) }
    let realPatches = try beside.map { try Self.patches(of: $0, like: model) }
    if isInBands, try runInBands(model, size, georeference, progress) { return }
    let joint = try jointFolder(model)
    var folders = try quantities.map { quantity in
      try SampleFolder(
        joint?.path(quantity) ?? output, manifest(model, size, of: quantity), overwrite: overwrite)
    }

    /// Of each quantity.
    var shownMaps = quantities.map { _ in [Raster]() }
    let shown = Self.shown(size)
    for start in stride(from: first, to: first + count, by: batchSize) {
      try Interruption.check()
      let indices = start..<min(start + batchSize, first + count)
      let missing = indices.filter { index in !folders.allSatisfy { $0.isComplete(index) } }
      if !missing.isEmpty || shownMaps[0].count < shown {
        let maps = try model.maps(
          indices, seed: seed, size: size, options, interruption: Interruption.check)
        for (index, map) in zip(indices, maps) {
          guard map.isFinite else {
            throw SamplingError.notFinite(sample: index, model: self.model)
          }
          for (channel, values) in map.channels.enumerated() {
            let raster = Raster(
              width: size.width, height: size.height, values: values,
              unit: quantities[channel].unit, georeference: georeference)
            if shownMaps[channel].count < shown { shownMaps[channel].append(raster) }
            if missing.contains(index) {
              try folders[channel].countRejected(map.rejected)
              try folders[channel].write(raster, index: index)
              try folders[channel].countAtEnds(raster)
            }
          }
        }
      }
      progress(indices.upperBound - first)
    }
    for (channel, quantity) in quantities.enumerated() {
      if count > 0 {
        try writeContactSheet(
          shownMaps[channel], realPatches?[channel], in: folders[channel], quantity)
      }
      try folders[channel].finish()
    }
    try joint?.finish()
  }

  /// The folder around those of the quantities; `nil` for models of one quantity.
  private func jointFolder(_ model: RateMapModel) throws -> JointFolder? {
    guard model.quantities.count > 1 else { return nil }
    let manifest = JointManifest(
      modelSHA256: model.sha256, seed: seed, first: first, count: count,
      quantities: model.quantities)
    return try JointFolder(output, manifest, overwrite: overwrite)
  }

  func manifest(
    _ model: RateMapModel, _ size: MapSize, bandShard: JobShard = .whole,
    of quantity: Quantity? = nil
  ) -> SampleManifest {
    SampleManifest(
      model: model, size: size, first: first, count: count, seed: seed, formats: formats,
      like: like, options: options, bandShard: bandShard, of: quantity)
  }

  func validate() throws {
    var faults: [String] = []
    if !(0...Self.greatestCount).contains(count) {
      faults.append("the count is \(count): use 0 to \(Self.greatestCount)")
    }
    if !(0...Self.greatestCount).contains(first) {
      faults.append("the first index is \(first): use 0 to \(Self.greatestCount)")
    }
    if !(1...Self.greatestBatch).contains(batchSize) {
      faults.append("the batch size is \(batchSize): use 1 to \(Self.greatestBatch)")
    }
    if formats.isEmpty { faults.append("no format is named: use tif, npy, h5 or png") }
    for format in formats where !format.isAvailable {
      faults.append("\(format.rawValue) needs a build with GDAL (see docs/install.md)")
    }
    faults += options.faults() + (coarse.map(faults(of:)) ?? [])
    if bandShard != .whole, !isInBands {
      faults.append(
        "only maps of more than \(largestWhole) pixels in the formats tif and npy are made in bands, so "
          + "a shard of bands does not exist")
    }
    if isInBands, options.maxRate != nil {
      faults.append(
        "a map of more than \(largestWhole) pixels is not drawn again because of its rates: leave "
          + "out the greatest rate, or give a smaller \(OptionName.size)")
    }
    if !faults.isEmpty { throw SamplingError.arguments(faults) }
  }

  /// - Throws: `SamplingError.arguments` for a format that holds rates only.
  private func checkFormats(_ quantity: Quantity) throws {
    guard quantity != .rate, formats.contains(.h5) else { return }
    throw SamplingError.arguments([
      "h5 is MintPy's velocity file, and this model draws \(quantity.words): use tif, npy or png"
    ])
  }

  func writeContactSheet(
    _ maps: [Raster], _ real: ContactSheet.Group?, in folder: SampleFolder,
    _ quantity: Quantity = .rate
  ) throws {
    var groups: [ContactSheet.Group] = []
    if let real { groups.append(real) }
    groups.append(.init(label: "Generated", patches: maps))
    if quantity != .rate {
      let values = (real?.patches ?? maps).flatMap(\.values)
      return try ContactSheet.render(
        groups, scale: ColorScale(quantity, values: values)
      ).write(to: "\(folder.path)/\(Self.contactSheetName)")
    }
    let limit = ContactSheet.limitCMPerYear(real?.patches ?? maps)
    try ContactSheet.render(groups, limit: limit).write(
      to: "\(folder.path)/\(Self.contactSheetName)")
  }

  /// The model file of a path: the file itself, or the one in a run folder.
  public static func modelFile(_ path: String) -> String {
    FileSystem.isFolder(path) ? "\(path)/model.safetensors" : path
  }

  private static func georeference(of path: String) throws -> Georeference {
    let scene = try RasterReader.read(path)
    guard let georeference = scene.raster.georeference else {
      throw SamplingError.noGeoreference(
        path: path, isDisbelieved: scene.description.disbelievedPixelSize != nil)
    }
    return georeference
  }

  /// Patches of each of the model's quantities.
  private static func patches(of path: String, like model: RateMapModel) throws
    -> [ContactSheet.Group]
  {
    let dataset = try RateDataset.open(path)
    let channels = model.quantities.map { dataset.quantities.firstIndex(of: $0) }
    if let lacking = channels.firstIndex(of: nil) {
      throw SamplingError.arguments([
        "\(path) holds \(dataset.quantities.map(\.words).joined(separator: ", ")), and the model draws "
          + "\(model.quantities[lacking].words): give a dataset of the same quantity"
      ])
    }
    let (configuration, epoch) = model.patches
    let sampler = try PatchSampler(
      scenes: dataset.trainingScenes, configuration: configuration, patchSize: model.side, seed: 0,
      stream: .sheetPatches)
    let patches = try (0..<shown).map { try sampler.patch(at: $0, epoch: epoch) }
    return zip(model.quantities, channels).map { quantity, channel in
      ContactSheet.Group(
        label: dataset.manifest.patchHeading,
        patches: patches.map {
          Raster(
            width: model.side, height: model.side, values: $0.channel(channel ?? 0),
            unit: quantity.unit)
        })
    }
  }
}
