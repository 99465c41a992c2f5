/// Errors thrown by the phase model; every message says what to do.
public enum InSARPhaseError: Error, CustomStringConvertible, Equatable {
  case unknownSensor(name: String)
  case outOfRange(quantity: String, value: Double, expected: String)
  case sizesDiffer(quantity: String, expected: Int, got: Int)
  /// All faults found in a group of settings, each one with its quantity.
  case settings(faults: [String])
  /// The text is not a valid date.
  case badDate(text: String, reason: String)
  /// The dates or pairs do not form a network.
  case badNetwork(reason: String)
  /// The network is disconnected: interferograms connect the dates of each group, but not the
  /// groups.
  case disconnected(groups: [[AcquisitionDate]], remedy: String)
  /// A component needs an input that was not given.
  case missing(what: String, neededFor: String)
  case outOfMemory(purpose: String)

  public var description: String {
    switch self {
    case .unknownSensor(let name):
      "there is no sensor \"\(name)\"; use one of "
        + Sensor.allCases.map(\.rawValue).joined(separator: ", ") + "."
    case .outOfRange(let quantity, let value, let expected):
      "\(quantity) is \(value); give \(expected)."
    case .sizesDiffer(let quantity, let expected, let got):
      "\(quantity) has \(got) values instead of \(expected); give grids of equal shape."
    case .settings(let faults):
      "the phase model has \(faults.count == 1 ? "a fault" : "\(faults.count) faults"):\n"
        + faults.map { "  \($0)" }.joined(separator: "\n")
    case .badDate(let text, let reason):
      "\"\(text)\" is not a date: \(reason). Give dates as YYYYMMDD, such as 20200131."
    case .badNetwork(let reason):
      "the network cannot be built: \(reason)."
    case .disconnected(let groups, let remedy):
      "the network is disconnected; its \(groups.count) parts are "
        + Self.spans(groups) + ". \(remedy)"
    case .missing(let what, let component):
      "\(component) needs \(what), which was not given; give it, or leave \(component) out."
    case .outOfMemory(let purpose):
      "not enough memory for \(purpose); make smaller scenes, or fewer at a time."
    }
  }

  /// First and last date and the number of dates of each part of a network.
  public static func spans(_ parts: [[AcquisitionDate]]) -> String {
    parts.map { dates in
      dates.count == 1 ? "\(dates[0])" : "\(dates[0]) to \(dates.last!) (\(dates.count) dates)"
    }.joined(separator: "; ")
  }
}
