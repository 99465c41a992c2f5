import FlyingFox
import Foundation
import Kernel

/// Answers requests: checks who asks, hands drawing to the queue, and gives out the page.
struct StudioService: Sendable {
  /// A request without the connection that it came by.
  struct Request: Sendable {
    var method = "GET"
    /// Percent-encoded.
    var path: String
    var query = ""
    /// By name in lower case.
    var headers: [String: String] = [:]
  }

  let queue: WorkQueue
  let facts: Data
  let access: StudioAccess

  /// The answer; errors are answers too.
  func answer(_ request: Request) async -> HTTPResponse {
    do {
      try access.check(request)
      guard request.method == "GET" else { throw StudioError.method(request.method) }
      if let file = StudioPage.file(request.path) {
        return Self.response(.ok, file.type, file.content)
      }
      return try await data(request)
    } catch let error as StudioError {
      return Self.failure(error)
    } catch {
      // A damaged model, memory: the page shows what it is.
      return Self.response(.internalServerError, Self.json, Self.body(message: "\(error)"))
    }
  }

  private func data(_ request: Request) async throws -> HTTPResponse {
    let query = try QueryParameters(
      request.query, known: (Self.parameters[request.path] ?? []) + [StudioAccess.tokenName])
    let work: StudioWork
    switch request.path {
    case "/api/model": return Self.response(.ok, Self.json, facts)
    case "/api/map": work = .map(try MapRequest(query))
    case "/api/interferogram":
      work = .interferogram(try MapRequest(query), try PhaseRequest(query))
    case "/api/real":
      work = .realMap(
        index: try query.integer("index", in: 0...RealMaps.greatestIndex) ?? 0,
        side: try query.integer("size", in: MapRequest.sides) ?? 128)
    default: throw StudioError.unknownPath(request.path)
    }
    return Self.response(.ok, "application/octet-stream", try await queue.result(of: work))
  }

  /// The parameters of each path.
  private static let parameters = [
    "/api/map": MapRequest.names,
    "/api/interferogram": MapRequest.names + PhaseRequest.names,
    "/api/real": ["index", "size"],
  ]

  // MARK: Answers

  private static let json = "application/json"

  private static func response(_ status: HTTPStatusCode, _ type: String, _ body: Data)
    -> HTTPResponse
  {
    HTTPResponse(
      statusCode: status,
      headers: [
        .contentType: type, .cacheControl: "no-store",
        HTTPHeader("X-Content-Type-Options"): "nosniff",
        HTTPHeader("Referrer-Policy"): "no-referrer",
        HTTPHeader("Cross-Origin-Resource-Policy"): "same-origin",
        HTTPHeader("Content-Security-Policy"): StudioPage.policy,
      ], body: body)
  }

  private static func failure(_ error: StudioError) -> HTTPResponse {
    var parameter: (name: String, value: String)?
    if case .parameter(let name, let value, _) = error {
      parameter = (name, "\(value.prefix(80))".printable)
    }
    var response = response(
      error.status, json,
      body(message: error.description, parameter: parameter?.name, value: parameter?.value))
    if error.status == .serviceUnavailable { response.headers[HTTPHeader("Retry-After")] = "1" }
    if error.status == .methodNotAllowed { response.headers[HTTPHeader("Allow")] = "GET" }
    return response
  }

  private struct Failure: Encodable {
    var error: String
    var parameter: String?
    var value: String?
  }

  private static func body(message: String, parameter: String? = nil, value: String? = nil) -> Data
  {
    let failure = Failure(error: message.printable, parameter: parameter, value: value)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return (try? encoder.encode(failure)) ?? Data(#"{"error":"unknown"}"#.utf8)
  }
}

/// Who may ask.
struct StudioAccess: Sendable {
  /// The values of the Host header that name this program; `nil` for any, where a token is needed.
  var hosts: Set<String>?
  /// What requests for data have to state; `nil` where only this computer can reach the program.
  var token: String?

  static let tokenName = "token"
  static let tokenHeader = "x-ganinsar-token"

  /// For the loopback address.
  static func loopback(port: UInt16) -> StudioAccess {
    let names = ["127.0.0.1", "localhost"]
    return StudioAccess(
      hosts: Set(names.map { "\($0):\(port)" } + (port == 80 ? names : [])), token: nil)
  }

  /// For an address that other computers reach.
  static func withToken() -> StudioAccess {
    var random = SystemRandomNumberGenerator()
    let words = (0..<2).map { _ in random.next() as UInt64 }
    return StudioAccess(
      hosts: nil, token: words.map { String($0 | 1 << 63, radix: 16) }.joined())
  }

  /// - Throws: `StudioError.host`, `.otherSite`, `.token`.
  func check(_ request: StudioService.Request) throws {
    let host = request.headers["host"] ?? ""
    if let hosts, !hosts.contains(host.lowercased()) { throw StudioError.host(host) }
    if let origin = request.headers["origin"], origin.lowercased() != "http://\(host.lowercased())"
    {
      throw StudioError.otherSite
    }
    guard request.path.hasPrefix("/api/") else { return }
    if let site = request.headers["sec-fetch-site"], !["same-origin", "none"].contains(site) {
      throw StudioError.otherSite
    }
    if let token, !Self.isEqual(request.headers[Self.tokenHeader] ?? "", token) {
      throw StudioError.token
    }
  }

  /// Takes the same time wherever two texts of one length differ.
  private static func isEqual(_ a: String, _ b: String) -> Bool {
    let (a, b) = (Array(a.utf8), Array(b.utf8))
    return a.count == b.count && zip(a, b).reduce(0 as UInt8) { $0 | ($1.0 ^ $1.1) } == 0
  }
}
