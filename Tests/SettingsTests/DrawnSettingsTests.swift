import DurableFiles
import Foundation
import Kernel
import Testing

@testable import Settings

/// Distributions that stand where values would stand.
@Suite struct DrawnSettingsTests {
  struct Scene: Codable, Sendable, Equatable, Validatable {
    enum Kind: String, Codable, Sendable, CaseIterable { case hill, valley }
    struct Group: Codable, Sendable, Equatable {
      var low = 0.2
      var high = 0.8
      var days: Int? = 12
    }
    var size = 64
    var kind = Kind.hill
    var number = 3
    var value = 1.5
    var list = [1.0, 2.0]
    var group = Group()

    func faults() -> [String] {
      (group.low > group.high ? ["group.low exceeds group.high"] : [])
        + (value < 0 ? ["value is \(value); give 0 or more"] : [])
    }
  }

  static func settings(_ sets: String...) throws -> DrawnSettings<Scene> {
    try ConfigurationOverlay.resolveDrawn(defaults: Scene(), sets: sets, fixed: ["size"])
  }

  static func faults(_ sets: String...) -> String {
    do {
      _ = try ConfigurationOverlay.resolveDrawn(defaults: Scene(), sets: sets, fixed: ["size"])
      return ""
    } catch RunError.configuration(let faults) {
      return faults.joined(separator: "\n")
    } catch {
      return "\(error)"
    }
  }

  @Test func withoutDistributionsEverySampleHasTheSettings() throws {
    let settings = try Self.settings("value=2")
    #expect(!settings.isDrawn)
    #expect(try settings.draw(3, seed: 1).value == settings.typical)
    #expect(settings.typical.value == 2)
  }

  @Test func drawsDependOnSeedKeyAndSampleAlone() throws {
    let one = try Self.settings("value={uniform: [1, 2]}")
    let two = try Self.settings("value={uniform: [1, 2]}", "number={uniform: [1, 9]}")
    let values = try (0..<200).map { try one.draw($0, seed: 5).value.value }
    #expect(try (0..<200).map { try two.draw($0, seed: 5).value.value } == values)
    #expect(Set(values).count == 200)
    #expect(try one.draw(0, seed: 6).value.value != values[0])
    #expect(values.allSatisfy { (1...2).contains($0) })
  }

  struct Law: Sendable {
    var text: String
    /// The part of the draws that is expected below a value.
    var below: @Sendable (Double) -> Double
  }
  static let laws: [Law] = [
    Law(text: "{uniform: [1, 3]}") { ($0 - 1) / 2 },
    Law(text: "{logUniform: [0.1, 10]}") { (log10($0) + 1) / 2 },
    Law(text: "{normal: [5, 1]}") { erfc((5 - $0) / 2.0.squareRoot()) / 2 },
    Law(text: "{table: [[0, 0], [2, 1]]}") { $0 * $0 / 4 },
    Law(text: "{table: [[0, 1], [1, 1], [2, 0]]}") { (x: Double) -> Double in
      let past = x - 1
      return past < 0 ? x / 1.5 : (1 + past - past * past / 2) / 1.5
    },
  ]

  /// The distance between the distribution of draws and the expected one (Kolmogorov and Smirnov).
  @Test(arguments: laws.indices)
  func drawsFollowTheDistribution(_ number: Int) throws {
    let law = Self.laws[number]
    let settings = try Self.settings("value=\(law.text)")
    let values = try (0..<2000).map { try settings.draw($0, seed: 1).value.value }.sorted()
    var distance = 0.0
    for (index, value) in values.enumerated() {
      distance = max(distance, abs(law.below(value) - (Double(index) + 0.5) / 2000))
    }
    // Exceeded by chance once in 10,000 seeds.
    #expect(distance < 2.23 / 2000.0.squareRoot())
  }

  @Test func wholeNumbersAreEquallyLikelyUpToBothEnds() throws {
    let settings = try Self.settings("number={uniform: [2, 5]}", "group.days={normal: [12, 3]}")
    var counts: [Int: Int] = [:]
    for index in 0..<4000 {
      counts[try settings.draw(index, seed: 2).value.number, default: 0] += 1
    }
    #expect(counts.keys.sorted() == [2, 3, 4, 5])
    #expect(counts.values.allSatisfy { abs($0 - 1000) < 120 })
  }

