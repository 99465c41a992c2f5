import ArgumentParser
import Foundation
import RasterIO
import RunSupport

@main
struct GANInSAR: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ganinsar",
    abstract: "Learn and generate ground-deformation rate maps (cm/yr) as InSAR measures them.",
    version: "0.1.0",
    subcommands: [
      InfoCommand.self, PrepareCommand.self, SimulateCommand.self, TrainCommand.self,
      GenerateCommand.self, ExportCommand.self, ComposeCommand.self, InvertCommand.self,
      PatchesCommand.self, EvaluateCommand.self, EmbedCommand.self, ReportCommand.self,
      FigureCommand.self, FrechetCommand.self, BenchmarkCommand.self,
    ])

  /// Runs a subcommand; the process's exit code is one of `RunExitCode`.
  static func main() {
    OpenMPWaitPolicy.makePassive()
    FreedMemory.keep()
    do {
      var command = try parseAsRoot()
      #if GDAL
        ForeignFiles.contain()  // while this process has a single thread
      #endif
      try command.run()
    } catch let error as CustomStringConvertible & Error where !isForParser(error) {
      printToStandardError("Error: \(error)")
      Foundation.exit(RunExitCode(for: error).rawValue)
    } catch {
      exit(withError: error)
    }
  }

  /// Usage errors, help texts and bare exit codes are ArgumentParser's to print.
  private static func isForParser(_ error: any Error) -> Bool {
    error is ValidationError || error is ExitCode || error is CleanExit
      || "\(type(of: error))" == "CommandError"
  }
}

/// Prints a line where results do not go.
func printToStandardError(_ line: String) {
  FileHandle.standardError.write(Data((line.printableLines + "\n").utf8))
}

extension Double {
  /// With a fixed number of decimals.
  func decimals(_ count: Int) -> String { String(format: "%.\(count)f", self) }
}
