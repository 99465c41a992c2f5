import DurableFiles
import Kernel
import RunSupport

/// The folder that a generation job writes to.
///
/// If maps of a different job are replaced, the new ones are in `<output>.partial` until all are
/// complete; then the two folders are exchanged.
struct GenerationFolder {
  let output: String
  private let folder: ResumableFolder
  var path: String { folder.path }

  /// Creates the folder, or reuses the one that the same job began.
  ///
  /// - Parameters:
  ///   - isGenerated: whether a generation job wrote what is in a folder, which may then be replaced.
  ///   - isFree: whether a folder counts as empty although something is in it.
  /// - Throws: `RunError.otherContent` if it contains something else and may not be replaced,
  ///   `RunError.inUse` if another process is writing there.
  init(
    _ output: String, _ job: JobDescription, overwrite: Bool, isGenerated: (String) -> Bool,
    isFree: (String) throws -> Bool = { _ in false }
  ) throws {
    self.output = FilePath.trimmed(output)
    /// Whether a folder contains maps of another job.
    func mustReplace(_ path: String, isAllowed: Bool) throws -> Bool {
      guard try !isFree(path),
        case .other(let reason) = try ResumableFolder.content(of: path, for: job)
      else { return false }
      guard isAllowed, isGenerated(path) else {
        throw RunError.otherContent(
          path: path, reason: reason,
          remedy:
            "Give another folder, or \(OptionName.overwrite) if an earlier 'ganinsar generate' "
            + "wrote it.")
      }
      return true
    }
    let isReplaced = try mustReplace(self.output, isAllowed: overwrite)
    folder = try ResumableFolder(output, place: isReplaced ? .beside : .output)
    if try isReplaced && mustReplace(path, isAllowed: true) {
      for name in try FileSystem.names(in: path) { FileSystem.remove("\(path)/\(name)") }
    }
  }

  /// Puts new maps in the place of the ones that they replace.
  ///
  /// - Parameter isOwn: whether a generation job wrote what has this name; other files are kept.
  func finish(isOwn: (String) -> Bool) throws {
    guard path != output else { return }
    for name in try FileSystem.names(in: output) where !isOwn(name) {
      guard FileSystem.rename("\(output)/\(name)", to: "\(path)/\(name)") else {
        throw AppendedFile.failure("\(path)/\(name)")
      }
    }
    try folder.finish(replacing: true)
  }
}
