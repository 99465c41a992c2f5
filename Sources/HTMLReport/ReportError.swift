/// Errors thrown if results cannot be shown as a page; every message names the place and what to do
/// next.
package enum ReportError: Error, Equatable, CustomStringConvertible {
  /// All faults, each with its place.
  case inconsistent(faults: [String])
  case notUnderstood(path: String, problem: String)

  package var description: String {
    switch self {
    case .inconsistent(let faults):
      "the results of the evaluation are inconsistent:\n"
        + faults.map { "  \($0)" }.joined(separator: "\n")
        + "\nRun ganinsar evaluate again, or correct the file that the report is made from."
    case .notUnderstood(let path, let problem):
      "\(path) cannot be read as results of an evaluation: \(problem). "
        + "Give the report.json that ganinsar evaluate wrote."
    }
  }
}
