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
struct JointFolder {
  private let folder: GenerationFolder
  private var manifest: JointManifest

  /// - Throws: as `GenerationFolder`.
  init(_ output: String, _ manifest: JointManifest, overwrite: Bool) throws {
    self.manifest = manifest
    folder = try GenerationFolder(
      output, manifest.jobDescription(), overwrite: overwrite,
      isGenerated: { JointManifest.read($0) != nil || SampleManifest.read($0) != nil })
    try writeManifest()
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
    let earlier = JointManifest.read(folder.output)?.quantities.map(\.rawValue) ?? []
    try folder.finish { SampleFolder.isOwn($0) || earlier.contains($0) }
  }
}
