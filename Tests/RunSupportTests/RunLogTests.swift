import Foundation
import Synchronization
import TestSupport
import Testing

@testable import DurableFiles
@testable import RunSupport

@Suite struct RunLogTests {
  private final class Output: Sendable {
    let text = Mutex("")
    var terminal: StatusTerminal {
      StatusTerminal(isTerminal: false) { text in self.text.withLock { $0 += text } }
    }
    var lines: [String] { text.withLock { $0.split(separator: "\n").map(String.init) } }
  }

  @Test func shortOnStandardErrorAndDatedInTheFile() throws {
    let folder = try TemporaryFolder()
    let output = Output()
    for _ in 0..<2 {
      var logger = try RunLog.logger(file: folder.file("log.txt"), terminal: output.terminal)
      logger[metadataKey: "run"] = "7"
      logger.debug("unseen")
      logger.info("training starts")
      logger.warning("slow", metadata: ["epoch": "3"])
    }
    let once = ["training starts run=7", "warning: slow epoch=3 run=7"]
    #expect(output.lines == once + once)
    let lines = try String(contentsOfFile: folder.file("log.txt"), encoding: .utf8)
      .split(separator: "\n")
    #expect(lines.count == 4)
    let date = #/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ (info|warning) /#
    #expect(lines.allSatisfy { $0.firstMatch(of: date) != nil })
    #expect(lines[1].hasSuffix("warning slow epoch=3 run=7"))
  }

  @Test func aFullDiskIsSaidOnceAndStopsNothing() throws {
    let output = Output()
    let logger = try RunLog.logger(file: "/dev/full", terminal: output.terminal)
    logger.info("one")
    logger.info("two")
    #expect(output.lines.filter { $0.hasPrefix("warning: cannot write /dev/full") }.count == 1)
    #expect(output.lines.filter { $0 == "one" || $0 == "two" }.count == 2)
  }

  @Test func aFileThatCannotBeOpenedIsNamed() {
    #expect(
      throws: RunError.cannotWrite(
        path: "/nowhere/log.txt", reason: "No such file or directory")
    ) { try RunLog.logger(file: "/nowhere/log.txt") }
  }
}
