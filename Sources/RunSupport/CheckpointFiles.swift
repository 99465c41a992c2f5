import DurableFiles
import Kernel

/// The checkpoint files of a run, numbered by iteration: the last two, and those that are to be kept.
package struct CheckpointFiles: Sendable {
  package let path: String
  package static let kept = 2

  package init(_ run: RunFolder) { path = run.file("checkpoints") }

  package func file(iteration: Int) -> String {
    "\(path)/checkpoint-\(iteration.zeroPadded(8)).safetensors"
  }

  /// From the oldest to the newest; empty before the first.
  /// - Throws: `RunError.cannotRead`.
  package func all() throws -> [String] {
    guard FileSystem.exists(path) else { return [] }
    return try FileSystem.names(in: path).filter {
      $0.hasPrefix("checkpoint-") && $0.hasSuffix(".safetensors")
    }.sorted().map { "\(path)/\($0)" }
  }

  /// What `open` makes of the newest file; if that is damaged, of the one before.
  /// - Throws: the error that `failure` makes of the fault of each file.
  package func newest<Checkpoint>(
    _ open: (String) throws -> Checkpoint, orThrow failure: (_ problems: [String]) -> any Error
  ) throws -> Checkpoint {
    var problems: [String] = []
    for file in try all().reversed() {
      do { return try open(file) } catch { problems.append("\(error)") }
    }
    throw failure(problems)
  }

  /// Has `body` write a file, then removes all except the last two and `keeping`.
  /// - Returns: the file.
  package func write(
    iteration: Int, keeping: [String] = [], _ body: (String) throws -> Void
  ) throws -> String {
    try AtomicFolder.makeFolders(path)
    let target = file(iteration: iteration)
    try body(target)
    for old in try all().dropLast(Self.kept) where !keeping.contains(old) {
      FileSystem.remove(old)
    }
    return target
  }
}
