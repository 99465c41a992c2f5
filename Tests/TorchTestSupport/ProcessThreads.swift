import Foundation
import Synchronization
import TorchCore

/// A port of the loopback interface that nothing listens on just now.
package func freePort() throws -> Int {
  let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
  defer { close(descriptor) }
  var address = sockaddr_in()
  address.sin_family = sa_family_t(AF_INET)
  address.sin_addr.s_addr = inet_addr("127.0.0.1")
  var length = socklen_t(MemoryLayout<sockaddr_in>.size)
  let result = withUnsafeMutablePointer(to: &address) { pointer in
    pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
      bind(descriptor, $0, length) == 0 ? getsockname(descriptor, $0, &length) : -1
    }
  }
  guard result == 0 else { throw POSIXError(.EADDRNOTAVAIL) }
  return Int(UInt16(bigEndian: address.sin_port))
}

/// Runs `body` as `count` processes would, each in a thread with a group of its own; results by rank.
package func asProcesses<Value: Sendable>(
  _ count: Int, operationSeconds: Double = 300,
  _ body: @escaping @Sendable (ProcessGroup) throws -> Value
) throws -> [Value] {
  _ = flightRecorderIsOff
  let port = try freePort()
  let finished = DispatchGroup()
  for _ in 0..<count { finished.enter() }
  let box = Box<Value>()
  for rank in 0..<count {
    Thread {
      let group = Result {
        try ProcessGroup(
          .init(
            host: "127.0.0.1", port: port, rank: rank, count: count, servesStore: rank == 0),
          joinSeconds: 300, operationSeconds: operationSeconds)
      }
      let result = Result { try body(group.get()) }
      box.results.withLock { $0[rank] = result }
      finished.leave()
      // The store lives in process 0: no one goes before all are done.
      _ = finished.wait(timeout: .now() + 600)
      withExtendedLifetime(group) {}
    }.start()
  }
  guard finished.wait(timeout: .now() + 900) == .success else { throw POSIXError(.ETIMEDOUT) }
  return try (0..<count).map { rank in try box.results.withLock { try $0[rank]!.get() } }
}

/// LibTorch's recorder of collectives, one for the whole process, takes no lock where it notes a
/// group: made for one group a process, it crashes where threads play processes.
private let flightRecorderIsOff = setenv("TORCH_FR_BUFFER_SIZE", "0", 1) == 0

private final class Box<Value: Sendable>: Sendable {
  let results = Mutex([Int: Result<Value, any Error>]())
}