  @Test func choicesTakeWordsListsNothingAndGroups() throws {
    let settings = try Self.settings(
      "kind={choice: [hill, valley], weights: [1, 3]}", "list={choice: [[1], [2, 3]]}",
      "group={choice: [{days: null}, {low: {uniform: [0.3, 0.5]}, high: 0.6}]}")
    let draws = try (0..<400).map { try settings.draw($0, seed: 3).value }
    #expect(abs(draws.count { $0.kind == .valley } - 300) < 40)
    #expect(Set(draws.map(\.list.count)) == [1, 2])
    #expect(draws.contains { $0.group.days == nil && $0.group.high == 0.8 })
    #expect(draws.contains { $0.group.days == 12 && (0.3...0.5).contains($0.group.low) })
    #expect(draws.allSatisfy { ($0.group.days == nil) == ($0.group.high == 0.8) })
  }

  /// The draw within an option is not the draw that chose the option.
  @Test func anOptionMayBeADistribution() throws {
    let settings = try Self.settings("value={choice: [0, {uniform: [1, 3]}], weights: [3, 1]}")
    let draws = try (0..<2000).map { try settings.draw($0, seed: 1) }
    let values = draws.map(\.value.value).filter { $0 > 0 }
    #expect(abs(values.count - 500) < 80)
    #expect(abs(values.reduce(0, +) / Double(values.count) - 2) < 0.12)
    #expect(draws.allSatisfy { $0.drawn.entries?.count == 1 })
  }

  @Test func listsMayHoldDistributions() throws {
    let settings = try Self.settings("list=[0, {normal: [0, 1]}]")
    let draw = try settings.draw(0, seed: 1)
    #expect(draw.value.list[0] == 0 && draw.value.list[1] != 0)
    #expect(draw.drawn.entries?.map(\.key) == ["list[1]"])
  }

  @Test func whatIsDrawnIsRecorded() throws {
    let settings = try Self.settings("kind={choice: [hill, valley]}", "value={uniform: [1, 2]}")
    let draw = try settings.draw(7, seed: 1)
    let text = String(decoding: try JSONEncoder().encode(draw.drawn), as: UTF8.self)
    #expect(text.contains("\"kind\":\"\(draw.value.kind.rawValue)\""))
    #expect(text.contains("\"value\":\(draw.value.value)"))
  }

  @Test func aLaterValueReplacesADistribution() throws {
    let plain = try Self.settings("value={uniform: [1, 2]}", "value=4")
    #expect(!plain.isDrawn)
    let other = try Self.settings("value={uniform: [1, 2]}", "value={normal: [5, 0]}")
    #expect(try other.draw(0, seed: 1).value.value == 5)
  }

  @Test(arguments: [
    ("value={normal: [1, -2]}", "deviation is -2.0; give 0 or more"),
    ("value={choice: []}", "empty choice"),
    ("value={uniform: [5, 2]}", "from 5.0 to 2.0; give the smaller number first"),
    ("value={logUniform: [0, 2]}", "give numbers above 0"),
    ("value={unifrom: [1, 2]}", "did you mean 'uniform'?"),
    ("value={uniform: [1, 2], limits: [0, 1]}", "unknown key 'value.limits'"),
    ("value={normal: [1, 2], limits: [50, 60]}", "leave out nearly all"),
    ("value={choice: [1, 2], weights: [1]}", "give one for each"),
    ("value={table: [[1, 0], [0, 1]]}", "do not ascend"),
    ("value={uniform: [1]}", "give the smallest and the largest"),
    ("value={uniform: [-1, 2]}", "value is -1.0; give 0 or more"),
    ("number={uniform: [1.2, 1.8]}", "must be a whole number"),
    ("kind={choice: [hill, lake]}", "must be one of hill, valley"),
    ("group={choice: [{hihg: 1}]}", "Did you mean 'group.high'?"),
    ("size={choice: [64, 128]}", "size is the same for all samples"),
    ("vlaue={uniform: [1, 2]}", "Did you mean 'value'?"),
  ])
  func faultsSayWhatToDo(_ set: String, _ expected: String) {
    #expect(Self.faults(set).contains(expected))
  }

  @Test func valuesThatDoNotGoTogetherAreFoundBeforeTheFirstSample() {
    let text = Self.faults("group.low={uniform: [0.1, 0.6]}", "group.high={uniform: [0.5, 0.9]}")
    #expect(text.contains("as drawn: ") && text.contains("group.low exceeds group.high"))
  }
}
