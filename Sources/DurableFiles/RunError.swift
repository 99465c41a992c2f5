import Kernel

/// Errors thrown by run support; every message says what to do next.
public enum RunError: Error, CustomStringConvertible, Equatable {
  case cannotWrite(path: String, reason: String)
  case cannotRead(path: String, reason: String)
  /// A file that is missing, cut off, or not what it should be; the reason says what to do.
  case damaged(path: String, reason: String)
  /// The output exists already.
  case alreadyExists(path: String, remedy: String)
  /// Another job is writing the same output.
  case inUse(path: String)
  /// The output folder contains the files of another job, or other files.
  case otherContent(path: String, reason: String, remedy: String)
  /// All faults found in a configuration, one per line, each with its place.
  case configuration(faults: [String])
  /// A line of a `stats.jsonl` file, other than the last one, cannot be read.
  case damagedLine(path: String, line: Int, reason: String)
  /// The given folder is not a run folder.
  case notARunFolder(path: String, reason: String)
  /// The environment variables of several processes are inconsistent.
  case launch(reason: String, remedy: String)
  /// The shard specification is invalid.
  case shard(String)
  /// A folder contains some shards of a job but not all.
  case missingShards(path: String, reason: String)
  /// The user asked the program to stop (Ctrl-C or SIGTERM), and it did.
  case interrupted

  public var description: String {
    switch self {
    case .cannotWrite(let path, let reason):
      "cannot write \(path): \(reason). Check that the folder exists, is writable and has free space."
    case .cannotRead(let path, let reason):
      "cannot read \(path): \(reason). Check the path and its permissions."
    case .damaged(let path, let reason):
      "\(path): \(reason)".printable
    case .alreadyExists(let path, let remedy):
      "\(path) exists already and is not changed. \(remedy)"
    case .inUse(let path):
      "another job is writing \(path). Wait until it ends, or give another name."
    case .otherContent(let path, let reason, let remedy):
      "\(path) is not changed: \(reason). \(remedy)".printable
    case .configuration(let faults):
      "the configuration has \(faults.count == 1 ? "a fault" : "\(faults.count) faults"):\n"
        + faults.map { "  \($0.printable)" }.joined(separator: "\n")
    case .damagedLine(let path, let line, let reason):
      "\(path), line \(line) is damaged: \(reason). Delete that line, or restore the file."
    case .notARunFolder(let path, let reason):
      "\(path) is not a run folder: \(reason). Give a folder such as runs/00000-small."
    case .launch(let reason, let remedy):
      "\(reason). \(remedy)"
    case .shard(let text):
      text
    case .missingShards(let path, let reason):
      "\(path) is not complete: \(reason). Run the same command for them."
    case .interrupted:
      "interrupted; everything saved so far is complete."
    }
  }
}
