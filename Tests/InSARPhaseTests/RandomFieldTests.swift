import Foundation
import Testing
import TorchCore

@testable import InSARPhase
@testable import Kernel

@Suite struct RandomFieldTests {
  /// Mean power of `count` fields by wavenumber: rings of a periodogram, after a Hann window.
  static func spectrum(
    _ spectrum: TurbulenceSpectrum, size: Int, pixel: Double, count: Int
  ) throws -> (k: [Double], power: [Double]) {
    let field = try RandomField(
      width: size, height: size, pixelSizeMeters: pixel, spectrum: spectrum)
    let fields = try Tensor(
      (0..<count).flatMap { try field.field(CounterRandom(11, .testInput, UInt64($0))) },
      shape: [count, size, size])
    let window = (0..<size).map { 0.5 - 0.5 * cos(2 * .pi * (Double($0) + 0.5) / Double(size)) }
    let plane = window.flatMap { row in window.map { Float(row * $0) } }
    let centred = try fields - fields.mean([1, 2], keepDims: true)
    let transform = try (centred * Tensor(plane, shape: [1, size, size])).rfft2()
    let power = try (transform.real().square() + transform.imaginary().square()).mean([0]).floats()
    let columns = size / 2 + 1
    var sums = [Double](repeating: 0, count: size / 2)
    var counts = sums
    for row in 0..<size {
      let ky = Double(min(row, size - row))
      for column in 0..<columns {
        let ring = Int((ky * ky + Double(column * column)).squareRoot().rounded())
        guard (1..<size / 2).contains(ring) else { continue }
        sums[ring] += Double(power[row * columns + column])
        counts[ring] += 1
      }
    }
    let rings = 1..<size / 2
    return (
      rings.map { Double($0) / (Double(size) * pixel) }, rings.map { sums[$0] / counts[$0] }
    )
  }

  static func slope(_ k: [Double], _ power: [Double], between: ClosedRange<Double>) -> Double {
    let points = zip(k, power).filter { between.contains($0.0) }.map { (log($0.0), log($0.1)) }
    let n = Double(points.count)
    let (mx, my) = (points.reduce(0) { $0 + $1.0 } / n, points.reduce(0) { $0 + $1.1 } / n)
    let xy = points.reduce(0) { $0 + ($1.0 - mx) * ($1.1 - my) }
    let xx = points.reduce(0) { $0 + ($1.0 - mx) * ($1.0 - mx) }
    return -xy / xx
  }

  @Test(arguments: [1.5, 8.0 / 3, 11.0 / 3]) func theFittedSlopeIsTheOneAskedFor(slope: Double)
    throws
  {
    let spectrum = TurbulenceSpectrum(slopes2D: [slope], outerScaleMeters: 1e6)
    let (k, power) = try Self.spectrum(spectrum, size: 256, pixel: 100, count: 12)
    let range = 8 / 25_600.0...80 / 25_600.0
    #expect(abs(Self.slope(k, power, between: range) - slope) < 0.1)
  }

  @Test func hanssensRegimesHaveTheirSlopes() throws {
    // 40 m pixels see the first and second regime, 8 m pixels the third.
    let wide = try Self.spectrum(.hanssen, size: 512, pixel: 40, count: 24)
    #expect(abs(Self.slope(wide.k, wide.power, between: 1 / 8000.0...1 / 2000.0) - 8 / 3.0) < 0.25)
    #expect(abs(Self.slope(wide.k, wide.power, between: 1 / 1100.0...1 / 320.0) - 11 / 3.0) < 0.1)
    let near = try Self.spectrum(.hanssen, size: 512, pixel: 8, count: 8)
    #expect(abs(Self.slope(near.k, near.power, between: 1 / 190.0...1 / 25.0) - 5 / 3.0) < 0.1)
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
    let error = #expect(throws: InSARPhaseError.self) { try model.validate() }
    guard case .settings(let faults)? = error else { return }
    #expect(faults.count == 5, "\(faults)")
  }
}
