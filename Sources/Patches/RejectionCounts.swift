/// The rules that can reject a random window.
public enum RejectionRule: String, Sendable, Codable, CaseIterable {
  /// No scene is large enough for the window.
  case sceneTooSmall
  /// The fraction of pixels without data is above `maximumNoDataShare`.
  case noData
  /// The conditional filter.
  case filter
}

/// Counts of random windows that were tried, accepted and rejected; a window that fails several
/// rules counts for the first one, in the order of `RejectionRule`.
public struct RejectionCounts: Sendable, Equatable, Codable {
  public var accepted = 0
  public var sceneTooSmall = 0
  public var noData = 0
  public var filter = 0

  public init() {}

  public var tried: Int { accepted + sceneTooSmall + noData + filter }
  /// The fraction of windows that passed, 0 to 1; 0 before the first window.
  public var acceptance: Double { tried == 0 ? 0 : Double(accepted) / Double(tried) }

  public subscript(rule: RejectionRule) -> Int {
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
  public var strictestRule: RejectionRule {
    RejectionRule.allCases.max { self[$0] < self[$1] } ?? .noData
  }

  public static func += (total: inout RejectionCounts, more: RejectionCounts) {
    total.accepted += more.accepted
    for rule in RejectionRule.allCases { total[rule] += more[rule] }
  }
}

/// The counts of a run: for each epoch and in total.
public struct RejectionReport: Sendable, Equatable, Codable {
  public var perEpoch: [Int: RejectionCounts]

  public init(perEpoch: [Int: RejectionCounts] = [:]) { self.perEpoch = perEpoch }

  public var total: RejectionCounts { perEpoch.values.reduce(into: RejectionCounts()) { $0 += $1 } }

  mutating func add(_ counts: RejectionCounts, epoch: Int) {
    perEpoch[epoch, default: RejectionCounts()] += counts
  }
}
