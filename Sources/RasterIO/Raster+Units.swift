extension RasterUnit {
  /// What a unit measures; values convert only within one kind.
  public enum Quantity: String, Sendable, Codable {
    case rate, displacement, phase
  }

  public var quantity: Quantity {
    switch self {
    case .metersPerYear, .centimetersPerYear, .millimetersPerYear: .rate
    case .meters, .centimeters, .millimeters: .displacement
    case .radians: .phase
    }
  }

  /// How many millimetres (or mm/yr, or radians) one of this unit is; exact in a Double.
  private var size: Double {
    switch self {
    case .metersPerYear, .meters: 1000
    case .centimetersPerYear, .centimeters: 10
    case .millimetersPerYear, .millimeters, .radians: 1
    }
  }

  /// What a value in this unit is multiplied by to be in `unit`.
  /// - Throws: `RasterError.cannotConvert` between a rate, a displacement and a phase.
  public func factor(to unit: RasterUnit) throws -> Double {
    guard quantity == unit.quantity else {
      throw RasterError.cannotConvert(from: rawValue, to: unit)
    }
    return size / unit.size
  }

  /// The unit that `text` means, in the spellings that processors and people use
  /// (`mm/yr`, `mm/year`, `mm yr-1`, `m/a`, `centimetre`, `radian`); `nil` for any other text.
  public init?(parsing text: String) {
    let compact = text.lowercased().filter { !$0.isWhitespace && $0 != "[" && $0 != "]" }
    var length = compact
    var isRate = false
    for suffix in [
      "/years", "/year", "/yr", "/y", "/a", "peryear", "*yr^-1", "year-1", "year^-1", "yr-1",
      "yr^-1", "a-1", "a^-1",
    ] where compact.hasSuffix(suffix) {
      length = String(compact.dropLast(suffix.count))
      isRate = true
      break
    }
    switch length {
    case "m", "meter", "meters", "metre", "metres": self = isRate ? .metersPerYear : .meters
    case "cm", "centimeter", "centimeters", "centimetre", "centimetres":
      self = isRate ? .centimetersPerYear : .centimeters
    case "mm", "millimeter", "millimeters", "millimetre", "millimetres":
      self = isRate ? .millimetersPerYear : .millimeters
    case "rad", "radian", "radians":
      guard !isRate else { return nil }
      self = .radians
    default: return nil
    }
  }

  /// As `init(parsing:)`, for text that a user typed.
  /// - Throws: `RasterError.unknownUnit` with the list of units.
  public static func parse(_ text: String) throws -> RasterUnit {
    guard let unit = RasterUnit(parsing: text) else { throw RasterError.unknownUnit(text) }
    return unit
  }
}

extension Raster {
  /// The same field in another unit of the same kind; NaN stays NaN.
  /// - Throws: `RasterError.cannotConvert` when the unit is unknown or of another kind (a rate, a
  ///   displacement and a phase do not convert into each other without a time span or a wavelength).
  public func converted(to unit: RasterUnit) throws -> Raster {
    guard let own = self.unit else {
      throw RasterError.cannotConvert(from: "values without a unit", to: unit)
    }
    let factor = try own.factor(to: unit)
    var result = self
    result.unit = unit
    if factor != 1 {
      result.values = values.map { Float(Double($0) * factor) }
    }
    return result
  }
}
