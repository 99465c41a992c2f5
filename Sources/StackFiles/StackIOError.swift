/// Errors thrown when datasets and stacks are read or written; every message names the place and
/// the remedy.
public enum StackIOError: Error, CustomStringConvertible, Equatable {
  /// A sample does not match its dataset.
  case badSample(reason: String)
  /// Invalid options of a job, with all faults.
  case badJob(faults: [String])
  /// The stack cannot be read: something is missing, damaged or contradictory.
  case badStack(path: String, reason: String, remedy: String)
  /// The rasters do not have a common grid.
  case gridsDiffer(path: String, reason: String, remedy: String)

  public var description: String {
    switch self {
    case .badSample(let reason):
      "the samples do not form one dataset: \(reason)."
    case .badJob(let faults):
      faults.count == 1 ? "\(faults[0])." : faults.map { "  \($0)" }.joined(separator: "\n")
    case .badStack(let path, let reason, let remedy):
      "\(path) cannot be used as a stack: \(reason).".printable
        + (remedy.isEmpty ? "" : " \(remedy.printable)")
    case .gridsDiffer(let path, let reason, let remedy):
      "\(path) does not fit: \(reason). \(remedy)".printable
    }
  }
}
