import DurableFiles
import Foundation
import Kernel
import RasterIO

/// Writes a dataset, under a temporary name until it is complete.
public struct DatasetFolder {
  private let temporary: String
  private let preparation: ScenePreparation
  private var records: [DatasetManifest.SceneRecord] = []

  /// Writes the dataset `path` with the scenes that `body` adds.
  ///
  /// The dataset is written atomically; after an error, `path` is unchanged.
  /// - Parameter overwrite: whether an existing dataset (but nothing else) is replaced.
  /// - Throws: `DatasetError.unusableDataset` if something else exists at `path` or no scene is for
  ///   training, `RunError.cannotWrite`, or the error of `body`.
  @discardableResult
  public static func write(
    to path: String, preparation: ScenePreparation, overwrite: Bool = false,
    _ body: (inout DatasetFolder) throws -> Void
  ) throws -> DatasetManifest {
    try refuseUnaskedOverwrite(path, overwrite: overwrite)
    var manifest: DatasetManifest?
    try AtomicFolder.write(
      to: path, existing: overwrite ? .replace(ifItHolds: DatasetManifest.fileName) : .refuse
    ) { temporary in
      try AtomicFolder.makeFolders("\(temporary)/scenes")
      var folder = DatasetFolder(temporary: temporary, preparation: preparation)
      try body(&folder)
      manifest = try folder.writeManifest(path)
    }
    guard let manifest else { preconditionFailure("AtomicFolder calls its body or throws") }
    return manifest
  }

  private init(temporary: String, preparation: ScenePreparation) {
    self.temporary = temporary
    self.preparation = preparation
  }

  /// Writes one scene; names are unique (`SceneNames`).
  public mutating func add(_ prepared: PreparedScene) throws {
    let scene = prepared.scene
    let file = "scenes/\(scene.name).npy"
    precondition(!records.contains { $0.file == file }, "scene names are unique")
    try write(scene.grid, to: file)
    let companions = try zip(prepared.companions, scene.companions).map { companion, grid in
      let file = "\(companion.quantity.rawValue)/\(scene.name).npy"
      try AtomicFolder.makeFolders("\(temporary)/\(companion.quantity.rawValue)")
      try write(grid, to: file)
      return DatasetManifest.CompanionRecord(
        quantity: companion.quantity, unit: companion.quantity.unit, file: file,
        fileSHA256: try SHA256.hex(ofFile: "\(temporary)/\(file)"), origin: companion.origin,
        statistics: companion.statistics)
    }
    records.append(
      DatasetManifest.SceneRecord(
        name: scene.name, file: file,
        fileSHA256: try SHA256.hex(ofFile: "\(temporary)/\(file)"), width: scene.grid.width,
        height: scene.grid.height, isHeldOut: scene.isHeldOut, origin: prepared.origin,
        statistics: prepared.statistics, companions: companions.isEmpty ? nil : companions))
  }

  private func write(_ grid: RateGrid, to file: String) throws {
    try NpyArray(shape: [grid.height, grid.width], values: grid.values)
      .write(to: "\(temporary)/\(file)")
  }

  private func writeManifest(_ path: String) throws -> DatasetManifest {
    let training = records.filter { !$0.isHeldOut }
    guard !training.isEmpty else {
      throw DatasetError.unusableDataset(
        path: path, problem: "no scene is left for training", remedy: "Hold fewer scenes out.")
    }
    let quantity = preparation.measured
    var manifest = DatasetManifest(
      formatVersion: DatasetManifest.currentVersion, unit: quantity.unit,
      preparation: preparation, scenes: records,
      totals: DatasetManifest.Totals(training.map(\.statistics)))
    if quantity != .rate {
      manifest.formatVersion = DatasetManifest.quantityVersion
      manifest.quantity = quantity
      manifest.signConvention = quantity.signConvention
    }
    if let companions = records.first?.companions {
      manifest.formatVersion = DatasetManifest.jointVersion
      manifest.companions = companions.map(\.quantity)
    }
    let encoder = JSONEncoder()
    if manifest.formatVersion != DatasetManifest.currentVersion {
      encoder.keyEncodingStrategy = QuantityKeys.encoding
    }
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try AtomicFile.write(
      encoder.encode(manifest) + Data("\n".utf8), to: "\(temporary)/\(DatasetManifest.fileName)")
    return manifest
  }

  /// Names the option `--overwrite`, which `AtomicFolder` does not know.
  private static func refuseUnaskedOverwrite(_ path: String, overwrite: Bool) throws {
    let file = "\(path)/\(DatasetManifest.fileName)"
    guard !overwrite, FileSystem.exists(file) else { return }
    throw DatasetError.unusableDataset(
      path: path, problem: "there is a dataset already",
      remedy: "Give another name, or replace it with \(OptionName.overwrite).")
  }
}
