import ArgumentParser
import Commands
import DurableFiles
import RunSupport
import TorchProcesses

/// How long a training lasts: to its end, an interruption, or a time limit.
struct TrainingTime {
  private let stopwatch = Stopwatch()
  private let minutes: Double?

  /// - Parameter minutes: the limit; `nil` for none.
  init(minutes: Double?) { self.minutes = minutes }

  var seconds: Double { stopwatch.seconds }

  /// Whether the training stops after this step, whatever is left of it.
  var isOver: Bool {
    Interruption.isRequested || minutes.map { stopwatch.seconds >= $0 * 60 } ?? false
  }

  /// Says how a training continues that stopped before its end.
  /// - Parameter command: what continues it.
  /// - Throws: `ExitCode` after an interruption; the end of the time limit is no failure.
  func stopped(_ processes: TrainingProcesses, continuing command: String) throws {
    if processes.isFirst { printNote("saved; continue with: \(command)") }
    if minutes == nil || Interruption.isRequested {
      throw ExitCode(RunExitCode.interrupted.rawValue)
    }
  }
}
