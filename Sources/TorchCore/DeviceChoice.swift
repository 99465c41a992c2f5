/// A device as a user names it; `Device` is the one that it turns out to be on a machine.
///
/// In files it is its name: `auto`, `cpu`, `cuda` or `cuda:1`.
public enum DeviceChoice: Sendable, Equatable, CustomStringConvertible {
  /// The first GPU if there is one, else the CPU.
  case auto
  case cpu
  /// A GPU by its number; `nil` for the first one, or for a separate one in each of several processes.
  case cuda(Int?)

  /// The names as messages and help list them.
  public static let names = "auto, cpu, cuda or cuda:N"

  /// Reads `auto`, `cpu`, `cuda` or `cuda:1`, in any case; `nil` for any other text.
  public init?(_ name: String) {
    let parts = name.lowercased().split(separator: ":", omittingEmptySubsequences: false)
    switch parts {
    case ["auto"]: self = .auto
    case ["cpu"]: self = .cpu
    case ["cuda"]: self = .cuda(nil)
    default:
      guard parts.count == 2, parts[0] == "cuda", let index = Int(parts[1]), index >= 0 else {
        return nil
      }
      self = .cuda(index)
    }
  }

  public var description: String {
    switch self {
    case .auto: "auto"
    case .cpu: "cpu"
    case .cuda(nil): "cuda"
    case .cuda(let index?): "cuda:\(index)"
    }
  }

  /// Whether no particular GPU is asked for, so that each process may take its own.
  package var leavesGPUOpen: Bool { self == .auto || self == .cuda(nil) }
}

extension DeviceChoice: Codable {
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let name = try container.decode(String.self)
    guard let choice = DeviceChoice(name) else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "use \(Self.names)")
    }
    self = choice
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}
