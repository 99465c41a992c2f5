import FlyingFox
import Kernel

/// Errors of the studio. Those of a request become its answer, with a status and a JSON object.
package enum StudioError: Error, CustomStringConvertible, Equatable {
  /// A parameter of a request is missing, out of range, or no number.
  case parameter(name: String, value: String, remedy: String)
  /// What was asked for cannot be drawn; the text says what to change.
  case request(String)
  case unknownPath(String)
  case method(String)
  /// A request came with the name of another computer, as after DNS rebinding.
  case host(String)
  /// Another web site asked.
  case otherSite
  case token
  case busy(waiting: Int)
  case slow(seconds: Int)
  case stopping
  case noRealMaps
  /// The server cannot be started.
  case cannotListen(address: String, port: UInt16, reason: String)
  case address(String)
  /// The model draws something else than rates, of which no interferogram can be made.
  case otherQuantity(path: String, quantity: String)
  /// Maps that are given to compare with are of no use.
  case realMaps(path: String, reason: String)

  package var description: String {
    switch self {
    case .parameter(let name, let value, let remedy):
      "\(name.prefix(40).description.printable) is '\(value.prefix(80).description.printable)': \(remedy)"
    case .request(let text): text
    case .unknownPath(let path):
      "there is nothing at \(path.prefix(80).description.printable): open / for the page"
    case .method(let method):
      "the method \(method.prefix(20).description.printable) is not supported: use GET"
    case .host(let host):
      "the request names the host '\(host.prefix(80).description.printable)', which is not this program's: "
        + "open the address that it printed"
    case .otherSite: "another web site asked for this: open the page itself"
    case .token: "the token is missing or wrong: open the whole address that the program printed"
    case .busy(let waiting): "\(waiting) requests are waiting: try again in a moment"
    case .slow(let seconds):
      "this took more than \(seconds) s and was given up: ask for a smaller map, or leave out the greatest "
        + "rate"
    case .stopping: "the program is stopping: start ganinsar studio again"
    case .noRealMaps: "no real maps were given: start ganinsar studio with --real FOLDER"
    case .cannotListen(let address, let port, let reason):
      "cannot listen on \(address):\(port): \(reason). Give another --port, or --port 0 for any that is free."
    case .address(let text):
      "'\(text.printable)' is not an IPv4 address: give one of this computer's, such as 192.168.0.5"
    case .otherQuantity(let path, let quantity):
      "\(path.printable) draws maps of \(quantity), and the studio shows rates: look at its maps with 'generate' and 'view'"
    case .realMaps(let path, let reason): "\(path.printable): \(reason)"
    }
  }

  var status: HTTPStatusCode {
    switch self {
    case .parameter, .request, .realMaps, .address, .otherQuantity: .badRequest
    case .unknownPath, .noRealMaps: .notFound
    case .method: .methodNotAllowed
    case .host: .misdirectedRequest
    case .otherSite: .forbidden
    case .token: .unauthorized
    case .busy, .slow, .stopping: .serviceUnavailable
    case .cannotListen: .internalServerError
    }
  }
}
