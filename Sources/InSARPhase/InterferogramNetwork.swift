import Kernel

/// One radar image: its date and the position of its orbit.
public struct Acquisition: Sendable, Equatable, Codable {
  public let date: AcquisitionDate
  /// Distance from a common orbit, perpendicular to the line of sight; only differences matter.
  public let perpendicularBaselineMeters: Double

  public init(date: AcquisitionDate, perpendicularBaselineMeters: Double) {
    self.date = date
    self.perpendicularBaselineMeters = perpendicularBaselineMeters
  }
}

/// Two dates of a network, as indices of `InterferogramNetwork.acquisitions`.
public struct InterferogramPair: Sendable, Hashable, Codable {
  /// The earlier date.
  public let reference: Int
  public let secondary: Int

  public init(reference: Int, secondary: Int) {
    self.reference = reference
    self.secondary = secondary
  }
}

/// Limits for the pairs of dates that form interferograms.
public struct NetworkLimits: Sendable, Equatable, Codable {
  /// The longest interval; `nil` for any.
  public var maximumDays: Double?
  /// The largest perpendicular baseline, in absolute value; `nil` for any.
  public var maximumPerpendicularBaselineMeters: Double?
  /// Maximum number of later dates that each date is paired with; `nil` for no limit.
  public var maximumConnections: Int?

  public init(
    maximumDays: Double? = nil, maximumPerpendicularBaselineMeters: Double? = nil,
    maximumConnections: Int? = nil
  ) {
    self.maximumDays = maximumDays
    self.maximumPerpendicularBaselineMeters = maximumPerpendicularBaselineMeters
    self.maximumConnections = maximumConnections
  }

  func check() throws {
    var check = ParameterCheck()
    if let maximumDays { check.positive("maximumDays", maximumDays) }
    if let maximumPerpendicularBaselineMeters {
      check.positive("maximumPerpendicularBaselineMeters", maximumPerpendicularBaselineMeters)
    }
    if let maximumConnections { check.positive("maximumConnections", Double(maximumConnections)) }
    try check.throwFaults()
  }
}

/// The dates of a stack and the pairs of dates that make its interferograms.
///
/// An interferogram is secondary minus reference, the later date minus the earlier one: for dates,
/// perpendicular baselines and phases. Pairs are sorted by their reference, then by their
/// secondary.
public struct InterferogramNetwork: Sendable, Equatable {
  /// In order of date.
  public let acquisitions: [Acquisition]
  public let pairs: [InterferogramPair]

  /// A larger number is a mistake in the limits, and would fill the memory.
  static let mostPairs = 1_000_000

  /// A network with the given pairs.
  /// - Parameter allowsGaps: whether the network may be disconnected, which is possible when a
  ///   linear rate is estimated.
  /// - Throws: `InSARPhaseError.badNetwork` for fewer than two dates, duplicate dates, a non-finite
  ///   baseline, dates out of order, duplicate pairs, or a pair whose reference is not an earlier
  ///   date of the list; `.disconnected` if pairs do not connect all dates.
  public init(
    acquisitions: [Acquisition], pairs: [InterferogramPair], allowsGaps: Bool = false
  ) throws {
    try Self.check(acquisitions)
    var seen: Set<InterferogramPair> = []
    for pair in pairs {
      guard acquisitions.indices.contains(pair.reference),
        acquisitions.indices.contains(pair.secondary)
      else {
        throw InSARPhaseError.badNetwork(
          reason: "the pair \(pair.reference), \(pair.secondary) is not one of the "
            + "\(acquisitions.count) dates \(acquisitions[0].date) to "
            + "\(acquisitions[acquisitions.count - 1].date); give indices from 0")
      }
      let dates = [pair.reference, pair.secondary].map { acquisitions[$0].date }
      guard pair.reference < pair.secondary else {
        throw InSARPhaseError.badNetwork(
          reason: "the pair \(dates[0])_\(dates[1]) does not run from an earlier to a later date; "
            + "give the earlier one first")
      }
      guard seen.insert(pair).inserted else {
        throw InSARPhaseError.badNetwork(
          reason: "the pair \(dates[0])_\(dates[1]) is given twice; give each pair once")
      }
    }
    self.acquisitions = acquisitions
    self.pairs = pairs.sorted {
      ($0.reference, $0.secondary) < ($1.reference, $1.secondary)
    }
    if !allowsGaps { try checkConnected(NetworkLimits()) }
  }

