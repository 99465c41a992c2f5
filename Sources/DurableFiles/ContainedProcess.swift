import CContainment
import Foundation
import Kernel
import Synchronization

/// A child process for work that may crash, hang or use all memory. If that happens, only one
/// answer is lost.
///
/// A supervisor is forked while this process has a single thread. It forks a worker when the first
/// question comes, and a new one whenever a worker ends. The worker has no network and no terminal,
/// and cannot start programs. Both end with this process. Reasons:
/// docs/decisions/0015-foreign-files.md.
package final class ContainedProcess: Sendable {
  /// The resources that one question may use, in addition to what the worker has used before.
  package struct Limits: Sendable, Equatable {
    package var processorSeconds: Int
    package var memoryBytes: Int
    /// Wall time in s; `nil` for no limit, because disks may be slow.
    package var seconds: Double?
    package init(processorSeconds: Int, memoryBytes: Int, seconds: Double? = nil) {
      self.processorSeconds = processorSeconds
      self.memoryBytes = memoryBytes
      self.seconds = seconds
    }
  }

  /// The answer of a worker: bytes, and optionally many numbers.
  package struct Answer: Sendable {
    package var data: Data
    package var values: [Float]
    package init(data: Data, values: [Float] = []) {
      self.data = data
      self.values = values
    }
  }

  /// The reason why there is no answer.
  package enum Failure: Error, Equatable, CustomStringConvertible {
    case crashed(signal: Int32)
    case tookTooLong(seconds: Int)
    /// No worker can be started any more.
    case gone

    package var description: String {
      switch self {
      case .crashed(let signal):
        "ended with signal \(signal) (\(String(cString: strsignal(signal))))"
      case .tookTooLong(let seconds): "did not finish within \(seconds) s"
      case .gone: "cannot be started"
      }
    }
  }

  private let questions: Int32
  private let status: Int32
  private let worker = Mutex<pid_t?>(nil)

  /// Forks the supervisor. Call it before this process starts a thread.
  /// - Returns: `nil` if the system refuses.
  package init?(_ answer: (Data) -> Answer) {
    guard let (ours, theirs) = Self.connection(), let (ourStatus, theirStatus) = Self.connection()
    else { return nil }
    switch fork() {
    case -1: return nil
    case 0:
      close(ours)
      close(ourStatus)
      Self.supervise(questions: theirs, status: theirStatus, answer)
    default:
      close(theirs)
      close(theirStatus)
      questions = ours
      status = ourStatus
    }
  }

  private static func connection() -> (Int32, Int32)? {
    var ends: [Int32] = [-1, -1]
    let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    return socketpair(AF_UNIX, kind, 0, &ends) == 0 ? (ends[0], ends[1]) : nil
  }

  deinit {
    close(questions)
    close(status)
  }

  // MARK: - In this process

  /// The process id of the worker that answered last, if it is still running.
  package var workerID: pid_t? { worker.withLock { $0 } }

  /// Asks the worker, one question at a time.
  /// - Throws: `Failure`; `RunError.interrupted` if the user stops the program meanwhile.
  package func ask(_ question: Data, limits: Limits) throws -> Answer {
    try worker.withLock { worker in
      try askNow(question, limits: limits, worker: &worker)
    }
  }

  private func askNow(_ question: Data, limits: Limits, worker: inout pid_t?) throws -> Answer {
    let deadline = limits.seconds.map { ContinuousClock.now + .seconds($0) }
    do {
      let head = [question.count, limits.processorSeconds, limits.memoryBytes].map(Int64.init)
      guard head.withUnsafeBytes({ Self.send($0, to: questions) }),
        question.withUnsafeBytes({ Self.send($0, to: questions) })
      else { throw Failure.gone }
      var counts: [Int64] = [0, 0]
      try counts.withUnsafeMutableBytes { try receive(into: $0, deadline, worker: &worker) }
      var data = Data(count: Int(counts[0]))
      try data.withUnsafeMutableBytes { try receive(into: $0, deadline, worker: &worker) }
      let count = Int(counts[1])
      let values = try [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
        try receive(
          into: UnsafeMutableRawBufferPointer(
            UnsafeMutableBufferPointer(rebasing: buffer[..<count])), deadline, worker: &worker)
        initialized = count
      }
      return Answer(data: data, values: values)
    } catch Ending.signal(let signal) {
      worker = nil
      drain()
      switch signal {
      case SIGXCPU: throw Failure.tookTooLong(seconds: limits.processorSeconds)
      case SIGKILL where deadline.map { $0 < .now } ?? false:
        throw Failure.tookTooLong(seconds: Int(limits.seconds ?? 0))
      default: throw Failure.crashed(signal: signal)
      }
    }
  }

  private enum Ending: Error { case signal(Int32) }

  private func receive(
    into buffer: UnsafeMutableRawBufferPointer, _ deadline: ContinuousClock.Instant?,
    worker: inout pid_t?
  ) throws {
    var done = 0
    while done < buffer.count {
      var watched = [
        pollfd(fd: questions, events: Int16(POLLIN), revents: 0),
        pollfd(fd: status, events: Int16(POLLIN), revents: 0),
      ]
      poll(&watched, 2, 100)
      if Interruption.isRequested {
        if let worker { kill(worker, SIGKILL) }
        throw RunError.interrupted
      }
      if let deadline, deadline < .now, let worker { kill(worker, SIGKILL) }
      if watched[0].revents != 0 {
        let count = recv(
          questions, buffer.baseAddress! + done, buffer.count - done, Int32(MSG_DONTWAIT))
        if count == 0 { throw Failure.gone }
        if count > 0 { done += count }
      } else if watched[1].revents != 0 {
        try readStatus(&worker)
      }
    }
  }

  /// Reads the supervisor's messages: the process id of a worker that starts, and the signal of one
  /// that has ended.
  private func readStatus(_ worker: inout pid_t?) throws {
    var words: [Int32] = [0, 0]
    let count = words.withUnsafeMutableBytes {
      recv(status, $0.baseAddress!, $0.count, Int32(MSG_WAITALL))
    }
    guard count == 8 else { throw Failure.gone }
    guard words[1] != 0 else {
      worker = words[0]
      return
    }
    throw Ending.signal(words[1])
  }

  /// Discards an incomplete answer.
  private func drain() {
    var rest = [UInt8](repeating: 0, count: 1 << 16)
    while recv(questions, &rest, rest.count, Int32(MSG_DONTWAIT)) > 0 {}
  }

  // MARK: - In the other processes

  private static func supervise(
    questions: Int32, status: Int32, _ answer: (Data) -> Answer
  ) -> Never {
    _ = ccontain_die_with_parent()
    // The main process decides when to stop; supervisor and worker end when it ends.
    for number in [SIGINT, SIGTERM, SIGHUP, SIGPIPE] { signal(number, SIG_IGN) }
    // The parent of this program may have ignored or blocked the signals that end a worker.
    for number in [SIGXCPU, SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGTRAP, SIGCHLD] {
      signal(number, SIG_DFL)
    }
    var none = sigset_t()
    sigemptyset(&none)
    sigprocmask(SIG_SETMASK, &none, nil)
    let nothing = open("/dev/null", O_RDWR)
    for stream in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] { dup2(nothing, stream) }
    while true {
      var watched = pollfd(fd: questions, events: Int16(POLLIN), revents: 0)
      poll(&watched, 1, -1)
      if watched.revents & Int16(POLLHUP) != 0 { _exit(0) }
      let pid = fork()
      guard pid >= 0 else { _exit(1) }
      if pid == 0 {
        close(status)
        work(questions, answer)
      }
      tell(status, pid, 0)
      var ending: Int32 = 0
      while waitpid(pid, &ending, 0) < 0 && errno == EINTR {}
      let signal = ending & 0x7f
      // A worker that exits by itself has reached the end of the questions or has failed.
      tell(status, pid, signal != 0 ? signal : SIGABRT)
    }
  }

  private static func tell(_ status: Int32, _ pid: pid_t, _ signal: Int32) {
    _ = [pid, signal].withUnsafeBytes { send($0, to: status) }
  }

  private static func work(_ questions: Int32, _ answer: (Data) -> Answer) -> Never {
    _ = ccontain_die_with_parent()
    _ = ccontain_deny_network()
    var none = rlimit(rlim_cur: 0, rlim_max: 0)
    setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
    while true {
      var head: [Int64] = [0, 0, 0]
      guard head.withUnsafeMutableBytes({ fill($0, from: questions) }) else { _exit(0) }
      var question = Data(count: Int(head[0]))
      guard question.withUnsafeMutableBytes({ fill($0, from: questions) }) else { _exit(0) }
      limit(processorSeconds: Int(head[1]), memoryBytes: Int(head[2]))
      let result = answer(question)
      let counts = [result.data.count, result.values.count].map(Int64.init)
      guard counts.withUnsafeBytes({ send($0, to: questions) }),
        result.data.withUnsafeBytes({ send($0, to: questions) }),
        result.values.withUnsafeBytes({ send($0, to: questions) })
      else { _exit(0) }
    }
  }

  private static func limit(processorSeconds: Int, memoryBytes: Int) {
    func set(_ resource: __rlimit_resource, _ value: Int) {
      let kind = __rlimit_resource_t(resource.rawValue)
      var limits = rlimit()
      getrlimit(kind, &limits)
      limits.rlim_cur = min(rlim_t(value), limits.rlim_max)
      setrlimit(kind, &limits)
    }
    let usage = ProcessUsage.current()
    set(RLIMIT_CPU, Int(usage.cpuSeconds.rounded(.up)) + processorSeconds)
    set(RLIMIT_DATA, ProcessUsage.dataBytes() + memoryBytes)
  }

  private static func send(_ bytes: UnsafeRawBufferPointer, to socket: Int32) -> Bool {
    var done = 0
    while done < bytes.count {
      let count = Glibc.send(
        socket, bytes.baseAddress! + done, bytes.count - done, Int32(MSG_NOSIGNAL))
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { return false }
      done += count
    }
    return true
  }

  private static func fill(_ bytes: UnsafeMutableRawBufferPointer, from socket: Int32) -> Bool {
    var done = 0
    while done < bytes.count {
      let count = recv(socket, bytes.baseAddress! + done, bytes.count - done, 0)
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { return false }
      done += count
    }
    return true
  }
}
