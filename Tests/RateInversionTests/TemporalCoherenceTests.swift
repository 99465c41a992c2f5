import Foundation
import Kernel
import Testing

@testable import RateInversion

@Suite struct TemporalCoherenceTests {
  @Test func unitPhasorsAreCosineAndSine() {
    var random = CounterRandom(5, .testInput)
    let phases =
      (0..<20_000).map { _ in Float(random.uniform(-40...40)) }
      + (-16...16).map { Float($0) * .pi / 2 } + [0, -0.0, 1e-20]
    for phase in phases {
      let (cosine, sine) = unitPhasor(phase)
      // A phase of 40 rad is itself known to 2e-6.
      #expect(abs(Double(cosine) - cos(Double(phase))) < 4e-6)
      #expect(abs(Double(sine) - sin(Double(phase))) < 4e-6)
    }
  }

  @Test(arguments: [true, false])
  func itIsTheMeanPhasorOfTheResiduals(withDEMError: Bool) throws {
    let network = try LinearRateInversionTests.network()
    let (rates, heights) = LinearRateInversionTests.truth(3000)
    var planes = LinearRateInversionTests.planes(network, rates: rates, heights: heights)
    var random = CounterRandom(9, .testInput)
    for index in planes.indices {
      for pixel in rates.indices { planes[index][pixel] += Float(0.6 * random.normal()) }
    }
    planes[2][7] = .nan
    for index in planes.indices { planes[index][2500] = .infinity }
    let reference = planes.indices.map { Float($0) / 10 }
    var settings = InversionSettings()
    settings.estimatesHeightError = withDEMError
    let radar = LinearRateInversionTests.radar
    let inversion = try LinearRateInversion(network: network, radar: radar, settings: settings)
    let estimate = try inversion.invert(unwrappedRadians: planes, referenceRadians: reference)
    let found = try inversion.temporalCoherence(
      of: estimate, unwrappedRadians: planes, referenceRadians: reference)

    let design = DesignMatrix(network, radar)
    #expect(found.count == rates.count)
    #expect(found[2500].isNaN)
    for pixel in [0, 7, 1999, 2047, 2048, 2999] {
      var (real, imaginary, count) = (0.0, 0.0, 0.0)
      for index in planes.indices where planes[index][pixel].isFinite {
        let height = withDEMError ? Double(estimate.demErrorMeters[pixel]) : 0
        let residual =
          Double(planes[index][pixel] - reference[index])
          - design.radiansPerCMPerYear[index] * Double(estimate.rateCMPerYear[pixel])
          - design.radiansPerMeter[index] * height
        real += cos(residual)
        imaginary += sin(residual)
        count += 1
      }
      #expect(abs(Double(found[pixel]) - hypot(real, imaginary) / count) < 1e-4)
    }
    #expect(throws: InversionError.self) {
      try inversion.temporalCoherence(
        of: estimate, unwrappedRadians: planes.map { Array($0.dropLast()) })
    }
  }
}
