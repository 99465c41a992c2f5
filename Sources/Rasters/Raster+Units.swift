extension RasterUnit {
  /// The kind of quantity that a unit measures; values are converted only within one kind.
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

  /// The unit in mm (or mm/yr, or rad); exact in a Double.
  private var size: Double {
    switch self {
    case .metersPerYear, .meters: 1000
    case .centimetersPerYear, .centimeters: 10
    case .millimetersPerYear, .millimeters, .radians: 1
    }
  }

  /// The factor that converts values from this unit to `unit`.
  /// - Throws: `RasterError.cannotConvert` between a rate, a displacement and a phase.
  public func factor(to unit: RasterUnit) throws -> Double {
    guard quantity == unit.quantity else {
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
