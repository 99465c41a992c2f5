import Foundation

extension MapOptions {
  /// Reads `LOW..HIGH`, such as `2..5`; `nil` for any other text, and for LOW above HIGH.
  package static func range(parsing text: String) -> ClosedRange<Double>? {
    let ends = text.components(separatedBy: "..").map { Double($0) }
    guard ends.count == 2, let low = ends[0], let high = ends[1], low <= high, low.isFinite,
      high.isFinite
    else { return nil }
    return low...high
  }

  /// Why a text does not say which scenes a style consists of.
  package enum StyleFault: Error {
    case malformed
    case repeated(String)
  }

  /// Reads `SCENE:WEIGHT,...`; the weight is 1 where it is left out.
  /// - Throws: `StyleFault`.
  package static func style(parsing text: String) throws(StyleFault) -> [String: Double] {
    var weights: [String: Double] = [:]
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let pair = part.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
      let weight = pair.count == 1 ? 1 : Double(pair[1])
      guard pair.count <= 2, !pair[0].isEmpty, let weight, weight > 0, weight.isFinite else {
        throw .malformed
      }
      guard weights.updateValue(weight, forKey: pair[0]) == nil else { throw .repeated(pair[0]) }
    }
    return weights
  }
}
