/// The rules that can reject a random window.
package enum RejectionRule: String, Sendable, Codable, CaseIterable {
  /// No scene is large enough for the window.
  case sceneTooSmall
  /// The fraction of pixels without data is above `maximumNoDataShare`.
  case noData
  /// The conditional filter.
  case filter
}

/// Counts of random windows that were tried, accepted and rejected; a window that fails several
/// rules counts for the first one, in the order of `RejectionRule`.
package struct RejectionCounts: Sendable, Equatable, Codable {
  package var accepted = 0
  package var sceneTooSmall = 0
  package var noData = 0
  package var filter = 0

  package init() {}

  package var tried: Int { accepted + sceneTooSmall + noData + filter }
  /// The fraction of windows that passed, 0 to 1; 0 before the first window.
  package var acceptance: Double { tried == 0 ? 0 : Double(accepted) / Double(tried) }

  package subscript(rule: RejectionRule) -> Int {
    get {
      switch rule {
      case .sceneTooSmall: sceneTooSmall
      case .noData: noData
      case .filter: filter
      }
    }
    set {
      switch rule {
      case .sceneTooSmall: sceneTooSmall = newValue
      case .noData: noData = newValue
      case .filter: filter = newValue
      }
    }
  }

  /// The rule that rejected most windows.
  package var strictestRule: RejectionRule {
    RejectionRule.allCases.max { self[$0] < self[$1] } ?? .noData
  }

  package static func += (total: inout RejectionCounts, more: RejectionCounts) {
    total.accepted += more.accepted
    for rule in RejectionRule.allCases { total[rule] += more[rule] }
  }
}

/// The counts of a run: for each epoch and in total.
package struct RejectionReport: Sendable, Equatable, Codable {
  package var perEpoch: [Int: RejectionCounts]

  package init(perEpoch: [Int: RejectionCounts] = [:]) { self.perEpoch = perEpoch }

  package var total: RejectionCounts {
    perEpoch.values.reduce(into: RejectionCounts()) { $0 += $1 }
  }

  mutating func add(_ counts: RejectionCounts, epoch: Int) {
    perEpoch[epoch, default: RejectionCounts()] += counts
  }
}
