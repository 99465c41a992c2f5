import Datasets
import DurableFiles
import Foundation
import GANModel
import Kernel
import RasterIO
import Rasters
import RunSupport
import Settings
import TorchCore

/// `manifest.json`, which describes the maps in the folder.
struct SampleManifest: Codable, Equatable, Sendable {
  var isComplete = false
  /// Versions of the program that wrote it and of LibTorch; `nil` in manifests of earlier versions.
  var program: String? = ProgramVersion.name
  var libTorch: String? = Runtime.libTorchVersion
  var modelSHA256: String
  var seed: UInt64
  var first: Int
  var count: Int
  var formats: [RasterFormat]
  /// What the maps measure; `nil`: rates.
  var quantity: Quantity?
  var unit = RasterUnit.centimetersPerYear
  /// `nil` in manifests of earlier versions, which used the same convention.
  var signConvention: String? = currentSignConvention
  /// The rate in cm/yr that is 1 inside the network, if there is one.
  var scaleCMPerYear: Double?
  /// The width, and the height if it differs.
  var sizePixels: Int
  var heightPixels: Int?
  var like: String?
  var trainedOn: [String]
  /// What was asked of a field model; `nil` for its maps as they come.
  var options: MapOptions?
  /// The raster that the maps add detail to.
  var coarse: CoarseMap?
  /// Pixels at an end of the quantity's range, for bounded quantities.
  var pixelsAtEnds: Int?
  /// Maps that were drawn again because of their rates.
  var rejected: Int?
  /// The shard of the bands of every map that this folder holds; `nil` for whole maps.
  var bandShard: JobShard?
  /// `sample-00000007.tif` is sample 7.
  var fileNames = "sample-<index, 8 digits>.<format>"

  static let currentSignConvention = "line of sight, " + LOSConvention.towardSatellite.rawValue

  init(
    model: RateMapModel, size: MapSize, first: Int, count: Int, seed: UInt64,
    formats: [RasterFormat], like: String?, options: MapOptions = .init(),
    bandShard: JobShard = .whole, of own: Quantity? = nil
  ) {
    self.init(
      modelSHA256: model.sha256, trainedOn: model.scenes, size: size, first: first, count: count,
      seed: seed, formats: formats)
    let own = own ?? model.quantity
    if own == model.quantity { scaleCMPerYear = model.scaleCMPerYear }
    if own != .rate {
      quantity = own
      unit = own.unit
      signConvention = own.signConvention
    }
    self.like = like
    self.options = options == MapOptions() ? nil : options
    self.bandShard = bandShard == .whole ? nil : bandShard
  }

  /// Of maps that add detail to a raster.
  init(
    detail model: DetailModel, coarse: CoarseMap, size: MapSize, first: Int, count: Int,
    seed: UInt64, formats: [RasterFormat]
  ) {
    self.init(
      modelSHA256: model.sha256, trainedOn: model.scenes, size: size, first: first, count: count,
      seed: seed, formats: formats)
    self.coarse = coarse
  }

  private init(
    modelSHA256: String, trainedOn: [String], size: MapSize, first: Int, count: Int, seed: UInt64,
    formats: [RasterFormat]
  ) {
    self.modelSHA256 = modelSHA256
    self.trainedOn = trainedOn
    self.first = first
    self.count = count
    self.seed = seed
    self.formats = formats
    sizePixels = size.width
    heightPixels = size.height == size.width ? nil : size.height
  }

  /// Whether both describe the same maps, in the same state of completion.
  func isSameJob(as other: SampleManifest) -> Bool {
    var copy = self
    copy.program = other.program
    copy.libTorch = other.libTorch
    copy.signConvention = other.signConvention
    copy.rejected = other.rejected
    copy.pixelsAtEnds = other.pixelsAtEnds
    return copy == other
  }

  static let fileName = "manifest.json"

  /// What may differ when a job continues: how far it is, and the program that runs it.
  func jobDescription() throws -> JobDescription {
    JobDescription(
      fileName: Self.fileName, content: Data(try OrderedJSON.text(of: self).utf8),
      ignoredKeys: [
        "isComplete", "program", "libTorch", "signConvention", "rejected", "pixelsAtEnds",
      ])
  }

