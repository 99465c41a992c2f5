/// What a conversion between deformation and phase can be asked wrongly.
public enum InSARPhaseError: Error, CustomStringConvertible, Equatable {
  case unknownSensor(name: String)
  case outOfRange(quantity: String, value: Double, expected: String)
  case sizesDiffer(quantity: String, expected: Int, got: Int)

  public var description: String {
    switch self {
    case .unknownSensor(let name):
      "there is no sensor \"\(name)\"; use one of "
        + Sensor.allCases.map(\.rawValue).joined(separator: ", ") + "."
    case .outOfRange(let quantity, let value, let expected):
      "\(quantity) is \(value); give \(expected)."
    case .sizesDiffer(let quantity, let expected, let got):
      "\(quantity) holds \(got) values where \(expected) are needed; give grids of one shape."
    }
  }
}
