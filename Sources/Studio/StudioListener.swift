import Dispatch
import FlyingFox
import FlyingSocks
import Foundation
import Synchronization

/// The HTTP server, and its way from starting to stopping.
final class StudioListener: Sendable {
  private struct State {
    var server: HTTPServer?
    var service: StudioService?
    var port: UInt16
    var failure: StudioError?
    var isStopping = false
  }

  let address: String
  private let patienceSeconds: Double
  private let state: Mutex<State>
  /// Signaled once the server listens, or cannot.
  private let isDecided = DispatchSemaphore(value: 0)

  /// - Throws: `StudioError.address` for text that is not an IPv4 address.
  init(address: String, port: UInt16, patienceSeconds: Double) throws {
    guard (try? sockaddr_in.inet(ip4: address, port: port)) != nil else {
      throw StudioError.address(address)
    }
    self.address = address
    self.patienceSeconds = patienceSeconds
    state = Mutex(State(port: port))
  }

  /// Why the server ended; `nil` while it runs.
  var failure: StudioError? { state.withLock { $0.failure } }

  /// Starts to listen; requests are refused until there is a service.
  /// - Returns: the port.
  /// - Throws: `StudioError.cannotListen`.
  func start() throws -> UInt16 {
    Task.detached { await self.serve() }
    isDecided.wait()
    if let failure { throw failure }
    return state.withLock { $0.port }
  }

  func use(_ service: StudioService) { state.withLock { $0.service = service } }

  /// Closes all connections; returns when that is done, or after two seconds.
  func stop() {
    let server = state.withLock { state in
      state.isStopping = true
      return state.server
    }
    guard let server else { return }
    let isDone = DispatchSemaphore(value: 0)
    Task.detached {
      await server.stop()
      isDone.signal()
    }
    _ = isDone.wait(timeout: .now() + 2)
  }

  private var isStopping: Bool { state.withLock { $0.isStopping } }

  private func serve() async {
    while !isStopping {
      do {
        let server = try server(port: state.withLock { $0.port })
        state.withLock { $0.server = server }
        let notice = Task { await self.noteListening(server) }
        defer { notice.cancel() }
        try await server.run()
      } catch SocketError.failed("Accept", _, _) {
        // Clients have used up the process's files. The server has closed them with itself, and starts
        // again.
        try? await Task.sleep(for: .milliseconds(100))
      } catch {
        if !isStopping { fail("\(error.localizedDescription)") }
        return
      }
    }
  }

  private func server(port: UInt16) throws -> HTTPServer {
    HTTPServer(
      config: HTTPServer.Configuration(
        address: try sockaddr_in.inet(ip4: address, port: port), timeout: 120,
        sharedRequestReplaySize: 8192,
        pool: PatientPool(base: HTTPServer.defaultPool(), patienceSeconds: patienceSeconds),
        logger: .disabled),
      handler: ClosureHTTPHandler { await self.answer($0) })
  }

  private func noteListening(_ server: HTTPServer) async {
    guard (try? await server.waitUntilListening()) != nil,
      case .ip4(_, let port) = await server.listeningAddress
    else { return }
    state.withLock { $0.port = port }
    isDecided.signal()
  }

  private func fail(_ reason: String) {
    state.withLock { state in
      state.failure = .cannotListen(address: address, port: state.port, reason: reason)
    }
    isDecided.signal()
  }

  private func answer(_ request: HTTPRequest) async -> HTTPResponse {
    guard let service = state.withLock({ $0.service }) else {
      return HTTPResponse(statusCode: .serviceUnavailable)
    }
    var headers: [String: String] = [:]
    for (header, value) in request.headers { headers[header.rawValue.lowercased()] = value }
    return await service.answer(
      StudioService.Request(
        method: request.method.rawValue, path: request.target.path(),
        query: request.target.query(), headers: headers))
  }
}
