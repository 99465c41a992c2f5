import Foundation

/// Keeps OpenMP's idle threads from spinning; why it matters: docs/decisions/0001-omp-wait-policy.md.
public enum OpenMPWaitPolicy {
  /// Set while the program that this process has become was started by `makePassive`.
  static let marker = "GANINSAR_RESTARTED"

  /// Starts this program over, once, with `OMP_WAIT_POLICY=passive`, where the variable is not set.
  ///
  /// libgomp reads the variable before `main`, so setting it here would come too late. Call this
  /// first thing in the executable: the process stays the same (same id, arguments, open files),
  /// its program begins again. Where that is not possible (no /proc, say) the call returns and all
  /// goes on, only slower on a busy machine.
  public static func makePassive() {
    // The link's target rather than the link: `ps` then shows the program's own name.
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
