import Foundation
import RasterIO
import RunSupport

/// A dataset being written: under a temporary name until it is whole.
public struct DatasetFolder {
  private let temporary: String
  private let preparation: ScenePreparation
  private var records: [DatasetManifest.SceneRecord] = []

  /// Writes the dataset `path` with the scenes that `body` adds.
  ///
  /// It appears when everything is written and on disk; when anything fails, `path` is as before.
  /// - Parameter overwrite: whether a dataset (nothing else) that stands there is replaced.
  /// - Throws: `PatchDataError.unusableDataset` when something is in the way or no scene trains,
  ///   `RunError.cannotWrite`, or what `body` throws.
  @discardableResult
  public static func write(
    to path: String, preparation: ScenePreparation, overwrite: Bool = false,
    _ body: (inout DatasetFolder) throws -> Void
  ) throws -> DatasetManifest {
    try checkDestination(path, overwrite: overwrite)
    let temporary = "\(path).part-\(getpid())-\(UInt32.random(in: 0 ... .max))"
    do {
      try makeFolder(temporary, for: path)
      try makeFolder("\(temporary)/scenes", for: path)
      var folder = DatasetFolder(temporary: temporary, preparation: preparation)
      try body(&folder)
      let manifest = try folder.writeManifest(path)
      try replace(path, with: temporary, overwrite: overwrite)
      return manifest
    } catch {
      try? FileManager.default.removeItem(atPath: temporary)
      throw error
    }
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
    try NpyArray(shape: [scene.grid.height, scene.grid.width], values: scene.grid.values)
      .write(to: "\(temporary)/\(file)")
    records.append(
      DatasetManifest.SceneRecord(
        name: scene.name, file: file,
        fileSHA256: try SHA256.hex(ofFile: "\(temporary)/\(file)"), width: scene.grid.width,
        height: scene.grid.height, isHeldOut: scene.isHeldOut, origin: prepared.origin,
        statistics: prepared.statistics))
  }

  private func writeManifest(_ path: String) throws -> DatasetManifest {
    let training = records.filter { !$0.isHeldOut }
    guard !training.isEmpty else {
      throw PatchDataError.unusableDataset(
        path: path, problem: "no scene is left to train on", remedy: "Hold fewer scenes out.")
    }
    let manifest = DatasetManifest(
      formatVersion: DatasetManifest.currentVersion, unit: .centimetersPerYear,
      preparation: preparation, scenes: records,
      totals: DatasetManifest.Totals(training.map(\.statistics)))
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try AtomicFile.write(
      encoder.encode(manifest) + Data("\n".utf8), to: "\(temporary)/\(DatasetManifest.fileName)")
    return manifest
  }

  /// - Throws: when `path` may not be written to: before anything is read or computed.
  public static func checkDestination(_ path: String, overwrite: Bool) throws {
    func inTheWay(_ problem: String, _ remedy: String) -> PatchDataError {
      .unusableDataset(path: path, problem: problem, remedy: remedy)
    }
    guard !path.isEmpty, !path.hasSuffix("/") else {
      throw inTheWay("this is no folder name", "Give a name without a slash at its end.")
    }
    let files = FileManager.default
    let parent = (path as NSString).deletingLastPathComponent
    guard parent.isEmpty || files.isWritableFile(atPath: parent) else {
      throw RunError.cannotWrite(
        path: path, reason: "the folder \(parent) is missing or not writable")
    }
    guard files.fileExists(atPath: path) else { return }
    guard files.fileExists(atPath: "\(path)/\(DatasetManifest.fileName)") else {
      throw inTheWay("something that is no dataset stands there", "Choose another name.")
    }
    guard overwrite else {
      throw inTheWay(
        "there is a dataset already", "Choose another name, or replace it with --overwrite.")
    }
  }

  private static func makeFolder(_ folder: String, for path: String) throws {
    guard mkdir(folder, 0o755) == 0 else {
      throw RunError.cannotWrite(path: path, reason: String(cString: strerror(errno)))
    }
  }

  private static func replace(_ path: String, with temporary: String, overwrite: Bool) throws {
    // Looked at again: another process may have come first.
    try checkDestination(path, overwrite: overwrite)
    let old = "\(temporary)-replaced"
    let hadOld = rename(path, old) == 0
    guard rename(temporary, path) == 0 else {
      let reason = String(cString: strerror(errno))
      if hadOld { rename(old, path) }
      throw RunError.cannotWrite(path: path, reason: reason)
    }
    if hadOld { try? FileManager.default.removeItem(atPath: old) }
  }
}
