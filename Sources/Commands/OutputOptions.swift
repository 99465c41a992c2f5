import ArgumentParser
import Foundation
import Kernel
import RunSupport

/// The options of every subcommand that decide what it says, and in which form.
package struct OutputOptions: ParsableArguments {
  @Flag(help: "Show no progress and no notes; warnings and errors remain.")
  package var quiet = false
  @Flag(help: "Show what is done in detail.")
  package var verbose = false
  @Flag(help: "Print the result as JSON, for scripts.")
  package var json = false

  package init() {}

  package func validate() throws {
    if quiet && verbose { throw ValidationError("Choose one of --quiet and --verbose.") }
  }

  var level: Messages.Level { quiet ? .quiet : verbose ? .verbose : .normal }
}

/// A subcommand with these options.
package protocol SpeakingCommand: ParsableCommand {
  var messages: OutputOptions { get }
}

/// What a command has written, as `--json` prints it.
package struct Written: Encodable {
  package var path: String
  package var count: Int
  /// What is counted, such as `maps`.
  package var kind: String
  /// Wall-clock time.
  package var seconds: Double

  package init(_ path: String, count: Int, _ kind: String, _ stopwatch: Stopwatch) {
    (self.path, self.count, self.kind) = (path, count, kind)
    seconds = stopwatch.seconds
  }
}

/// Wall-clock time since it was made.
package struct Stopwatch {
  private let start = ContinuousClock.now

  package init() {}

  /// In steps of a millisecond.
  package var seconds: Double {
    (((ContinuousClock.now - start) / .milliseconds(1)).rounded()) / 1000
  }
}

/// Prints a note to standard error, unless `--quiet` was given.
package func printNote(_ line: String) {
  if Messages.level != .quiet { printToStandardError(line) }
}

/// Logs the resources that the process has used, for `--verbose`.
func logUsage(_ stopwatch: Stopwatch) {
  Messages.debug(
    {
      let usage = ProcessUsage.current()
      return
        "\(stopwatch.seconds.decimals(2)) s, \(usage.cpuSeconds.decimals(2)) s of processor time, "
        + "at most \(usage.peakMemoryBytes >> 20) MiB"
    }())
}
