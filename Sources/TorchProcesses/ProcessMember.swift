import Foundation

/// Identifies a process, so that other processes can check whether it is running.
struct ProcessMember: CustomStringConvertible {
  let pid: Int32
  let host: String

  static var this: ProcessMember {
    ProcessMember("\(getpid()) \(ProcessInfo.processInfo.hostName)")
  }

  init(_ text: String) {
    let parts = text.split(separator: " ", maxSplits: 1)
    pid = parts.first.flatMap { Int32($0) } ?? 0
    host = parts.count > 1 ? String(parts[1]) : "?"
  }

  var text: String { "\(pid) \(host)" }
  var description: String { "pid \(pid) on \(host)" }

  /// Whether it is known to have ended; unknown for processes on other machines.
  var isGone: Bool {
    guard host == ProcessInfo.processInfo.hostName else { return false }
    guard let stat = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8) else {
      return kill(pid, 0) != 0 && errno == ESRCH
    }
    // The state follows the name, which is in parentheses and may contain any character.
    let state = stat[(stat.lastIndex(of: ")") ?? stat.startIndex)...].dropFirst(2).first
    return state == "Z" || state == "X"
  }
}
