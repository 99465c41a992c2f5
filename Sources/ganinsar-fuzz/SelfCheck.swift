import DurableFiles
import Foundation

/// Checks that a child process contains a crash, an endless loop, excessive memory use and network
/// access. It is part of this program and not of the tests, because it forks.
enum SelfCheck {
  /// - Returns: all faults, one sentence each.
  static func run() -> [String] {
    guard let child = ContainedProcess({ answer(String(decoding: $0, as: UTF8.self)) }) else {
      return ["no child process can be made"]
    }
    var faults: [String] = []
    func milliseconds(_ body: () -> Void) -> String {
      let time = ContinuousClock().measure(body).components
      return String(format: "%.1f", Double(time.seconds) * 1e3 + Double(time.attoseconds) / 1e15)
    }
    func ask(_ question: String, seconds: Double? = nil) -> Result<String, any Error> {
      Result {
        let answer = try child.ask(
          Data(question.utf8),
          limits: .init(processorSeconds: 1, memoryBytes: 256 << 20, seconds: seconds))
        return String(decoding: answer.data, as: UTF8.self)
          + (answer.values.isEmpty ? "" : " \(answer.values.count) \(answer.values.last!)")
      }
    }
    func expect(_ question: String, _ expected: String, seconds: Double? = nil) {
      let result = ask(question, seconds: seconds)
      let text =
        switch result {
        case .success(let text): text
        case .failure(let error): "\(error)"
        }
      if !text.hasPrefix(expected) {
        faults.append("'\(question)' gives '\(text)' instead of '\(expected)'")
      }
    }
    let times = (0..<2).map { _ in milliseconds { expect("echo", "echo") } }
    print("first answer after \(times[0]) ms, the next after \(times[1]) ms")
    for _ in 0..<2 {
      expect("echo", "echo")
      expect("values", "values 3000000 7.0")
      expect("crash", "ended with signal \(SIGSEGV)")
      expect("spin", "did not finish within 1 s")
      expect("sleep", "did not finish within 1 s", seconds: 1)
      expect("memory", "memory refused")
      expect("network", "network refused")
      expect("program", "program refused")
    }
    return faults
  }

  private static func answer(_ question: String) -> ContainedProcess.Answer {
    var values: [Float] = []
    var text = question
    switch question {
    case "values": values = [Float](repeating: 7, count: 3_000_000)
    case "crash": raise(SIGSEGV)
    case "spin":
      while getpid() != 0 {}  // a loop that the optimizer cannot remove
    case "sleep": sleep(30)
    case "memory":
      let block = malloc(1 << 30)
      // The address is shown, so that the optimizer does not remove the allocation.
      text += block.map { " given at \($0)" } ?? " refused"
      free(block)
    case "network":
      let made = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
      text += made < 0 ? " refused" : " given"
    case "program":
      startAnotherProgram()
      text += " refused"
    default: break
    }
    return .init(data: Data(text.utf8), values: values)
  }

  /// Replaces this process by `/bin/true`, if that is allowed.
  private static func startAnotherProgram() {
    var arguments: [UnsafeMutablePointer<CChar>?] = [strdup("/bin/true"), nil]
    execv("/bin/true", &arguments)
    free(arguments[0])
  }
}
