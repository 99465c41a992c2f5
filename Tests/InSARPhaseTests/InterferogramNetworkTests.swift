import Foundation
import InSARPhase
import Testing

@Suite struct InterferogramNetworkTests {
  static func acquisitions(_ dates: [String], _ baselines: [Double]) throws -> [Acquisition] {
    try zip(dates, baselines).map {
      Acquisition(date: try AcquisitionDate($0), perpendicularBaselineMeters: $1)
    }
  }

  @Test func limitsChooseThePairs() throws {
    let acquisitions = try Self.acquisitions(
      ["20200125", "20200101", "20200113"], [30, 0, -80])  // not in order
    let all = try InterferogramNetwork(acquisitions: acquisitions)
    #expect(
      all.pairs.map(all.name)
        == ["20200101_20200113", "20200101_20200125", "20200113_20200125"])
    #expect(all.pairs.map(all.days) == [12, 24, 12])
    #expect(all.pairs.map(all.perpendicularBaselineMeters) == [-80, 30, 110])

    let short = try InterferogramNetwork(
      acquisitions: acquisitions, limits: NetworkLimits(maximumDays: 12))
    #expect(short.pairs.map(short.name) == ["20200101_20200113", "20200113_20200125"])
    let close = try InterferogramNetwork(
      acquisitions: acquisitions, limits: NetworkLimits(maximumPerpendicularBaselineMeters: 100))
    #expect(close.pairs.map(close.name) == ["20200101_20200113", "20200101_20200125"])
    let next = try InterferogramNetwork(
      acquisitions: acquisitions, limits: NetworkLimits(maximumConnections: 1))
    #expect(next.pairs == short.pairs)
  }

  @Test func aGapThatDisconnectsIsNamed() throws {
    let acquisitions = try Self.acquisitions(
      ["20200101", "20200113", "20200601", "20200613"], [0, 10, 20, 30])
    let limits = NetworkLimits(maximumDays: 24)
    let error = try #require(throws: InSARPhaseError.self) {
      try InterferogramNetwork(acquisitions: acquisitions, limits: limits)
    }
    guard case .disconnected(let groups, let remedy) = error else {
      Issue.record("\(error)")
      return
    }
    #expect(
      groups.map { $0.map(\.description) } == [
        ["20200101", "20200113"], ["20200601", "20200613"],
      ])
    #expect(remedy.contains("20200113 and 20200601, 140 days"))
    #expect("\(error)".contains("20200101 to 20200113 (2 dates)"))
  }

  @Test func gapsAreAllowedWhereAskedFor() throws {
    let acquisitions = try Self.acquisitions(
      ["20200101", "20200113", "20200601", "20200613"], [0, 10, 20, 30])
    let pairs = [InterferogramPair(reference: 2, secondary: 3), .init(reference: 0, secondary: 1)]
    let network = try InterferogramNetwork(
      acquisitions: acquisitions, pairs: pairs, allowsGaps: true)
    #expect(
      network.parts.map { $0.map(\.description) } == [
        ["20200101", "20200113"], ["20200601", "20200613"],
      ])
    // What is wrong with a pair is told by its dates.
    for (pairs, words) in [
      (pairs + [pairs[1]], "20200101_20200113 is given twice"),
      ([.init(reference: 3, secondary: 1)], "20200613_20200113"),
      ([.init(reference: 1, secondary: 4)], "20200101 to 20200613"),
    ] {
      #expect {
        try InterferogramNetwork(acquisitions: acquisitions, pairs: pairs, allowsGaps: true)
      } throws: { "\($0)".contains(words) }
    }
  }

  @Test func givenPairsMustJoinAllDates() throws {
    let acquisitions = try Self.acquisitions(["20200101", "20200113", "20200125"], [0, 0, 0])
    #expect(throws: InSARPhaseError.self) {
      try InterferogramNetwork(
        acquisitions: acquisitions, pairs: [InterferogramPair(reference: 0, secondary: 1)])
    }
    for bad in [(1, 0), (0, 0), (0, 3), (-1, 1)] {
      #expect(throws: InSARPhaseError.self, "\(bad)") {
        try InterferogramNetwork(
          acquisitions: acquisitions,
          pairs: [InterferogramPair(reference: bad.0, secondary: bad.1)])
      }
    }
  }

  @Test func badDatesAreErrors() throws {
    #expect(throws: InSARPhaseError.self) {
      try InterferogramNetwork(acquisitions: Self.acquisitions(["20200101"], [0]))
    }
    #expect(throws: InSARPhaseError.self) {
      try InterferogramNetwork(
        acquisitions: Self.acquisitions(["20200101", "20200101"], [0, 1]))
    }
    #expect(throws: InSARPhaseError.self) {
      try InterferogramNetwork(
        acquisitions: Self.acquisitions(["20200101", "20200113"], [0, .nan]))
    }
  }

  @Test func regularDatesDependOnTheSeedAlone() throws {
    func network(_ seed: UInt64) throws -> InterferogramNetwork {
      try InterferogramNetwork(
        start: AcquisitionDate("20200101"), count: 20, everyDays: 12, seed: seed,
        limits: NetworkLimits(maximumConnections: 3))
    }
    let one = try network(5)
    #expect(try one == network(5))
    #expect(try one != network(6))
    #expect(one.pairs.count == 19 + 18 + 17)
    #expect(Set(zip(one.dates, one.dates.dropFirst()).map { $0.days(to: $1) }) == [12])
    #expect(throws: InSARPhaseError.self) {
      try InterferogramNetwork(
        start: AcquisitionDate("20200101"), count: 5, everyDays: 0, seed: 1)
    }
    for limits in [NetworkLimits(maximumDays: -1), NetworkLimits(maximumConnections: 0)] {
      #expect(throws: InSARPhaseError.self) {
        try InterferogramNetwork(
          start: AcquisitionDate("20200101"), count: 5, everyDays: 12, seed: 1, limits: limits)
      }
    }
  }

  @Test func decodingGivesItBackAndChecks() throws {
    let network = try InterferogramNetwork(
      start: AcquisitionDate("20200101"), count: 4, everyDays: 12, seed: 1)
    let data = try JSONEncoder().encode(network)
    #expect(try JSONDecoder().decode(InterferogramNetwork.self, from: data) == network)
    let text = String(decoding: data, as: UTF8.self)
    let doubled = text.replacingOccurrences(of: "20200113", with: "20200101")
    #expect(doubled != text)
    #expect(throws: InSARPhaseError.self) {
      try JSONDecoder().decode(InterferogramNetwork.self, from: Data(doubled.utf8))
    }
  }
}