  /// The manifest of a folder; `nil` if there is none of a generation job.
  static func read(_ folder: String) -> SampleManifest? {
    (try? InputFile.read("\(folder)/\(fileName)")).flatMap {
      try? JSONDecoder().decode(SampleManifest.self, from: $0)
    }
  }
}

/// The maps of a generation job. Each file is written atomically; the manifest says whether the job is
/// complete.
struct SampleFolder {
  private let folder: GenerationFolder
  private var manifest: SampleManifest

  var path: String { folder.path }
  private var manifestFile: String { "\(path)/\(SampleManifest.fileName)" }

  /// Creates the folder, or reuses the one that the same job began.
  /// - Throws: `RunError.otherContent` if it contains something else and may not be replaced,
  ///   `RunError.inUse` if another process is writing there.
  init(_ output: String, _ manifest: SampleManifest, overwrite: Bool) throws {
    self.manifest = manifest
    folder = try GenerationFolder(
      output, manifest.jobDescription(), overwrite: overwrite,
      isGenerated: { SampleManifest.read($0) != nil }, isFree: Self.holdsShardsOnly)
    let earlier = SampleManifest.read(path)
    if let rejected = earlier?.rejected { self.manifest.rejected = rejected }
    self.manifest.pixelsAtEnds = earlier?.pixelsAtEnds
    try writeManifest()
  }

  /// Shards of an output are looked at when it is put together.
  private static func holdsShardsOnly(_ path: String) throws -> Bool {
    guard FileSystem.exists(path), SampleManifest.read(path) == nil else { return false }
    let names = try FileSystem.names(in: path).filter { !Temporaries.isTemporary($0) }
    return !names.isEmpty && names.allSatisfy { ShardFolders.shard(of: $0) != nil }
  }

  /// Whether a generation job wrote the file; other files are kept when maps are replaced.
  static func isOwn(_ name: String) -> Bool {
    name.hasPrefix("sample-") || name == SampleManifest.fileName
      || name == SampleGeneration.contactSheetName
  }

  private func writeManifest() throws {
    try AtomicFile.write(Data(try OrderedJSON.text(of: manifest).utf8), to: manifestFile)
  }

  private func file(_ index: Int, _ format: RasterFormat) -> String {
    "\(path)/sample-\(index.zeroPadded(8)).\(format.rawValue)"
  }

  func isComplete(_ index: Int) -> Bool {
    manifest.formats.allSatisfy { FileSystem.exists(file(index, $0)) }
  }

  /// Counts maps that were drawn again.
  mutating func countRejected(_ count: Int) throws {
    guard count > 0 else { return }
    manifest.rejected = (manifest.rejected ?? 0) + count
    try writeManifest()
  }

  /// Counts pixels at an end of the range.
  mutating func countAtEnds(_ raster: Raster) throws {
    let quantity = manifest.quantity ?? .rate
    guard quantity.isBounded else { return }
    manifest.pixelsAtEnds =
      (manifest.pixelsAtEnds ?? 0) + QuantityRange(quantity).countAtEnds(raster.values)
    try writeManifest()
  }

  func write(_ raster: Raster, index: Int) throws {
    for format in manifest.formats {
      try RasterWriter.write(
        raster, to: file(index, format), format: format, options: options(index))
    }
  }

  /// Writes a map of any size from its bands.
  func write(_ rows: RasterRows, index: Int) throws {
    for format in manifest.formats {
      try RasterWriter.write(rows, to: file(index, format), format: format, options: options(index))
    }
  }

  /// The folder of a map's finished bands, until the map is put together.
  func bandFolder(_ index: Int) -> String { Self.bandFolder(path, index) }

  static func bandFolder(_ path: String, _ index: Int) -> String {
    "\(path)/sample-\(index.zeroPadded(8)).bands"
  }

  private func options(_ index: Int) -> RasterWriteOptions {
    RasterWriteOptions(
      quantity: manifest.quantity,
      losConvention: manifest.quantity == nil ? .towardSatellite : nil,
      metadata: [
        "SOURCE": "generated by ganinsar", "MODEL_SHA256": manifest.modelSHA256,
        "SEED": "\(manifest.seed)", "SAMPLE": "\(index)",
      ], title: "Sample \(index)")
  }

  func finish() throws {
    var copy = self
    copy.manifest.isComplete = true
    try copy.writeManifest()
    try folder.finish(isOwn: Self.isOwn)
  }
}
