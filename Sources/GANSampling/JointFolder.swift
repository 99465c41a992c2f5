import Datasets
import DurableFiles
import Foundation
import Kernel
import Rasters
import RunSupport
import Settings

extension JointManifest {
  /// What may differ when a job continues: how far it is, and the program that runs it.
  fileprivate func jobDescription() throws -> JobDescription {
    JobDescription(
      fileName: Self.fileName, content: Data(try OrderedJSON.text(of: self).utf8),
      ignoredKeys: ["isComplete", "program"])
  }
}

/// The folder of a generation job of a model of several quantities: each has a `SampleFolder` inside it.
///
/// As in `SampleFolder`, maps that replace those of another job appear when all are complete.
struct JointFolder {
  private let output: String
  private let folder: ResumableFolder
  private var manifest: JointManifest

  /// - Throws: `RunError.otherContent` if it contains something else and may not be replaced,
  ///   `RunError.inUse` if another process is writing there.
  init(_ output: String, _ manifest: JointManifest, overwrite: Bool) throws {
    self.output = FilePath.trimmed(output)
    self.manifest = manifest
    let job = try manifest.jobDescription()
    let isReplaced = try Self.mustReplace(self.output, job, isAllowed: overwrite)
    folder = try ResumableFolder(output, place: isReplaced ? .beside : .output)
    if try isReplaced && Self.mustReplace(folder.path, job, isAllowed: true) {
      for name in try FileSystem.names(in: folder.path) {
        FileSystem.remove("\(folder.path)/\(name)")
      }
    }
    try writeManifest()
  }

  private static func mustReplace(
    _ path: String, _ job: JobDescription, isAllowed: Bool
  ) throws -> Bool {
    guard case .other(let reason) = try ResumableFolder.content(of: path, for: job) else {
      return false
    }
    guard isAllowed, JointManifest.read(path) != nil || SampleManifest.read(path) != nil else {
      throw RunError.otherContent(
        path: path, reason: reason,
        remedy: "Give another folder, or \(OptionName.overwrite) if an earlier 'ganinsar generate' "
          + "wrote it.")
    }
    return true
  }

  /// The folder of a quantity's maps.
  func path(_ quantity: Quantity) -> String { "\(folder.path)/\(quantity.rawValue)" }

  private func writeManifest() throws {
    try AtomicFile.write(
      Data(try OrderedJSON.text(of: manifest).utf8),
      to: "\(folder.path)/\(JointManifest.fileName)")
  }

  func finish() throws {
    var copy = self
    copy.manifest.isComplete = true
    try copy.writeManifest()
    guard folder.path != output else { return }
    // Files that no generation job wrote are kept.
    let earlier = JointManifest.read(output)?.quantities.map(\.rawValue) ?? []
    for name in try FileSystem.names(in: output)
    where !SampleFolder.isOwn(name) && !earlier.contains(name) {
      guard FileSystem.rename("\(output)/\(name)", to: "\(folder.path)/\(name)") else {
        throw AppendedFile.failure("\(folder.path)/\(name)")
      }
    }
    try folder.finish(replacing: true)
  }
}
