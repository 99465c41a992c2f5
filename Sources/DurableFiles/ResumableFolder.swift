import Foundation

/// A folder that one job fills, and that the same job continues after it was stopped or killed.
///
/// The protocol is the same for every job. The folder is locked while the job runs, and temporary
/// files of killed processes are removed. A JSON file in the folder describes the job
/// (`JobDescription`), so that only the same job continues. A job either works in the output folder
/// itself, or beside it in `<output>.partial`, which is renamed when it is complete.
package final class ResumableFolder: Sendable {
  package enum Place: Sendable {
    case output
    /// `<output>.partial`: the output appears only when it is complete.
    case beside
  }

  /// The folder in which the job works.
  package let path: String
  private let output: String
  private let lock: FolderLock

  /// Creates the folder if it is missing, and locks it until this object is released.
  ///
  /// - Parameter isShared: several processes of one job work in the folder. They exclude jobs that
  ///   want it alone, but not each other, so temporary files stay: they may be in use.
  /// - Throws: `RunError.inUse`, `RunError.cannotWrite`.
  package init(_ output: String, place: Place = .output, isShared: Bool = false) throws {
    self.output = FilePath.trimmed(output)
    path = place == .output ? self.output : Self.partial(output)
    try AtomicFolder.makeFolders(path)
    lock = try FolderLock(path, isShared: isShared)
    if !isShared { Temporaries.removeLeftovers(in: path) }
  }

  /// The name of the folder beside an output.
  package static func partial(_ output: String) -> String { FilePath.trimmed(output) + ".partial" }

  /// Checks that the folder is new or was begun by this job, and writes the description if it is
  /// missing.
  /// - Parameter remedy: what the user can do about another job's folder.
  /// - Throws: `RunError.otherContent`, `RunError.cannotWrite`.
  package func begin(_ job: JobDescription, remedy: String) throws {
    switch try Self.content(of: path, for: job) {
    case .nothing: try AtomicFile.write(job.content, to: "\(path)/\(job.fileName)")
    case .sameJob: return
    case .other(let reason):
      throw RunError.otherContent(path: path, reason: reason, remedy: remedy)
    }
  }

  /// What a folder contains, seen from one job.
  package enum Content: Equatable, Sendable {
    /// The folder is missing, or empty but for temporary files.
    case nothing
    case sameJob
    case other(reason: String)
  }

  /// - Throws: `RunError.cannotRead`.
  package static func content(of path: String, for job: JobDescription) throws -> Content {
    guard FileSystem.exists(path) else { return .nothing }
    // Listed before the description is looked for: another process of this job may be writing, and
    // writes the description first.
    let names = try FileSystem.names(in: path).filter { !Temporaries.isTemporary($0) }
    let file = "\(path)/\(job.fileName)"
    guard FileSystem.exists(file) else {
      guard let name = names.min() else { return .nothing }
      return .other(reason: "it contains \(name) but no \(job.fileName)")
    }
    guard let differences = (try? InputFile.read(file)).flatMap(job.differences) else {
      return .other(reason: "its \(job.fileName) cannot be read")
    }
    guard !differences.isEmpty else { return .sameJob }
    let named = differences.prefix(6) + (differences.count > 6 ? ["..."] : [])
    return .other(reason: "it belongs to another job (\(named.joined(separator: ", ")))")
  }

  /// Gives the finished folder its final name; a job in the output itself has it already.
  /// - Parameter replacing: whether a folder of that name is replaced, unless it is empty anyway.
  /// - Throws: `RunError.cannotWrite`.
  package func finish(replacing: Bool = false) throws {
    guard path != output else { return }
    guard !replacing else { return try AtomicFolder.move(path, to: output) }
    guard FileSystem.rename(path, to: output) else { throw AppendedFile.failure(output) }
  }

  /// Removes the folder of a job that could not start.
  package func discard() { FileSystem.remove(path) }
}
