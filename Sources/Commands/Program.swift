import ArgumentParser
import DurableFiles
import Foundation
import Kernel
import RasterIO
import RunSupport

/// What both executables do around a command: arguments, containment of foreign files, exit codes.
package enum Program {
  package static let abstract =
    "Learn and generate ground-deformation rate maps (cm/yr) as InSAR measures them."

  /// What `--version` prints: version, commit, LibTorch.
  /// - Parameter libTorch: the version that is linked; `nil` if it is missing.
  package static func version(libTorch: String?) -> String {
    """
    \(ProgramVersion.number)
    commit \(ProgramVersion.commit)
    LibTorch \(libTorch ?? "not found: ganinsar-torch is missing")
    """
  }

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
    let stopwatch = Stopwatch()
    do {
      var command = try root.parseAsRoot(arguments)
      #if GDAL
        ForeignFiles.contain()  // while this process has a single thread
      #endif
      if let speaking = command as? any SpeakingCommand { Messages.level = speaking.messages.level }
      Messages.debug("\(ProgramVersion.name): \(arguments.joined(separator: " "))")
      try command.run()
      try StandardStream.output.check()
      logUsage(stopwatch)
    } catch {
      Interruption.waitIfEnding()
      exit(root, for: error)
    }
    Foundation.exit(0)
  }

  /// Starts `ganinsar-torch` with the same arguments, before any parser sees them: it would answer
  /// `--generate-completion-script` itself.
  package static func becomeTorchPart<Root: ParsableCommand>(_ root: Root.Type) -> Never {
    OptionName.spelling = .flags
    StandardStream.prepare()
    do {
      try TorchPart.start()
    } catch {
      exit(root, for: error)
    }
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
    let message = ChoiceSuggestion.adding(to: root.fullMessage(for: error))
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
  encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
  print(String(decoding: try encoder.encode(value), as: UTF8.self))
}
