import DurableFiles
import Foundation
import TestSupport
import Testing

@testable import HTMLReport

@Suite struct EvaluationReportTests {
  /// The results inside a page.
  private func results(in page: String) throws -> EvaluationReport {
    let start = try #require(page.range(of: "id=\"results\">")).upperBound
    let end = try #require(page.range(of: "</script>", range: start..<page.endIndex)).lowerBound
    return try JSONDecoder().decode(EvaluationReport.self, from: Data(page[start..<end].utf8))
  }

  @Test func thePageHoldsTheResultsAndNothingFromElsewhere() throws {
    let report = try sampleReport()
    let page = try report.html()
    #expect(try results(in: page) == report)
    #expect(page.contains("<title>An evaluation</title>"))
    for outside in ["http://", "https://", " src=", "@import"] {
      // The SVG name space is a name, and not fetched.
      let found = page.replacingOccurrences(of: "http://www.w3.org/2000/svg", with: "")
      #expect(!found.contains(outside), "\(outside)")
    }
  }

  /// "<" with a combining accent is one character to Swift and two to a browser.
  @Test(arguments: [
    "</script><script>alert(1)", "<!--", "a & b \"c\" 'd'", "<\u{301}/script>", "\u{2028}",
  ])
  func textFromUsersStaysText(name: String) throws {
    var report = try sampleReport(name: name)
    report.title = name
    let page = try report.html()
    #expect(try results(in: page) == report)
    let scalars = page.unicodeScalars
    let ends = scalars.indices.count { scalars[$0...].starts(with: "</script>".unicodeScalars) }
    #expect(ends == 2)
    #expect(EvaluationReport.escaped("<\u{301}&\"'>") == "&lt;\u{301}&amp;&quot;&#39;&gt;")
  }

  @Test func faultsAreNamedAllAtOnce() throws {
    var report = try sampleReport()
    report.metrics[0].values = [ReportValue(.nan)]
    report.embedding?.sets[1].patch = [0, 7]
    report.outliers[0].patch = 2
    report.nearestPairs[0].reference = -1
    report.plots[0].series[0].x = [1, 2]
    report.colorScale.colors = ["red", "white", "blue"]
    report.sets[1].name = "real"
    let error = #expect(throws: ReportError.self) { try report.html() }
    let text = "\(try #require(error))"
    for fault in [
      "metric FID: 1 values for 2 sets", "a value is not finite", "embedding, set 1",
      "outliers: patch 2 of set 1", "reference -1", "plot Rates", "#rrggbb",
      "two sets have one name",
    ] {
      #expect(text.contains(fault), "\(fault)")
    }
  }

  @Test func missingPixelsAreNoticed() throws {
    let data = try JSONEncoder().encode(sampleReport())
    let text = String(decoding: data, as: UTF8.self)
    let pixels = try sampleReport().sets[0].patches.pixels
      .replacingOccurrences(of: "/", with: "\\/")
    let damaged = text.replacingOccurrences(of: pixels, with: "AAAA")
    #expect(damaged != text)
    let report = try JSONDecoder().decode(EvaluationReport.self, from: Data(damaged.utf8))
    #expect {
      try report.html()
    } throws: { "\($0)".contains("2 pictures of 2 pixels a side need 8 bytes, and there are 3") }
  }

  /// 2^31 squared, twice, is more than an integer holds.
  @Test(arguments: ["0", "-3", "65537", "2147483648", "9223372036854775807"])
  func picturesOfImpossibleSizesAreNoticed(side: String) throws {
    let text = String(decoding: try JSONEncoder().encode(sampleReport()), as: UTF8.self)
    let damaged = text.replacingOccurrences(of: "\"side\":2", with: "\"side\":\(side)")
    #expect(damaged != text)
    let report = try JSONDecoder().decode(EvaluationReport.self, from: Data(damaged.utf8))
    #expect {
      try report.html()
    } throws: { "\($0)".contains("pictures of \(side) pixels a side; there may be 1 to 65536") }
  }

  @Test func filesAreWholeOrNotThere() throws {
    let folder = try TemporaryFolder()
    try sampleReport().writeHTML(to: folder.file("page.html"))
    #expect(
      try String(contentsOfFile: folder.file("page.html"), encoding: .utf8) == sampleReport().html()
    )
    #expect(throws: RunError.self) {
      try sampleReport().writeHTML(to: folder.file("missing/page.html"))
    }
    var wrong = try sampleReport()
    wrong.sets = []
    #expect(throws: ReportError.self) { try wrong.writeHTML(to: folder.file("wrong.html")) }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["page.html"])
  }

  @Test func resultsAreReadBack() throws {
    let folder = try TemporaryFolder()
    try JSONEncoder().encode(sampleReport()).write(to: URL(fileURLWithPath: folder.file("a.json")))
    #expect(try EvaluationReport.read(folder.file("a.json")) == sampleReport())
    try Data("{\"title\": \"x\"}".utf8).write(to: URL(fileURLWithPath: folder.file("b.json")))
    try Data("no".utf8).write(to: URL(fileURLWithPath: folder.file("c.json")))
    #expect {
      try EvaluationReport.read(folder.file("b.json"))
    } throws: { "\($0)".contains("is missing") && "\($0)".contains("b.json") }
    #expect {
      try EvaluationReport.read(folder.file("c.json"))
    } throws: { "\($0)".contains("it is not JSON") }
    #expect(throws: RunError.self) { try EvaluationReport.read(folder.file("none.json")) }
  }
}
