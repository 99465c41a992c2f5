import Foundation
import PhaseTestSupport
import Testing

@testable import InSARPhase
@testable import Kernel

@Suite struct RandomFieldTests {
  /// Slope of the mean spectrum of `count` fields between two wavelengths in m.
  static func slope(
    _ spectrum: TurbulenceSpectrum, size: Int, pixel: Double, count: Int,
    from longest: Double, to shortest: Double
  ) throws -> Double {
    let field = try RandomField(
      width: size, height: size, pixelSizeMeters: pixel, spectrum: spectrum)
    let extent = Double(size) * pixel
    var power = try RadialPower(size: size, wavenumbers: extent / longest...extent / shortest)
    for index in 0..<count {
      try power.add(field.field(CounterRandom(11, .testInput, UInt64(index))))
    }
    return power.slope
  }

  @Test(arguments: [1.5, 8.0 / 3, 11.0 / 3]) func theFittedSlopeIsTheOneAskedFor(slope: Double)
    throws
  {
    let spectrum = TurbulenceSpectrum(slopes2D: [slope], outerScaleMeters: 1e6)
    let fitted = try Self.slope(
      spectrum, size: 256, pixel: 100, count: 12, from: 3200, to: 320)
    #expect(abs(fitted - slope) < 0.1)
  }

  @Test func hanssensRegimesHaveTheirSlopes() throws {
    // 40 m pixels see the first and second regime, 8 m pixels the third.
    func fitted(_ size: Int, _ pixel: Double, _ count: Int, _ longest: Double, _ shortest: Double)
      throws -> Double
    {
      try Self.slope(
        .hanssen, size: size, pixel: pixel, count: count, from: longest, to: shortest)
    }
    #expect(abs(try fitted(512, 40, 24, 8000, 2000) - 8 / 3.0) < 0.25)
    #expect(abs(try fitted(512, 40, 24, 1100, 320) - 11 / 3.0) < 0.1)
    #expect(abs(try fitted(512, 8, 8, 190, 25) - 5 / 3.0) < 0.1)
  }

  @Test func theConventionOfAProfileIsOneLess() {
    #expect(
      TurbulenceSpectrum(slope1D: 1.5, outerScaleMeters: 1e4)
        == TurbulenceSpectrum(slopes2D: [2.5], outerScaleMeters: 1e4))
  }

  @Test func theDeviationIsOneOverManyFields() throws {
    // An outer scale far below the grid's size: one field holds many independent patches.
    let spectrum = TurbulenceSpectrum(slopes2D: [4], outerScaleMeters: 300)
    for (width, height) in [(200, 120), (64, 250)] {
      let field = try RandomField(
        width: width, height: height, pixelSizeMeters: 30, spectrum: spectrum)
      let values = try (0..<6).flatMap { try field.field(CounterRandom(3, .testInput, UInt64($0))) }
      #expect(values.count == 6 * width * height)
      let squares = values.reduce(0.0) { $0 + Double($1 * $1) } / Double(values.count)
      #expect(abs(squares.squareRoot() - 1) < 0.06, "\(width) x \(height)")
    }
  }

  @Test func anisotropicFieldsAreLongInTheirDirection() throws {
    func correlation(_ values: [Float], _ width: Int, _ rows: Int, _ columns: Int) -> Double {
      var sum = 0.0
      let height = values.count / width
      for row in 8..<height - 8 {
        for column in 8..<width - 8 {
          sum +=
            Double(values[row * width + column])
            * Double(values[(row + rows) * width + column + columns])
        }
      }
      return sum
    }
    var spectrum = TurbulenceSpectrum(slopes2D: [3], outerScaleMeters: 600)
    spectrum.anisotropyRatio = 4
    // Clockwise from north: 0 is along columns, 90 along rows, 45 to the north-east (row falls).
    for (degrees, along, across) in [
      (0.0, (6, 0), (0, 6)), (90.0, (0, 6), (6, 0)), (45.0, (-5, 5), (5, 5)),
    ] {
      spectrum.elongationDegrees = degrees
      let field = try RandomField(width: 256, height: 256, pixelSizeMeters: 30, spectrum: spectrum)
      let values = try field.field(CounterRandom(9, .testInput))
      let (near, far) = (
        correlation(values, 256, along.0, along.1), correlation(values, 256, across.0, across.1)
      )
      #expect(near > 1.3 * far, "\(degrees) degrees: \(near) along, \(far) across")
    }
  }

  @Test func oddAndTinyGridsWork() throws {
    let spectrum = TurbulenceSpectrum(slopes2D: [3], outerScaleMeters: 100)
    for (width, height) in [(1, 1), (3, 1), (7, 11)] {
      let values = try RandomField(
        width: width, height: height, pixelSizeMeters: 10, spectrum: spectrum
      ).field(CounterRandom(1, .testInput))
      #expect(values.count == width * height)
      #expect(values.allSatisfy { $0.isFinite })
    }
    #expect(RandomField.fastLength(7) == 8)
    #expect(RandomField.fastLength(257) == 270)
  }

  @Test func faultySpectraAreErrors() {
    var model = PhaseModel()
    model.turbulence.spectrum = TurbulenceSpectrum(
      slopes2D: [3, .nan], cornerWavelengthsMeters: [100, 200], outerScaleMeters: 0)
    model.turbulence.spectrum.anisotropyRatio = 0.5
    model.turbulence.rmsDifferenceMeters = -1
    model.turbulence.dateLogDeviation = -1
    let error = #expect(throws: InSARPhaseError.self) { try model.validate() }
    guard case .settings(let faults)? = error else { return }
    #expect(faults.count == 7, "\(faults)")
  }
}
