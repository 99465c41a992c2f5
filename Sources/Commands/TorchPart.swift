import ArgumentParser
import DurableFiles
import Foundation

/// The subcommands that need LibTorch. They live in a program of their own, `ganinsar-torch`, which this one
/// becomes: loading LibTorch costs every start half a second and 160 MiB (decision 0022).
package enum TorchPart: String, CaseIterable {
  case train, generate, studio, export, evaluate, network

  package var abstract: String {
    switch self {
    case .train: "Train a generator of rate maps on a prepared dataset."
    case .generate: "Generate rate maps (cm/yr) with a trained generator."
    case .studio: "Play with a model in the browser, and copy the commands that make the same maps."
    case .export: "Write a trained generator as a small file, in half precision."
    case .evaluate:
      "Measure how close sets of rate maps are to the real one: FID and related metrics."
    case .network: "Train and apply networks that filter and unwrap interferograms."
    }
  }

  static let fileName = "ganinsar-torch"

  /// Whether the other program has to answer: its subcommands, their help, what lists all options of all
  /// subcommands (completion scripts, manual pages), and `--version` where only a running program
  /// knows LibTorch's version, as in a bundle.
  package static func isNeeded(for arguments: [String]) -> Bool {
    var words = arguments[...]
    if words.first == "help" { words.removeFirst() }
    guard let first = words.first else { return false }
    return TorchPart(rawValue: first) != nil
      || ["--generate-completion-script", "--experimental-dump-help"].contains {
        first == $0 || first.hasPrefix("\($0)=")
      } || first == "---completion"
      || (words.contains("--version") && isInstalled && libTorchVersion == nil)
  }

  /// The version of LibTorch that the other program was built with, read from its file.
  package static var libTorchVersion: String? {
    ExecutableFile.text(ofSection: "libtorch_version", in: path)
  }

  /// Whether the other program lies beside this one.
  package static var isInstalled: Bool { FileSystem.exists(path) }

  private static var path: String {
    "\(FilePath.folder(ShippedFiles.executablePath()))/\(fileName)"
  }

  /// Replaces this program by the other one with other arguments.
  /// - Throws: `RunError.cannotRead` where the other program is missing or cannot be started.
  package static func start(_ arguments: [String]) throws -> Never {
    var pointers = ([fileName] + arguments).map { strdup($0) } + [nil]
    try start(path, &pointers)
  }

  /// Replaces this program by the other one: same process, arguments and open files.
  ///
  /// libgomp reads `OMP_WAIT_POLICY` when it is loaded, so it is set here (decision 0001).
  /// - Throws: `RunError.cannotRead` where the other program is missing or cannot be started.
  package static func start() throws -> Never {
    try start(path, CommandLine.unsafeArgv)
  }

  /// Runs the other program with arguments as a child, waits for it, and leaves its result on this
  /// program's standard error.
  /// - Throws: `RunError.cannotRead` where it is missing, `ExitCode` where it fails; it has then said
  ///   why. `RunError.interrupted` after Ctrl-C.
  static func runBeside(_ arguments: [String]) throws {
    guard isInstalled else {
      throw RunError.cannotRead(
        path: path, reason: "this source needs the part of the program that uses LibTorch")
    }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path)
    process.arguments = arguments
    process.environment = ProcessInfo.processInfo.environment
      .merging(["OMP_WAIT_POLICY": "passive"]) { given, _ in given }
    process.standardOutput = FileHandle.standardError
    do {
      try process.run()
    } catch {
      throw RunError.cannotRead(path: path, reason: "\(error)")
    }
    process.waitUntilExit()
    try Interruption.check()
    guard process.terminationStatus == 0 else { throw ExitCode(process.terminationStatus) }
  }

  static func start(
    _ path: String, _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
  ) throws -> Never {
    setenv("OMP_WAIT_POLICY", "passive", 0)
    FilePath.withCString(path) { _ = execv($0, arguments) }
    throw RunError.cannotRead(
      path: path,
      reason:
        "\(String(cString: strerror(errno))); this command needs the part of the program that "
        + "uses LibTorch")
  }
}
