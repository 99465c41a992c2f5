import Foundation
import Testing

@testable import DurableFiles
@testable import Kernel
@testable import RunSupport

/// Signals and restarts, each in a process of its own.
@Suite struct ProcessTests {
  @Test func memoryAndTimeGrowWithUse() {
    let before = ProcessUsage.current()
    #expect(before.peakMemoryBytes > 1 << 20)
    let bytes = [UInt8](repeating: 1, count: 1 << 28)  // more than the tests use otherwise
    var hash = SHA256()
    bytes.prefix(1 << 22).withUnsafeBytes { hash.update($0) }
    #expect(hash.hex().count == 64)
    let after = ProcessUsage.current()
    #expect(after.peakMemoryBytes >= 1 << 28)
    #expect(after.cpuSeconds > before.cpuSeconds)
  }

  @Test func errorsHaveTheirExitCodes() {
    struct Other: Error {}
    #expect(RunExitCode(for: RunError.configuration(faults: ["a"])).rawValue == 2)
    #expect(RunExitCode(for: RunError.interrupted).rawValue == 130)
    #expect(RunExitCode(for: RunError.cannotRead(path: "a", reason: "b")).rawValue == 1)
    #expect(RunExitCode(for: Other()).rawValue == 1)
  }

  #if compiler(>=6.2)
    /// Sends a signal to this process, not to this thread: threads of a pool block signals.
    private static func send(_ signalNumber: Int32) {
      kill(getpid(), signalNumber)
      for _ in 0..<30_000 where !Interruption.isRequested { usleep(10_000) }
    }

    @Test func theFirstSignalIsARequest() async {
      await #expect(processExitsWith: .exitCode(7)) {
        Interruption.install()
        try Interruption.check()
        Self.send(SIGTERM)
        do {
          try Interruption.check()
        } catch RunError.interrupted {
          exit(7)
        }
      }
    }

    @Test func theSecondSignalKills() async {
      await #expect(processExitsWith: .signal(SIGINT)) {
        signal(SIGINT, SIG_DFL)
        Interruption.install()
        Self.send(SIGTERM)
        Self.send(SIGINT)
        sleep(300)
      }
      await #expect(processExitsWith: .signal(SIGTERM)) {
        Interruption.install()
        Self.send(SIGTERM)
        Self.send(SIGTERM)
        sleep(300)
      }
    }

    @Test func anIgnoredSignalStaysIgnored() async {
      await #expect(processExitsWith: .exitCode(7)) {
        signal(SIGINT, SIG_IGN)
        Interruption.install()
        for _ in 0..<2 { kill(getpid(), SIGINT) }
        usleep(200_000)
        let wasIgnored = !Interruption.isRequested
        Self.send(SIGTERM)  // and the other one works
        exit(wasIgnored && Interruption.isRequested ? 7 : 1)
      }
    }
  #endif
}
