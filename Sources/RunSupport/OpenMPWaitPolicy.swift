import Foundation

/// Keeps OpenMP's idle threads from spinning; reasons: docs/decisions/0001-omp-wait-policy.md.
public enum OpenMPWaitPolicy {
  /// This environment variable is set if `makePassive` has restarted the program.
  static let marker = "GANINSAR_RESTARTED"

  /// Restarts this program, once, with `OMP_WAIT_POLICY=passive`, if the variable is not set.
  ///
  /// libgomp reads the variable before `main`, so setting it here would be too late. Call this at
  /// the start of the executable: the process keeps its id, arguments and open files, and the
  /// program begins again. If that is not possible (for example without /proc), the call returns
  /// and the program continues, only slower on a busy machine.
  public static func makePassive() {
    // The target of the link, so that `ps` shows the program's name.
    var program = [CChar](repeating: 0, count: Int(PATH_MAX) + 1)
    guard readlink("/proc/self/exe", &program, Int(PATH_MAX)) > 0 else { return }
    makePassive(program: program, arguments: CommandLine.unsafeArgv)
  }

  static func makePassive(
    program: [CChar], arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
  ) {
    guard getenv("OMP_WAIT_POLICY") == nil, getenv(marker) == nil else { return }
    setenv("OMP_WAIT_POLICY", "passive", 0)
    setenv(marker, "1", 1)
    execv(program, arguments)
  }
}