  /// A network with all pairs within `limits`. Acquisitions are sorted by date.
  /// - Throws: as `init(acquisitions:pairs:)`, and `.settings` for a limit of 0 or less.
  public init(acquisitions: [Acquisition], limits: NetworkLimits = NetworkLimits()) throws {
    try limits.check()
    let sorted = acquisitions.sorted { $0.date < $1.date }
    try Self.check(sorted)
    var pairs: [InterferogramPair] = []
    for first in sorted.indices {
      let end = min(
        sorted.count - 1, first + min(limits.maximumConnections ?? sorted.count, sorted.count))
      for second in sorted.indices where second > first && second <= end {
        let days = Double(sorted[first].date.days(to: sorted[second].date))
        let baseline = abs(
          sorted[second].perpendicularBaselineMeters - sorted[first].perpendicularBaselineMeters)
        if days <= limits.maximumDays ?? .infinity,
          baseline <= limits.maximumPerpendicularBaselineMeters ?? .infinity
        {
          pairs.append(InterferogramPair(reference: first, secondary: second))
        }
      }
      guard pairs.count <= Self.mostPairs else {
        throw InSARPhaseError.badNetwork(
          reason: "\(sorted.count) dates make more than \(Self.mostPairs) pairs; "
            + "lower maximumConnections or maximumDays")
      }
    }
    self.acquisitions = sorted
    self.pairs = pairs
    try checkConnected(limits)
  }

  /// `count` dates, `everyDays` apart, with baselines drawn from N(0,
  /// `baselineStandardDeviationMeters`): which depend only on the seed.
  /// - Throws: as `init(acquisitions:limits:)`, and for fewer than 2 dates or days below 1.
  public init(
    start: AcquisitionDate, count: Int, everyDays: Int,
    baselineStandardDeviationMeters: Double = 100, seed: UInt64,
    limits: NetworkLimits = NetworkLimits()
  ) throws {
    var check = ParameterCheck()
    check.inside("count", Double(count), 2...10_000)
    check.inside("everyDays", Double(everyDays), 1...100_000)
    check.notNegative("baselineStandardDeviationMeters", baselineStandardDeviationMeters)
    try check.throwFaults()
    var random = CounterRandom(seed, .stackBaselines)
    let acquisitions = try (0..<count).map { index in
      Acquisition(
        date: try start.adding(days: index * everyDays),
        perpendicularBaselineMeters: baselineStandardDeviationMeters * random.normal())
    }
    try self.init(acquisitions: acquisitions, limits: limits)
  }
}

// MARK: - Properties of a pair
extension InterferogramNetwork {
  public var dates: [AcquisitionDate] { acquisitions.map(\.date) }

  /// The interval in days, positive.
  public func days(_ pair: InterferogramPair) -> Int {
    acquisitions[pair.reference].date.days(to: acquisitions[pair.secondary].date)
  }

  /// The same, including the times of day if they are known.
  public func exactDays(_ pair: InterferogramPair) -> Double {
    acquisitions[pair.reference].date.exactDays(to: acquisitions[pair.secondary].date)
  }

  /// Baseline of the secondary minus that of the reference, in m.
  public func perpendicularBaselineMeters(_ pair: InterferogramPair) -> Double {
    acquisitions[pair.secondary].perpendicularBaselineMeters
      - acquisitions[pair.reference].perpendicularBaselineMeters
  }

