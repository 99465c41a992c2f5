import Foundation
import InSARPhase
import Kernel

/// How well a method filtered and unwrapped samples whose truth is known.
package struct PhaseScore: Codable, Sendable, Equatable {
  package struct Group: Codable, Sendable, Equatable {
    /// Of the coherence: from `from` to below `to`.
    package var from: Double
    package var to: Double
    package var pixels = 0
    /// Root mean square of the wrapped differences from the clean phase, in rad.
    package var filteredRMSRadians = 0.0
    /// Fraction of pixels whose unwrapped filtered phase is more than half a turn from the clean
    /// phase, after the constant of each map's connected regions is removed.
    package var wrongCycles = 0.0
  }

  /// Pixels of similar stated uncertainty.
  package struct Reliability: Codable, Sendable, Equatable {
    package var from: Double
    package var to: Double
    package var pixels = 0
    /// Circular standard deviations in rad: as stated, and of the errors.
    package var statedRadians = 0.0
    package var foundRadians = 0.0
  }

  /// One sample by itself.
  package struct Sample: Codable, Sendable, Equatable {
    package var pixels: Int
    package var filteredRMSRadians: Double
    package var wrongCycles: Double
  }

  package var method: String
  package var samples = 0
  package var groups: [Group]
  package var all: Group
  /// Empty for a method without an uncertainty.
  package var reliability: [Reliability]
  /// In the order of the dataset, for paired comparisons.
  package var bySample: [Sample] = []
  package var cpuMillisecondsPerMegapixel = 0.0

  package static let coherenceLimits = [0, 0.3, 0.6, 1.000001]
  static let uncertaintyLimits = [0, 0.15, 0.3, 0.6, 1.0, 1.5, 100]
}

/// Adds up a score over samples.
package struct PhaseScoreSum {
  private var score: PhaseScore
  private var squares: [Double]
  private var wrong: [Int]
  /// Sums of cosines of errors, and of those that were stated.
  private var foundCosines: [Double]
  private var statedCosines: [Double]
  private var cpuSeconds = 0.0

  package init(_ method: String) {
    func ranges(_ limits: [Double]) -> [(Double, Double)] { Array(zip(limits, limits.dropFirst())) }
    score = PhaseScore(
      method: method, groups: ranges(PhaseScore.coherenceLimits).map { .init(from: $0, to: $1) },
      all: .init(from: 0, to: 1),
      reliability: ranges(PhaseScore.uncertaintyLimits).map { .init(from: $0, to: $1) })
    squares = score.groups.map { _ in 0 }
    wrong = score.groups.map { _ in 0 }
    foundCosines = score.reliability.map { _ in 0 }
    statedCosines = foundCosines
  }

  /// - Parameters:
  ///   - filteredRadians: wrapped.
  ///   - unwrappedRadians: the filtered phase with its turns.
  ///   - uncertaintyRadians: `nil` for a method without.
  package mutating func add(
    _ sample: PhaseSample, filteredRadians: [Float], unwrappedRadians: [Float],
    uncertaintyRadians: [Float]?, regions: [Int32], cpuSeconds: Double
  ) {
    score.samples += 1
    self.cpuSeconds += cpuSeconds
    let truth = sample.cleanRadians
    let turns = truth.indices.map { pixel -> Int? in
      let difference = Double(unwrappedRadians[pixel]) - Double(truth[pixel])
      guard difference.isFinite, sample.wrappedRadians[pixel].isFinite else { return nil }
      return Int((difference / (2 * Double.pi)).rounded())
    }
    let levels = Self.levels(turns, regions)
    let before = (
      pixels: score.groups.reduce(0) { $0 + $1.pixels }, squares: squares.reduce(0, +),
      wrong: wrong.reduce(0, +)
    )
    for pixel in truth.indices {
      guard let turn = turns[pixel] else { continue }
      let coherence = Double(sample.coherence[pixel])
      let group = score.groups.lastIndex { coherence >= $0.from } ?? 0
      let error = Double(InSARPhase.wrapped(filteredRadians[pixel] - truth[pixel]))
      score.groups[group].pixels += 1
      squares[group] += error * error
      if turn != levels[regions[pixel]] { wrong[group] += 1 }
      guard let stated = uncertaintyRadians.map({ Double($0[pixel]) }) else { continue }
      let place = score.reliability.lastIndex { stated >= $0.from } ?? 0
      score.reliability[place].pixels += 1
      foundCosines[place] += cos(error)
      statedCosines[place] += exp(-stated * stated / 2)
    }
    let pixels = score.groups.reduce(0) { $0 + $1.pixels } - before.pixels
    let count = Double(max(1, pixels))
    score.bySample.append(
      PhaseScore.Sample(
        pixels: pixels,
        filteredRMSRadians: ((squares.reduce(0, +) - before.squares) / count).squareRoot(),
        wrongCycles: Double(wrong.reduce(0, +) - before.wrong) / count))
  }

  /// The commonest number of turns of each region.
  private static func levels(_ turns: [Int?], _ regions: [Int32]) -> [Int32: Int] {
    var counts: [Int32: [Int: Int]] = [:]
    for (turn, region) in zip(turns, regions) {
      if let turn { counts[region, default: [:]][turn, default: 0] += 1 }
    }
    // Of equally common ones the lowest, so that the result does not depend on the order.
    return counts.mapValues { $0.max { ($0.value, -$0.key) < ($1.value, -$1.key) }!.key }
  }

  package var result: PhaseScore {
    var score = score
    func finish(_ group: inout PhaseScore.Group, _ squares: Double, _ wrong: Int) {
      let count = Double(max(1, group.pixels))
      group.filteredRMSRadians = (squares / count).squareRoot()
      group.wrongCycles = Double(wrong) / count
    }
    for index in score.groups.indices {
      score.all.pixels += score.groups[index].pixels
      finish(&score.groups[index], squares[index], wrong[index])
    }
    finish(&score.all, squares.reduce(0, +), wrong.reduce(0, +))
    for index in score.reliability.indices {
      let count = Double(max(1, score.reliability[index].pixels))
      func deviation(_ sum: Double) -> Double { (-2 * log(max(1e-12, sum / count))).squareRoot() }
      score.reliability[index].statedRadians = deviation(statedCosines[index])
      score.reliability[index].foundRadians = deviation(foundCosines[index])
    }
    score.reliability.removeAll { $0.pixels == 0 }
    score.cpuMillisecondsPerMegapixel = cpuSeconds * 1e9 / Double(max(1, score.all.pixels))
    return score
  }
}
