import Foundation
import RasterIO
import TestSupport
import Testing

@Suite(.enabled(if: CommandRunner.isBuilt, "needs the built command"))
struct ReportCommandTests {
  private let folder: TemporaryFolder
  private let evaluated: String

  init() throws {
    folder = try TemporaryFolder()
    evaluated = folder.file("evaluated")
    for (name, shift) in [("real", Float(0)), ("other", 1)] {
      let values = (0..<12 * 256).map { 9 * sinf(Float($0) / 13 + shift) }
      try NpyArray(shape: [12, 16, 16], values: values).write(to: folder.file("\(name).npy"))
    }
    // A home of its own has no weights, and the page is one of physical units.
    let (process, outputs) = try CommandRunner.start(
      [
        "evaluate", "--real", folder.file("real.npy"), "--set", "other=\(folder.file("other.npy"))",
        "-o", evaluated, "--count", "6", "--resamples", "4", "--no-cache",
      ], environment: ["HOME": folder.file("nobody"), "GANINSAR_INCEPTION": ""])
    let done = CommandRunner.finish(process, outputs)
    guard done.code == 0 else { throw CommandRunner.Failure(text: done.errors) }
  }

  @Test("the page of an evaluation is made again, byte for byte")
  func again() throws {
    let page = folder.file("page.html")
    let done = try CommandRunner.run("report", "\(evaluated)/report.json", "-o", page)
    #expect(done.code == 0, "\(done.errors)")
    let files = try content(of: evaluated)
    #expect(files.keys.sorted() == ["metrics.json", "report.html", "report.json"])
    #expect(try Data(contentsOf: URL(fileURLWithPath: page)) == files["report.html"])
  }

  @Test("what is no such file is named, and the old page stays")
  func faults() throws {
    let page = folder.file("page.html")
    try Data("old".utf8).write(to: URL(fileURLWithPath: page))
    let whole = try Data(contentsOf: URL(fileURLWithPath: "\(evaluated)/report.json"))
    let cut = folder.file("cut.json")
    try whole.prefix(whole.count / 2).write(to: URL(fileURLWithPath: cut))
    for (path, text) in [
      (cut, "cut.json"), ("\(evaluated)/metrics.json", "Give the report.json"),
      (folder.file("none.json"), "No such file"), (folder.path, "cannot read"),
    ] {
      let done = try CommandRunner.run("report", path, "-o", page)
      #expect(done.code == 1 && done.errors.contains(text), "\(path): \(done.errors)")
    }
    #expect(try Data(contentsOf: URL(fileURLWithPath: page)) == Data("old".utf8))
    let refused = try CommandRunner.run("report", "\(evaluated)/report.json", "-o", page)
    #expect(refused.code == 1 && refused.errors.contains("--overwrite"), "\(refused.errors)")
    let nowhere = try CommandRunner.run(
      "report", "\(evaluated)/report.json", "-o", folder.file("missing/page.html"))
    #expect(nowhere.code == 1 && nowhere.errors.contains("cannot write"))
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder.path).filter {
        $0.contains(".part")
      }.isEmpty)
  }
}
