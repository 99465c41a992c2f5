import ArgumentParser
import DurableFiles
import Foundation

/// The subcommands that need LibTorch. They live in a program of their own, `ganinsar-torch`, which this one
/// becomes: loading LibTorch costs every start half a second and 160 MiB (decision 0021).
package enum TorchPart: String, CaseIterable {
  case train, generate, export, evaluate, figure

  package var abstract: String {
    switch self {
    case .train: "Train a generator of rate maps on a prepared dataset."
    case .generate: "Draw rate maps (cm/yr) from a trained generator."
    case .export: "Write a trained generator as a small file of its own, in half precision."
    case .evaluate:
      "Measure how close sets of rate maps come to the real one: FID and related metrics."
    case .figure: "Draw the figures and tables of an experiment from its sets and results."
    }
  }

  static let fileName = "ganinsar-torch"

  /// Whether the other program has to answer: its subcommands, their help, and what lists all options of all
  /// subcommands (completion scripts, manual pages).
  package static func isNeeded(for arguments: [String]) -> Bool {
    var words = arguments[...]
    if words.first == "help" { words.removeFirst() }
    guard let first = words.first else { return false }
    return TorchPart(rawValue: first) != nil
      || ["--generate-completion-script", "--experimental-dump-help"].contains {
        first == $0 || first.hasPrefix("\($0)=")
      } || first == "---completion"
  }

  /// Replaces this program by the other one: same process, arguments and open files.
  ///
  /// libgomp reads `OMP_WAIT_POLICY` when it is loaded, so it is set here (decision 0001).
  /// - Throws: `RunError.cannotRead` where the other program is missing or cannot be started.
  package static func start() throws -> Never {
    var own = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
    let count = readlink("/proc/self/exe", &own, Int(PATH_MAX))
    let folder = count > 0 ? FilePath.folder(FilePath.text(own)) : "."
    try start("\(folder)/\(fileName)", CommandLine.unsafeArgv)
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
