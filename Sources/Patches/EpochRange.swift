/// The epochs in which a step of the loader is on: from `from` up to but not including `until`.
public struct EpochRange: Sendable, Equatable, Codable {
  /// The first epoch, counted from 0.
  public var from: Int
  /// The first epoch after the last one; `nil`: until the end of the run.
  public var until: Int?

  public static let always = EpochRange(from: 0, until: nil)
  public static let never = EpochRange(from: 0, until: 0)

  public init(from: Int = 0, until: Int? = nil) {
    self.from = from
    self.until = until
  }

  public func contains(_ epoch: Int) -> Bool {
    epoch >= from && until.map { epoch < $0 } ?? true
  }

  var isEmpty: Bool { until.map { $0 <= from } ?? false }
  var coversEveryEpoch: Bool { from <= 0 && until == nil }

  /// The faults of the range, each one starting with `key`.
  func faults(_ key: String) -> [String] {
    var faults: [String] = []
    if from < 0 { faults.append("\(key).from is \(from); epochs count from 0.") }
    if let until, until < 0 {
      faults.append("\(key).until is \(until); give 0 for never, null for always.")
    }
    return faults
  }

  /// Writes `until: null` explicitly, so that a resolved configuration shows every key.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(from, forKey: .from)
    try container.encode(until, forKey: .until)
  }
}
