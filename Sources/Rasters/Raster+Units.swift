extension RasterUnit {
  /// What a unit measures; values are converted only within one kind.
  public enum Kind: String, Sendable, Codable {
    case rate, displacement, phase, number
  }

  public var kind: Kind {
    switch self {
    case .metersPerYear, .centimetersPerYear, .millimetersPerYear: .rate
    case .meters, .centimeters, .millimeters: .displacement
    case .radians: .phase
    case .one: .number
    }
  }

  /// The unit in mm (or mm/yr, rad, 1); exact in a Double.
  private var size: Double {
    switch self {
    case .metersPerYear, .meters: 1000
    case .centimetersPerYear, .centimeters: 10
    case .millimetersPerYear, .millimeters, .radians, .one: 1
    }
  }

  /// The factor that converts values from this unit to `unit`.
  /// - Throws: `RasterError.cannotConvert` between a rate, a displacement, a phase and a number.
  public func factor(to unit: RasterUnit) throws -> Double {
    guard kind == unit.kind else {
      throw RasterError.cannotConvert(from: rawValue, to: unit)
    }
    return size / unit.size
  }
}

extension Raster {
  /// The same field in another unit of the same kind; NaN stays NaN.
  /// - Throws: `RasterError.cannotConvert` if the unit is unknown or of another kind (converting
  ///   between a rate, a displacement and a phase would need a time span or a wavelength).
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
