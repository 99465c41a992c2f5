import Kernel

/// The size of a phase network.
public struct PhaseArchitecture: Sendable, Equatable, Codable {
  public enum Stages: String, Sendable, Codable, CaseIterable {
    /// One network with both heads.
    case joint
    /// One network filters, a second one unwraps what the first returns.
    case twoStage
  }

  public var stages = Stages.joint
  /// Channels at full resolution; each level below has twice as many, four times at most.
  public var channels = 16
  /// Resolutions, each half the one above.
  public var levels = 4

  public init() {}

  /// Channels of each level, from full resolution down.
  var widths: [Int] { (0..<levels).map { channels * min(1 << $0, 4) } }
  /// Sides of inputs are multiples of this.
  package var sizeMultiple: Int { 1 << (levels - 1) }

  func faults() -> [String] {
    var faults: [String] = []
    if !(1...256).contains(channels) { faults.append("channels is \(channels): use 1 to 256") }
    if !(1...8).contains(levels) { faults.append("levels is \(levels): use 1 to 8") }
    return faults
  }
}

extension PhaseArchitecture: DocumentedKeys {
  package static let keyDescriptions: KeyValuePairs = [
    "stages": "One network that filters and unwraps, or a second one that unwraps.",
    "channels":
      "Channels at full resolution, 1 to 256; lower levels have up to four times as many.",
    "levels": "Resolutions, each half the one above, 1 to 8.",
  ]
}
