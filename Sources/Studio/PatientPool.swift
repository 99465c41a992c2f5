import FlyingSocks
import Foundation

#if canImport(Glibc)
  import Glibc
#endif

/// A pool of sockets that gives up connections which neither send nor take anything for a while, so
/// that idle clients do not use up the process's files.
struct PatientPool<Base: AsyncSocketPool>: AsyncSocketPool {
  let base: Base
  let patienceSeconds: Double

  func prepare() async throws { try await base.prepare() }
  func run() async throws { try await base.run() }

  func suspendSocket(_ socket: Socket, untilReadyFor events: Socket.Events) async throws {
    guard !Self.isListening(socket) else {
      return try await base.suspendSocket(socket, untilReadyFor: events)
    }
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await base.suspendSocket(socket, untilReadyFor: events) }
      group.addTask {
        try await Task.sleep(for: .seconds(patienceSeconds))
        throw SocketError.disconnected
      }
      defer { group.cancelAll() }
      try await group.next()
    }
  }

  private static func isListening(_ socket: Socket) -> Bool {
    var answer: Int32 = 0
    var length = socklen_t(MemoryLayout<Int32>.size)
    getsockopt(socket.file.rawValue, SOL_SOCKET, SO_ACCEPTCONN, &answer, &length)
    return answer != 0
  }
}
