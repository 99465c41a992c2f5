/// What can go wrong with datasets and stacks; every message names the place and the remedy.
public enum StackIOError: Error, CustomStringConvertible, Equatable {
  /// A sample that does not fit its dataset.
  case badSample(reason: String)
  /// All faults of a job's options.
  case badJob(faults: [String])
  /// A folder holds a dataset or stack of another job, or something else altogether.
  case otherContent(path: String, reason: String)
  /// A stack that cannot be read: what is missing, damaged or contradictory.
  case badStack(path: String, reason: String, remedy: String)
  /// Rasters that do not lie on one grid.
  case gridsDiffer(path: String, reason: String, remedy: String)

  public var description: String {
    switch self {
    case .badSample(let reason):
      "the samples do not make one dataset: \(reason)."
    case .badJob(let faults):
      faults.count == 1 ? "\(faults[0])." : faults.map { "  \($0)" }.joined(separator: "\n")
    case .otherContent(let path, let reason):
      "\(path) is left as it is: \(reason). Give another folder, or delete it."
    case .badStack(let path, let reason, let remedy):
      "\(path) cannot be used as a stack: \(reason).".printable
        + (remedy.isEmpty ? "" : " \(remedy.printable)")
    case .gridsDiffer(let path, let reason, let remedy):
      "\(path) does not fit: \(reason). \(remedy)".printable
    }
  }
}
