import Foundation
import Testing

@testable import Studio

/// Who gets an answer, and what errors look like. Nothing is drawn here.
@Suite struct StudioServiceTests {
  private func service(_ access: StudioAccess = .loopback(port: 8642)) -> StudioService {
    StudioService(queue: WorkQueue(capacity: 2), facts: Data("{}".utf8), access: access)
  }

  private func request(
    _ path: String, _ query: String = "", method: String = "GET", headers: [String: String] = [:]
  ) -> StudioService.Request {
    .init(
      method: method, path: path, query: query,
      headers: ["host": "127.0.0.1:8642"].merging(headers) { $1 })
  }

  private func error(_ answer: Data) throws -> [String: String] {
    try #require(try JSONSerialization.jsonObject(with: answer) as? [String: String])
  }

  @Test func thePageIsSelfContained() async throws {
    let service = service()
    for (path, type) in [
      ("/", "text/html"), ("/studio.css", "text/css"), ("/studio.js", "text/javascript"),
    ] {
      let answer = await service.answer(request(path))
      #expect(answer.statusCode.code == 200)
      #expect(answer.headers[.contentType]?.hasPrefix(type) == true)
      let text = String(decoding: try await answer.bodyData, as: UTF8.self)
      #expect(!text.isEmpty && !text.contains("https://"))
      // The name of the SVG language is the only address.
      #expect(
        !text.replacingOccurrences(of: "http://www.w3.org/2000/svg", with: "").contains("http://"))
      #expect(
        answer.headers[.init("Content-Security-Policy")]?.contains("default-src 'none'") == true)
    }
    #expect(await service.answer(request("/api/model")).statusCode.code == 200)
  }

  @Test(arguments: [
    ("evil.example", 421), ("127.0.0.1:9999", 421), ("", 421), ("127.0.0.1.evil.example:8642", 421),
    ("LOCALHOST:8642", 200), ("127.0.0.1:8642", 200),
  ])
  func otherHostsAreRefused(host: String, code: Int) async throws {
    for path in ["/", "/api/model"] {
      let answer = await service().answer(request(path, headers: ["host": host]))
      #expect(answer.statusCode.code == code)
    }
  }

  @Test func otherSitesAreRefused() async throws {
    let service = service()
    for headers in [
      ["origin": "http://evil.example"], ["origin": "null"], ["sec-fetch-site": "cross-site"],
      ["sec-fetch-site": "same-site"],
    ] {
      #expect(await service.answer(request("/api/model", headers: headers)).statusCode.code == 403)
    }
    for headers in [
      ["origin": "http://127.0.0.1:8642"], ["sec-fetch-site": "same-origin"],
      ["sec-fetch-site": "none"],
    ] {
      #expect(await service.answer(request("/api/model", headers: headers)).statusCode.code == 200)
    }
  }

  @Test func anotherAddressNeedsTheToken() async throws {
    let access = StudioAccess.withToken()
    let token = try #require(access.token)
    #expect(token.count == 32 && StudioAccess.withToken().token != token)
    let service = service(access)
    for given in ["", "0", String(token.dropLast()), token + "0", token.uppercased() + " "] {
      let answer = await service.answer(
        request("/api/model", headers: ["host": "192.168.0.5:8642", "x-ganinsar-token": given]))
      #expect(answer.statusCode.code == 401)
    }
    let answer = await service.answer(
      request("/api/model", headers: ["host": "192.168.0.5:8642", "x-ganinsar-token": token]))
    #expect(answer.statusCode.code == 200)
  }

  @Test func errorsNameTheParameterTheValueAndTheRemedy() async throws {
    let answer = await service().answer(request("/api/map", "size=9"))
    #expect(answer.statusCode.code == 400)
    let told = try error(try await answer.bodyData)
    #expect(told["parameter"] == "size" && told["value"] == "9")
    #expect(told["error"] == "size is '9': use a whole number from 16 to 512")
  }

  @Test(arguments: [
    ("/", "POST", 405), ("/api/map", "DELETE", 405), ("/nothing", "GET", 404),
    ("/../etc/passwd", "GET", 404), ("/api/", "GET", 404), ("", "GET", 404),
    ("/api/map/", "GET", 404), ("//", "GET", 404),
  ])
  func otherRequestsAreAnsweredClearly(path: String, method: String, code: Int) async throws {
    let answer = await service().answer(request(path, method: method))
    #expect(answer.statusCode.code == code)
    #expect(try error(try await answer.bodyData)["error"]?.isEmpty == false)
  }

  @Test func tooManyRequestsAreToldToWait() async throws {
    let queue = WorkQueue(capacity: 2)
    let service = StudioService(
      queue: queue, facts: Data(), access: .loopback(port: 8642))
    let codes = await withTaskGroup(of: Int.self) { group in
      for seed in 0..<20 {
        group.addTask {
          await service.answer(request("/api/map", "seed=\(seed)")).statusCode.code
        }
      }
      var codes: [Int] = []
      for await code in group {
        codes.append(code)
        // The last two wait for a thread that draws, which there is not.
        if codes.count == 18 { queue.close() }
      }
      return codes
    }
    #expect(codes.count == 20 && codes.allSatisfy { $0 == 503 })
    let late = await service.answer(request("/api/map", "seed=1"))
    #expect(try error(try await late.bodyData)["error"]?.contains("is stopping") == true)
  }

  @Test func requestsAreAnsweredInOrder() async throws {
    let queue = WorkQueue(capacity: 8)
    async let first = queue.result(of: .realMap(index: 1, side: 16))
    while true {
      guard let job = queue.next(withinSeconds: 0.05) else { continue }
      #expect(job.work == .realMap(index: 1, side: 16))
      job.answer(.success(Data([7])))
      break
    }
    #expect(try await first == Data([7]))
    #expect(queue.next(withinSeconds: 0.01) == nil)
  }

  @Test func aRequestThatIsGivenUpLeavesTheQueue() async throws {
    let queue = WorkQueue(capacity: 1)
    let task = Task { try await queue.result(of: .realMap(index: 1, side: 16)) }
    try await Task.sleep(for: .milliseconds(50))
    task.cancel()
    await #expect(throws: CancellationError.self) { try await task.value }
    #expect(queue.next(withinSeconds: 0.01) == nil)
    queue.close()
  }
}
