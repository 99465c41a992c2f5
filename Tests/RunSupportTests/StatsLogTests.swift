import Foundation
import TestSupport
import Testing

@testable import DurableFiles
@testable import RunSupport

@Suite struct StatsLogTests {
  private struct Line: Codable, Equatable {
    var step: Int
    var loss = 0.5
  }
  private let folder: TemporaryFolder
  private var path: String { folder.file("stats.jsonl") }

  init() throws { folder = try TemporaryFolder() }

  private func text() throws -> String { try String(contentsOfFile: path, encoding: .utf8) }
  private func put(_ text: String) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
  }

  @Test func linesAreObjectsInOrder() throws {
    let log = try StatsLog(path: path)
    try log.append(Line(step: 1))
    try log.append(Line(step: 2, loss: .nan))
    #expect(try text() == "{\"step\":1,\"loss\":0.5}\n{\"step\":2,\"loss\":\"nan\"}\n")
    let lines = try StatsLog.read(Line.self, from: path)
    #expect(lines.map(\.step) == [1, 2])
    #expect(lines[1].loss.isNaN)
  }

  @Test func reopeningAppends() throws {
    for step in 1...3 { try StatsLog(path: path).append(Line(step: step)) }
    #expect(try StatsLog.read(Line.self, from: path).map(\.step) == [1, 2, 3])
  }

  @Test func resumeDropsWhatCameAfterTheCheckpoint() throws {
    let log = try StatsLog(path: path)
    for step in [2, 4, 6, 8] { try log.append(Line(step: step)) }
    try StatsLog(path: path, resumingAfter: 5).append(Line(step: 6, loss: 0.25))
    #expect(
      try StatsLog.read(Line.self, from: path) == [
        Line(step: 2), Line(step: 4), Line(step: 6, loss: 0.25),
      ])
  }

  @Test(arguments: ["{\"step\":2,\"lo", "{\"step\":2,\"loss\":0.5}", "\u{0}\u{0}", "{"])
  func aTornLastLineIsRemoved(torn: String) throws {
    try put("{\"step\":1,\"loss\":0.5}\n" + torn)
    #expect(try StatsLog.read(Line.self, from: path) == [Line(step: 1)])
    try StatsLog(path: path).append(Line(step: 3))
    #expect(try StatsLog.read(Line.self, from: path) == [Line(step: 1), Line(step: 3)])
    try put("{\"step\":1,\"loss\":0.5}\n" + torn)
    try StatsLog(path: path, resumingAfter: 9).append(Line(step: 4))
    #expect(try StatsLog.read(Line.self, from: path) == [Line(step: 1), Line(step: 4)])
  }

  @Test func damageInTheMiddleIsNamedAndKept() throws {
    let damaged = "{\"step\":1}\nnonsense\n{\"step\":3}\n"
    try put(damaged)
    let error = #expect(throws: RunError.self) { try StatsLog(path: path, resumingAfter: 2) }
    guard case .damagedLine(path, 2, _) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(try text() == damaged)
  }

  @Test func aFullDiskLeavesWholeLines() throws {
    try #require(FileManager.default.fileExists(atPath: "/dev/full"))
    try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: "/dev/full")
    let file = try AppendedFile(path: path)
    #expect(throws: RunError.cannotWrite(path: path, reason: "No space left on device")) {
      try file.append(Data("{}\n".utf8))
    }
  }
}
