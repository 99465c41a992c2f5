import Kernel

/// Errors thrown while datasets are prepared and read; every message ends with what to do next.
public enum DatasetError: Error, Equatable, CustomStringConvertible {
  case invalidConfiguration(faults: [String])
  case invalidOption(OptionName, value: String, remedy: String)
  case unusableScene(path: String, problem: String, remedy: String)
  case unusableDataset(path: String, problem: String, remedy: String)

  public var description: String {
    switch self {
    case .invalidConfiguration(let faults):
      "the settings of the preparation have \(faults.count == 1 ? "a fault" : "faults"):\n  "
        + faults.joined(separator: "\n  ")
    case .invalidOption(let option, let value, let remedy):
      "\(option) \(value): \(remedy)"
    case .unusableScene(let path, let problem, let remedy),
      .unusableDataset(let path, let problem, let remedy):
      "\(path): \(problem). \(remedy)".printable
    }
  }
}
