/// The exit codes of `ganinsar`, for scripts that call it.
///
/// | code | meaning |
/// |---|---|
/// | 0 | done |
/// | 1 | failed: the message on stderr names what and the remedy |
/// | 2 | the configuration is wrong (file or `--set`): nothing was started |
/// | 64 | the command line is wrong (ArgumentParser's own code, sysexits' `EX_USAGE`) |
/// | 130 | interrupted once by Ctrl-C, SIGTERM or SIGHUP: the step was finished and saved |
///
/// A second Ctrl-C or SIGTERM kills the process at once; shells then report 130 or 143. The name
/// differs from ArgumentParser's `ExitCode`.
package enum RunExitCode: Int32, CaseIterable, Sendable {
  case done = 0
  case failure = 1
  case badConfiguration = 2
  case usage = 64
  case interrupted = 130

  /// The exit code for `error`.
  package init(for error: any Error) {
    switch error as? RunError {
    case .configuration: self = .badConfiguration
    case .interrupted: self = .interrupted
    default: self = .failure
    }
  }
}
