import ArgumentParser
import CVersion
import DurableFiles
import Foundation
import Kernel
import RasterIO

/// What both executables do around a command: arguments, containment of foreign files, exit codes.
package enum Program {
  package static let abstract =
    "Learn and generate ground-deformation rate maps (cm/yr) as InSAR measures them."
  package static let version = GANINSAR_VERSION

  /// The arguments behind the program's name, also where they are not UTF-8.
  package static var arguments: [String] {
    (1..<max(1, Int(CommandLine.argc))).compactMap { index in
      CommandLine.unsafeArgv[index].map { FilePath.text($0) }
    }
  }

  /// Parses the arguments and runs the subcommand; the process's exit code is one of `RunExitCode`.
  package static func run<Root: ParsableCommand>(_ root: Root.Type) -> Never {
    OptionName.spelling = .flags
    StandardStream.prepare()
    FreedMemory.keep()
    do {
      var command = try root.parseAsRoot(arguments)
      #if GDAL
        ForeignFiles.contain()  // while this process has a single thread
      #endif
      try command.run()
      try StandardStream.output.check()
    } catch {
      Interruption.waitIfEnding()
      exit(root, for: error)
    }
    Foundation.exit(0)
  }

  private static func exit<Root: ParsableCommand>(_ root: Root.Type, for error: any Error) -> Never
  {
    // A reader that has seen enough, such as `head`, ends a program without a word.
    if StandardStream.output.firstError == EPIPE {
      signal(SIGPIPE, SIG_DFL)
      raise(SIGPIPE)
    }
    guard isForParser(error) else {
      printToStandardError("Error: \(error)")
      Foundation.exit(RunExitCode(for: error).rawValue)
    }
    // Usage errors, help texts and bare exit codes.
    var code = root.exitCode(for: error)
    let message = root.fullMessage(for: error)
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

/// Prints a result. Where it cannot be written the command fails at its end: see `StandardStream`.
///
/// It stands in for Swift's `print`, which hides that.
package func print(_ items: Any..., separator: String = " ", terminator: String = "\n") {
  let text = items.map { "\($0)" }.joined(separator: separator)
  StandardStream.output.write(text + terminator)
}

/// Prints a line where results do not go; where it cannot be written it is dropped.
package func printToStandardError(_ line: String) {
  StandardStream.errors.line(line.printableLines)
}

/// Prints a value as JSON on one line, keys in order.
package func printJSON(_ value: some Encodable) throws {
  let encoder = JSONEncoder()
  encoder.outputFormatting = .sortedKeys
  print(String(decoding: try encoder.encode(value), as: UTF8.self))
}
