import Foundation
import Synchronization

/// Shows the progress of a task on stderr: a bar on a terminal, otherwise a plain line from time to
/// time.
///
/// Methods may be called from any thread and as often as convenient: output is throttled.
package final class ProgressReporter: Sendable {
  private struct State {
    var completed: Int
    var detail = ""
    var lastOutputSeconds = -Double.infinity
    /// After the first batch, which is slower than the others.
    var warm: (completed: Int, seconds: Double)?
    var isAnnounced = false
    var isFinished = false
  }

  private let title: String
  private let unit: String
  private let total: Int?
  private let first: Int
  private let announcesTime: Bool
  private let terminal: StatusTerminal
  private let clock: @Sendable () -> Double
  private let startSeconds: Double
  private let state: Mutex<State>

  /// Seconds between redraws of the bar, and between plain lines.
  static let barInterval = 0.1
  static let lineInterval = 10.0
  /// Seconds of work from which the time of all of it is estimated.
  static let estimateInterval = 1.0

  /// - Parameters:
  ///   - title: the name of the task, such as `"training"`.
  ///   - total: the number of units; `nil` if unknown, and then no remaining time is shown.
  ///   - unit: the name of the units, such as `"steps"`.
  ///   - startingAt: the number of units that were done before (in a resumed run); they do not
  ///     count for the speed.
  ///   - announcesTime: whether a task that takes long prints a line that says how long, as soon as that
  ///     can be estimated.
  package convenience init(
    _ title: String, total: Int?, unit: String, startingAt first: Int = 0,
    announcesTime: Bool = false
  ) {
    self.init(
      title, total: total, unit: unit, startingAt: first, announcesTime: announcesTime,
      terminal: Messages.level == .quiet ? .silent : .standardError,
      clock: { ProgressReporter.monotonicSeconds() })
  }

  init(
    _ title: String, total: Int?, unit: String, startingAt first: Int = 0,
    announcesTime: Bool = false, terminal: StatusTerminal, clock: @escaping @Sendable () -> Double
  ) {
    self.title = title
    self.unit = unit
    self.total = total
    self.first = first
    self.announcesTime = announcesTime
    self.terminal = terminal
    self.clock = clock
    startSeconds = clock()
    // The first plain line comes after one interval: a quick task prints only its last line.
    state = Mutex(
      State(
        completed: first,
        lastOutputSeconds: terminal.isTerminal ? -Double.infinity : startSeconds))
  }

  /// Adds `count` finished units. `detail` (for example the losses) is shown at the end of the
  /// line.
  package func advance(by count: Int = 1, detail: String? = nil) {
    state.withLock { state in
      state.completed += count
      output(&state, detail)
    }
  }

  /// Sets the total number of finished units.
  package func update(to completed: Int, detail: String? = nil) {
    state.withLock { state in
      state.completed = completed
      output(&state, detail)
    }
  }

  /// Removes the bar and prints a last line. A second call does nothing.
  package func finish(detail: String? = nil) {
    state.withLock { state in
      guard !state.isFinished else { return }
      state.isFinished = true
      if let detail { state.detail = detail }
      terminal.show("")
      let elapsed = Self.duration(clock() - startSeconds)
      terminal.line(joined([title, count(state), "in \(elapsed)", state.detail]))
    }
  }

  private func output(_ state: inout State, _ detail: String?) {
    guard !state.isFinished else { return }
    if let detail { state.detail = detail }
    let now = clock()
    if announcesTime, !state.isAnnounced { announce(&state, now) }
    let interval = terminal.isTerminal ? Self.barInterval : Self.lineInterval
    guard now - state.lastOutputSeconds >= interval else { return }
    state.lastOutputSeconds = now
    let parts = [count(state), times(state, now), state.detail]
    if terminal.isTerminal {
      let bar = self.bar(state).map { [$0] } ?? []
      terminal.show(String(joined([title] + bar + parts).prefix(terminal.width - 1)))
    } else {
      terminal.line(joined([title] + parts))
    }
  }

  /// Prints the time of the whole task, unless it will be over before the next line anyway.
  private func announce(_ state: inout State, _ now: Double) {
    guard let total, let warm = state.warm else {
      if state.completed > first { state.warm = (state.completed, now) }
      return
    }
    let (done, seconds) = (state.completed - warm.completed, now - warm.seconds)
    guard done > 0, seconds >= Self.estimateInterval else { return }
    state.isAnnounced = true
    let left = seconds / Double(done) * Double(max(0, total - state.completed))
    guard left >= Self.lineInterval else { return }
    let whole = Self.duration(now - startSeconds + left)
    terminal.line("\(title): \(total) \(unit) will take about \(whole)")
  }

  private func joined(_ parts: [String]) -> String {
    parts.filter { !$0.isEmpty }.joined(separator: "  ")
  }

  private func count(_ state: State) -> String {
    guard let total else { return "\(state.completed) \(unit)" }
    return "\(state.completed)/\(total) \(unit)"
  }

  private func bar(_ state: State) -> String? {
    guard let total, total > 0 else { return nil }
    let filled = max(0, min(20, state.completed * 20 / total))
    return "[" + String(repeating: "#", count: filled)
      + String(repeating: ".", count: 20 - filled) + "]"
  }

  private func times(_ state: State, _ now: Double) -> String {
    let elapsed = now - startSeconds
    guard let total, state.completed > first, state.completed <= total else {
      return "\(Self.duration(elapsed)) so far"
    }
    let left = elapsed / Double(state.completed - first) * Double(total - state.completed)
    return "\(Self.duration(elapsed)) so far, \(Self.duration(left)) left"
  }

  /// `0:07`, `12:03` or `3:00:59`.
  static func duration(_ seconds: Double) -> String {
    let whole = Int(max(0, min(seconds, 1e9)).rounded())
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let (hours, minutes) = (whole / 3600, whole / 60 % 60)
    return (hours > 0 ? "\(hours):\(two(minutes))" : "\(minutes)") + ":" + two(whole % 60)
  }

  private static func monotonicSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
