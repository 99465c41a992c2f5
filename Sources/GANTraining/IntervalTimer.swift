import Kernel

/// Measures wall and CPU time since the last lap.
package struct IntervalTimer {
  private var clock = ContinuousClock.now
  private var cpuSeconds = ProcessUsage.current().cpuSeconds

  package init() {}

  package mutating func lap() -> (wallSeconds: Double, cpuSeconds: Double) {
    let now = ContinuousClock.now
    let cpu = ProcessUsage.current().cpuSeconds
    defer {
      clock = now
      cpuSeconds = cpu
    }
    return ((now - clock) / .seconds(1), cpu - cpuSeconds)
  }

  /// Excludes the time since `pause` was created.
  mutating func leaveOut(since pause: IntervalTimer) {
    clock += ContinuousClock.now - pause.clock
    cpuSeconds += ProcessUsage.current().cpuSeconds - pause.cpuSeconds
  }
}
