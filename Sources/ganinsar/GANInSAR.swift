import ArgumentParser
import CVersion
import DurableFiles
import Foundation
import Kernel
import RasterIO
import RunSupport

@main
struct GANInSAR: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ganinsar",
    abstract: "Learn and generate ground-deformation rate maps (cm/yr) as InSAR measures them.",
    version: GANINSAR_VERSION,
    subcommands: [
      InfoCommand.self, PrepareCommand.self, SimulateCommand.self, TrainCommand.self,
      GenerateCommand.self, ExportCommand.self, ComposeCommand.self, InvertCommand.self,
      PatchesCommand.self, EvaluateCommand.self, EmbedCommand.self, ReportCommand.self,
      FigureCommand.self, FrechetCommand.self, BenchmarkCommand.self,
    ])

  /// The command-line arguments without the program's name, also if they are not UTF-8.
  static var arguments: [String] {
    (1..<max(1, Int(CommandLine.argc))).compactMap { index in
      CommandLine.unsafeArgv[index].map { FilePath.text($0) }
    }
  }

  /// Runs a subcommand; the process's exit code is one of `RunExitCode`.
  static func main() {
    OptionName.spelling = .flags
    StandardStream.prepare()
    OpenMPWaitPolicy.makePassive()
    FreedMemory.keep()
    do {
      var command = try parseAsRoot(arguments)
      #if GDAL
        ForeignFiles.contain()  // while this process has a single thread
      #endif
      try command.run()
      try StandardStream.output.check()
    } catch {
      Interruption.waitIfEnding()
      exit(for: error)
    }
  }

  private static func exit(for error: any Error) -> Never {
    // If the reader has closed the pipe, as `head` does, the program ends without a message.
    if StandardStream.output.firstError == EPIPE {
      signal(SIGPIPE, SIG_DFL)
      raise(SIGPIPE)
    }
    guard isForParser(error) else {
      printToStandardError("Error: \(error)")
      Foundation.exit(RunExitCode(for: error).rawValue)
    }
    // Usage errors, help texts and plain exit codes.
    var code = exitCode(for: error)
    let message = fullMessage(for: error)
    if !message.isEmpty && code == .success {
      print(message)
    } else if !message.isEmpty {
      printToStandardError(message)
    }
    if code == .success, StandardStream.output.firstError != nil { code = .failure }
    Foundation.exit(code.rawValue)
  }

  private static func isForParser(_ error: any Error) -> Bool {
    error is ValidationError || error is ExitCode || error is CleanExit
      || "\(type(of: error))" == "CommandError"
  }
}

/// Prints a result. If it cannot be written, the command fails at its end: see `StandardStream`.
///
/// It replaces Swift's `print`, which hides write errors.
func print(_ items: Any..., separator: String = " ", terminator: String = "\n") {
  let text = items.map { "\($0)" }.joined(separator: separator)
  StandardStream.output.write(text + terminator)
}

/// Prints a line to standard error; it is dropped if it cannot be written.
func printToStandardError(_ line: String) {
  StandardStream.errors.line(line.printableLines)
}
