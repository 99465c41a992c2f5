import Foundation

extension Double {
  /// The number with a fixed number of decimals.
  package func decimals(_ count: Int) -> String { String(format: "%.\(count)f", self) }
}
