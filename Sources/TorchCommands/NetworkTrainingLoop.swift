import ArgumentParser
import Commands
import DurableFiles
import NetworkRuns
import PhaseNetworks
import RunSupport
import TorchProcesses

extension NetworkTrainingRun {
  /// Trains with a progress line, until the end, an interruption or a time limit, and says where the
  /// run is and how it continues.
  /// - Parameters:
  ///   - resumption: the command that continues, without the run's folder.
  /// - Throws: `ExitCode` after an interruption.
  func train(
    _ processes: TrainingProcesses, minutes: Double?, printsJSON: Bool, resumption: String
  ) throws {
    let time = TrainingTime(minutes: minutes)
    // Only one of several processes speaks.
    let progress: ProgressReporter? =
      processes.isFirst
      ? ProgressReporter("training", total: iterations, unit: "iterations", startingAt: iteration)
      : nil
    if processes.isFirst { printNote("\(folder.path): \(try parameterCount()) parameters") }
    var detail = ""
    try run { event in
      switch event {
      case .iteration(let iteration): progress?.update(to: iteration, detail: detail)
      case .statistics(let line): detail = line.summary
      }
      return !time.isOver
    }
    progress?.finish()
    if processes.isFirst {
      if printsJSON {
        try printJSON(
          TrainingSummary(
            path: folder.path, iterations: iteration, isFinished: isFinished,
            seconds: time.seconds))
      } else {
        print(folder.path)
      }
    }
    if !isFinished {
      try time.stopped(processes, continuing: "\(resumption) --resume \(folder.path)")
    }
  }
}

/// What `--json` prints.
private struct TrainingSummary: Encodable {
  var path: String
  var iterations: Int
  var isFinished: Bool
  var seconds: Double
}
