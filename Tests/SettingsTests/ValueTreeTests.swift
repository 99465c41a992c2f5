import Foundation
import Testing

@testable import Settings

@Suite struct ValueTreeTests {
  private struct Sample: Codable, Equatable {
    var zebra = "a \"b\" \\ \n\t\u{1}é"
    var apple: [[Double]] = [[1.5, -0.25], []]
    var nested: [String: Int] = ["one": 1]
    var missing: Int?
    var parts: [Part] = [Part(), Part()]
    struct Part: Codable, Equatable { var flag = true }
  }

  @Test(arguments: [true, false])
  func jsonIsWhatFoundationReads(pretty: Bool) throws {
    let json = try ValueTree(encoding: Sample()).json(pretty: pretty)
    #expect(try JSONDecoder().decode(Sample.self, from: Data(json.utf8)) == Sample())
    #expect(json.contains("\n") == pretty)
    let order = ["zebra", "apple", "nested", "missing", "parts"].map { json.range(of: $0)! }
    #expect(zip(order, order.dropFirst()).allSatisfy { $0.lowerBound < $1.lowerBound })
  }

  /// YAML 1.1 readers (PyYAML) take `1e-05` for a string: a number needs its dot.
  @Test(arguments: [
    1e-5: "1.0e-05", 1e22: "1.0e+22", 0.1: "0.1", 3: "3.0", -Double.infinity: "-.inf",
  ])
  func numbersAreReadAlikeEverywhere(value: Double, text: String) throws {
    #expect(try ValueTree(encoding: ["x": value]).yaml() == "x: \(text)\n")
  }

  @Test(arguments: ["yes", "No", "null", "", "1.0", ".inf", "a b", "a: b", "# c", "-", "é", "~"])
  func ambiguousStringsAreQuoted(text: String) throws {
    #expect(try ValueTree(encoding: ["x": text]).yaml() == "x: \"\(text)\"\n")
  }

  @Test func numbersThatJSONLacksBecomeText() throws {
    let json = try ValueTree(encoding: [Double.nan, .infinity, -.infinity]).json()
    #expect(json == #"["nan","inf","-inf"]"#)
  }

  @Test func extremeIntegersSurvive() throws {
    let json = try ValueTree(encoding: [UInt64.max]).json()
    #expect(json == "[18446744073709551615]")
  }
}
