import Foundation

/// Resources that this process has used so far, for statistics and benchmarks.
public struct ProcessUsage: Sendable, Codable, Equatable {
  /// The peak resident memory so far (VmHWM), in bytes; 0 if /proc is not mounted.
  public let peakMemoryBytes: Int
  /// Processor time of all threads, user and system, in s.
  public let cpuSeconds: Double

  public static func current() -> ProcessUsage {
    var usage = rusage()
    getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }
    return ProcessUsage(
      peakMemoryBytes: peakMemoryBytes(),
      cpuSeconds: seconds(usage.ru_utime) + seconds(usage.ru_stime))
  }

  /// Reads VmHWM, because `getrusage` would also count the memory of the parent before `exec`.
  private static func peakMemoryBytes() -> Int { memoryBytes("VmHWM:") }

  /// Writable private memory of this process as `RLIMIT_DATA` counts it, bytes.
  package static func dataBytes() -> Int { memoryBytes("VmData:") }

  private static func memoryBytes(_ key: String) -> Int {
    let status = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)
    let line = status?.split(separator: "\n").first { $0.hasPrefix(key) }
    let kibibytes = line?.split(whereSeparator: { $0 == " " || $0 == "\t" }).dropFirst().first
    return kibibytes.flatMap { Int($0) }.map { $0 * 1024 } ?? 0
  }
}
