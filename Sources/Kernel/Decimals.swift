import Foundation

extension Double {
  /// With a fixed number of decimals.
  package func decimals(_ count: Int) -> String { String(format: "%.\(count)f", self) }
}
