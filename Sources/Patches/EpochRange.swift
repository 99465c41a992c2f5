/// The epochs during which a step of the loader is on: `from` up to but not including `until`.
public struct EpochRange: Sendable, Equatable, Codable {
  /// The first epoch, counted from 0.
  public var from: Int
  /// The first epoch after the last; `nil`: on until the run ends.
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

  /// What is wrong with the range, each line starting with `key`.
  func faults(_ key: String) -> [String] {
    var faults: [String] = []
    if from < 0 { faults.append("\(key).from is \(from); epochs count from 0.") }
    if let until, until < 0 {
      faults.append("\(key).until is \(until); give 0 for never, null for always.")
    }
    return faults
  }

  /// Writes `until: null` out, so that a resolved configuration shows every key.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(from, forKey: .from)
    try container.encode(until, forKey: .until)
  }
}