  /// `20200101_20200113`, the reference first.
  public func name(_ pair: InterferogramPair) -> String {
    "\(acquisitions[pair.reference].date)_\(acquisitions[pair.secondary].date)"
  }
}

// MARK: - Checks
extension InterferogramNetwork {
  private static func check(_ acquisitions: [Acquisition]) throws {
    guard acquisitions.count >= 2 else {
      throw InSARPhaseError.badNetwork(
        reason: "\(acquisitions.count) dates do not form an interferogram; give at least two")
    }
    for acquisition in acquisitions where !acquisition.perpendicularBaselineMeters.isFinite {
      throw InSARPhaseError.badNetwork(
        reason: "the perpendicular baseline of \(acquisition.date) is "
          + "\(acquisition.perpendicularBaselineMeters); give meters")
    }
    for (earlier, later) in zip(acquisitions, acquisitions.dropFirst()) {
      if earlier.date == later.date {
        throw InSARPhaseError.badNetwork(
          reason: "\(earlier.date) is given twice; give each date once")
      }
      if earlier.date > later.date {
        throw InSARPhaseError.badNetwork(
          reason: "\(later.date) comes after \(earlier.date); give dates in order")
      }
    }
  }

  /// The groups of dates that pairs connect, in order: a single group if there is no gap.
  public var parts: [[AcquisitionDate]] {
    let roots = roots()
    return Set(roots).sorted().map { first in
      acquisitions.indices.filter { roots[$0] == first }.map { acquisitions[$0].date }
    }
  }

  /// For each date, the first date to which pairs connect it.
  private func roots() -> [Int] {
    var group = Array(acquisitions.indices)
    func root(_ index: Int) -> Int {
      var index = index
      while group[index] != index { index = group[index] }
      return index
    }
    for pair in pairs {
      let (a, b) = (root(pair.reference), root(pair.secondary))
      group[max(a, b)] = min(a, b)
    }
    return acquisitions.indices.map(root)
  }

  private func checkConnected(_ limits: NetworkLimits) throws {
    let groups = parts
    guard groups.count > 1 else { return }
    throw InSARPhaseError.disconnected(groups: groups, remedy: remedy(roots(), limits))
  }

  /// Suggests the shortest interval between two dates of different groups.
  private func remedy(_ roots: [Int], _ limits: NetworkLimits) -> String {
    var best: (pair: InterferogramPair, days: Int)?
    for first in acquisitions.indices {
      guard
        let second = acquisitions.indices.first(where: { $0 > first && roots[$0] != roots[first] })
      else { continue }
      let pair = InterferogramPair(reference: first, secondary: second)
      if days(pair) < best?.days ?? .max { best = (pair, days(pair)) }
    }
    guard let (pair, days) = best else { return "Give more pairs." }
    let baseline = perpendicularBaselineMeters(pair).rounded()
    var limitTexts: [String] = []
    if let days = limits.maximumDays { limitTexts.append("\(days) days") }
    if let meters = limits.maximumPerpendicularBaselineMeters { limitTexts.append("\(meters) m") }
    if let count = limits.maximumConnections { limitTexts.append("\(count) connections") }
    let shortest =
      "The nearest dates of two parts are \(acquisitions[pair.reference].date) and "
      + "\(acquisitions[pair.secondary].date), \(days) days and \(baseline) m apart"
    return limitTexts.isEmpty
      ? "\(shortest): add a pair that connects them."
      : "\(shortest), the limits are \(limitTexts.joined(separator: ", ")): raise them, or add dates "
        + "in between."
  }
}

// MARK: - Codable
extension InterferogramNetwork: Codable {
  private enum CodingKeys: String, CodingKey { case acquisitions, pairs }

  /// Decodes and checks as the initializer does; gaps are allowed.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    try self.init(
      acquisitions: container.decode([Acquisition].self, forKey: .acquisitions),
      pairs: container.decode([InterferogramPair].self, forKey: .pairs), allowsGaps: true)
  }
}
