import Foundation
import Testing

@testable import Rasters

@Suite struct QuantityTests {
  private static let bounded = Quantity.allCases.filter(\.isBounded)

  @Test func theTableIsWhatTheDocumentsSay() {
    #expect(
      Quantity.allCases.map(\.rawValue)
        == ["rate", "atmosphere", "height", "coherence", "phase-std"])
    #expect(Quantity.allCases.map(\.unit.rawValue) == ["cm/yr", "cm", "m", "1", "rad"])
    #expect(Self.bounded == [.coherence, .phaseDeviation])
    #expect(Quantity.coherence.range == 0...1)
    #expect(Quantity.phaseDeviation.range.lowerBound == 0)
    // Manifests of rates keep the sentence that they always had.
    #expect(Quantity.rate.signConvention == "line of sight, positive toward the satellite")
    #expect(Quantity.rate.transform == .identity)
    for quantity in Quantity.allCases {
      #expect(RasterUnit(parsing: quantity.unit.rawValue) == quantity.unit)
    }
  }

  private static func values(of quantity: Quantity) -> [Double] {
    let top = min(Double(quantity.range.upperBound), 20)
    return [0, 1e-7, 1e-4, 0.01, 0.5, 0.99, 0.9999, 1].map { $0 * top }
  }

  @Test(arguments: bounded) func transformsReturnWhatTheyGot(quantity: Quantity) {
    for value in Self.values(of: quantity) {
      let number = quantity.transform.forward(value)
      #expect(number.isFinite)
      #expect(abs(quantity.transform.inverse(number) - value) <= 1e-12 * max(1, value))
    }
  }

  @Test(arguments: bounded) func transformsRise(quantity: Quantity) {
    let numbers = Self.values(of: quantity).map(quantity.transform.forward)
    #expect(zip(numbers, numbers.dropFirst()).allSatisfy { $0 < $1 })
  }

  @Test(arguments: bounded) func noNumberLeavesTheRange(quantity: Quantity) {
    let range = Double(quantity.range.lowerBound)...Double(quantity.range.upperBound)
    for exponent in stride(from: -6.0, through: 6, by: 0.25) {
      for sign in [-1.0, 1] {
        let value = quantity.transform.inverse(sign * pow(10, exponent))
        #expect(range.contains(value), "\(quantity) gives \(value)")
      }
    }
  }

  /// Numbers beyond that of an end are the end itself: measured ends are reproduced.
  @Test func endsAreCensored() {
    let coherence = Quantity.coherence.transform
    #expect(coherence.inverse(coherence.forward(0) - 3) == 0)
    #expect(coherence.inverse(coherence.forward(1) + 3) == 1)
    let deviation = Quantity.phaseDeviation.transform
    #expect(deviation.inverse(deviation.forward(0) - 3) == 0)
    // Linear for large values, so that a slightly too large number does not grow exponentially.
    #expect(abs(deviation.forward(5) - 5) < 0.01)
  }

  @Test func unitsAndSigns() throws {
    #expect(try Quantity.rate.factor(from: .metersPerYear, wavelengthMeters: nil) == 100)
    #expect(try Quantity.atmosphere.factor(from: .meters, wavelengthMeters: nil) == 100)
    #expect(try Quantity.coherence.factor(from: nil, wavelengthMeters: nil) == 1)
    // Half a wavelength of delay is a cycle.
    let delay = try Quantity.atmosphere.factor(from: .radians, wavelengthMeters: 0.056)
    #expect(abs(delay * 2 * Double.pi - 2.8) < 1e-12)
    let phase = try Quantity.phaseDeviation.factor(
      from: .centimetersPerYear, wavelengthMeters: 0.056)
    #expect(abs(phase * 2.8 - 2 * Double.pi) < 1e-12)
    #expect(throws: Quantity.UnitProblem.needsWavelength(.radians)) {
      try Quantity.atmosphere.factor(from: .radians, wavelengthMeters: nil)
    }
    #expect(throws: Quantity.UnitProblem.other(.centimetersPerYear)) {
      try Quantity.coherence.factor(from: .centimetersPerYear, wavelengthMeters: 0.05)
    }
    #expect(throws: Quantity.UnitProblem.unknown) {
      try Quantity.height.factor(from: nil, wavelengthMeters: nil)
    }
    // A longer delay looks like motion away.
    #expect(Quantity.atmosphere.signFactor(.towardSatellite) == -1)
    #expect(Quantity.atmosphere.signFactor(.awayFromSatellite) == 1)
    #expect(Quantity.atmosphere.signFactor(nil) == 1)
    #expect(Quantity.rate.signFactor(.awayFromSatellite) == -1)
    #expect(Quantity.height.signFactor(.awayFromSatellite) == 1)
  }
}
