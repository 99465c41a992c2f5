/// Errors thrown by embeddings; every message says what to do next.
public enum TSNEError: Error, Equatable, CustomStringConvertible {
  /// The vectors are not [count, dimension].
  case sizesDiffer(values: Int, count: Int, dimension: Int)
  case tooFewPoints(count: Int, needed: Int, purpose: String)
  case notFinite(point: Int, component: Int, value: Float)
  /// All points are equal.
  case allEqual(count: Int)
  case perplexityTooLarge(perplexity: Double, count: Int)
  case invalidSetting(name: String, value: String, remedy: String)
  case invalidSets(problem: String, remedy: String)

  public var description: String {
    switch self {
    case .sizesDiffer(let values, let count, let dimension):
      "\(values) values are not \(count) vectors of \(dimension) numbers. "
        + "Give an array [N, D] in C order."
    case .tooFewPoints(let count, let needed, let purpose):
      "\(purpose) needs at least \(needed) points, and there \(count == 1 ? "is" : "are") "
        + "\(count). Give more patches."
    case .notFinite(let point, let component, let value):
      "component \(component) of vector \(point) is \(value). Leave that item out, or check "
        + "how its features were computed."
    case .allEqual(let count):
      "all \(count) vectors are equal, so there is nothing to show. Check what they were made from."
    case .perplexityTooLarge(let perplexity, let count):
      "a perplexity of \(perplexity) needs \(Int((3 * perplexity).rounded(.down)) + 1) points, and "
        + "there are \(count). Lower it to \(TSNE.largestPerplexity(count: count)) or less, or give "
        + "more points."
    case .invalidSetting(let name, let value, let remedy):
      "\(name) \(value): \(remedy)"
    case .invalidSets(let problem, let remedy):
      "\(problem). \(remedy)"
    }
  }
}
