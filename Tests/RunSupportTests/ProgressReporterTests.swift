import Foundation
import Synchronization
import Testing

@testable import RunSupport

@Suite struct ProgressReporterTests {
  /// What was printed, and a clock that stands until it is moved.
  private final class Stage: Sendable {
    let output = Mutex("")
    let seconds = Mutex(0.0)
    func terminal(_ isTerminal: Bool) -> StatusTerminal {
      StatusTerminal(isTerminal: isTerminal) { text in self.output.withLock { $0 += text } }
    }
    func reporter(
      isTerminal: Bool, total: Int?, startingAt: Int = 0, announcesTime: Bool = false
    ) -> ProgressReporter {
      ProgressReporter(
        "training", total: total, unit: "steps", startingAt: startingAt,
        announcesTime: announcesTime,
        terminal: terminal(isTerminal), clock: { self.seconds.withLock { $0 } })
    }
    func wait(_ time: Double) { seconds.withLock { $0 += time } }
    var text: String { output.withLock { $0 } }
    var lines: [String] { text.split(separator: "\n").map(String.init) }
  }

  @Test func awayFromATerminalThereAreFewPlainLines() {
    let stage = Stage()
    let reporter = stage.reporter(isTerminal: false, total: 100)
    for _ in 0..<100 {
      reporter.advance(detail: "loss 0.5")
      stage.wait(0.25)
    }
    reporter.finish()
    reporter.finish()
    #expect(
      stage.lines == [
        "training  41/100 steps  0:10 so far, 0:14 left  loss 0.5",
        "training  81/100 steps  0:20 so far, 0:05 left  loss 0.5",
        "training  100/100 steps  in 0:25  loss 0.5",
      ])
    #expect(!stage.text.contains("\u{1B}"))
  }

  @Test func theTimeOfALongTaskIsToldAfterASecond() {
    let stage = Stage()
    let reporter = stage.reporter(isTerminal: false, total: 1000, announcesTime: true)
    stage.wait(3)  // the first batch is slow
    for done in [10, 20, 30, 40] {
      reporter.update(to: done)
      stage.wait(0.5)
    }
    // 20 steps in a second, 970 left.
    #expect(stage.lines == ["training: 1000 steps will take about 0:53"])
    let short = Stage()
    let quick = short.reporter(isTerminal: false, total: 100, announcesTime: true)
    for done in [10, 30, 60, 100] {
      quick.update(to: done)
      short.wait(0.7)
    }
    quick.finish()
    #expect(short.lines == ["training  100/100 steps  in 0:03"])
  }

  @Test func aBarIsRedrawnInPlaceAndRemoved() {
    let stage = Stage()
    let reporter = stage.reporter(isTerminal: true, total: 4)
    for _ in 0..<4 {
      stage.wait(1)
      reporter.advance()
    }
    reporter.finish()
    #expect(stage.text.contains("\r\u{1B}[Ktraining  [#####...............]  1/4 steps"))
    #expect(stage.text.hasSuffix("\r\u{1B}[K" + "training  4/4 steps  in 0:04\n"))
    #expect(stage.lines.count == 1)
  }

  @Test func redrawingIsThrottled() {
    let stage = Stage()
    let reporter = stage.reporter(isTerminal: true, total: nil)
    for _ in 0..<1000 {
      reporter.advance()
      stage.wait(0.001)
    }
    #expect((9...11).contains(stage.text.components(separatedBy: "\u{1B}[K").count - 1))
  }

  @Test func whatWasDoneBeforeDoesNotCountForTheSpeed() {
    let stage = Stage()
    let reporter = stage.reporter(isTerminal: false, total: 100, startingAt: 50)
    stage.wait(20)
    reporter.update(to: 60)
    #expect(stage.lines == ["training  60/100 steps  0:20 so far, 1:20 left"])
  }

  @Test func logLinesStayAboveTheBar() {
    let stage = Stage()
    let terminal = stage.terminal(true)
    terminal.show("bar")
    terminal.line("hello")
    terminal.show("")
    #expect(stage.text == "\r\u{1B}[Kbar" + "\r\u{1B}[Khello\nbar" + "\r\u{1B}[K")
  }

  @Test func threadsLoseNoCount() async {
    let stage = Stage()
    let reporter = stage.reporter(isTerminal: false, total: 4000)
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<4 { group.addTask { for _ in 0..<1000 { reporter.advance() } } }
    }
    reporter.finish()
    #expect(stage.lines == ["training  4000/4000 steps  in 0:00"])
  }

  @Test(arguments: [(0, "0:00"), (59.6, "1:00"), (3599, "59:59"), (10859, "3:00:59")])
  func durations(seconds: Double, text: String) {
    #expect(ProgressReporter.duration(seconds) == text)
  }
}
