import Foundation
import Simulators
import Testing

/// Outlines, and the sources that are drawn with them.
@Suite struct ShapesTests {
  let noise = SmoothNoise(seed: 5, wavelengthMeters: 800)
  let blocks = BlockNoise(seed: 6, blockLengthMeters: 150)

  func outline(
    radius: Double = 1000, elongation: Double = 1, azimuth: Double = 0,
    harmonics: [IrregularOutline.Harmonic] = []
  ) -> IrregularOutline {
    IrregularOutline(
      eastMeters: 0, northMeters: 0, meanRadiusMeters: radius, elongation: elongation,
      azimuthDegrees: azimuth, harmonics: harmonics)
  }

  // MARK: Aquifer

  func aquifer(_ outline: IrregularOutline, asymmetry: Double = 0, heterogeneity: Double = 0)
    throws -> AquiferPolygon
  {
    try AquiferPolygon(
      outline: outline, plateauUpCMPerYear: -8, rimMeters: 300, rimAsymmetry: asymmetry,
      gentleSideDegrees: 0, heterogeneity: heterogeneity, noise: noise)
  }

  @Test func anAquiferIsAPlateauWithARim() throws {
    let aquifer = try aquifer(outline())
    let up = { aquifer.rateCMPerYear(eastMeters: $0, northMeters: 0).z }
    #expect(up(0) == -8 && up(699) == -8)
    #expect(abs(up(850) + 4) < 1e-9, "half of it in the middle of the rim")
    #expect(up(1000) == 0 && up(5000) == 0)
  }

  @Test func anEllipseIsAsLongAsItsElongationSays() throws {
    let aquifer = try aquifer(outline(elongation: 4, azimuth: 90))
    #expect(aquifer.rateCMPerYear(eastMeters: 1990, northMeters: 0).z < 0)
    #expect(aquifer.rateCMPerYear(eastMeters: 2010, northMeters: 0).z == 0)
    #expect(aquifer.rateCMPerYear(eastMeters: 0, northMeters: 490).z < 0)
    #expect(aquifer.rateCMPerYear(eastMeters: 0, northMeters: 510).z == 0)
  }

  @Test func harmonicsBendTheOutline() throws {
    let bent = outline(harmonics: [.init(amplitude: 0.3, phaseRadians: 0)])
    let aquifer = try aquifer(bent)
    // cos(2 theta): out by 30 % along the azimuth, in by 30 % across it.
    #expect(aquifer.rateCMPerYear(eastMeters: 0, northMeters: 1290).z < 0)
    #expect(aquifer.rateCMPerYear(eastMeters: 690, northMeters: 0).z < 0)
    #expect(aquifer.rateCMPerYear(eastMeters: 710, northMeters: 0).z == 0)
  }

  @Test func theSharpSideIsSharper() throws {
    let aquifer = try aquifer(outline(), asymmetry: 0.9)
    let gentle = aquifer.rateCMPerYear(eastMeters: 0, northMeters: 950).z
    let sharp = aquifer.rateCMPerYear(eastMeters: 0, northMeters: -950).z
    #expect(sharp == -8, "the whole rate within 50 m of the sharp margin")
    #expect(gentle > -1)
  }

  // MARK: Landslide

  @Test func aLandslideMovesDownItsSlope() throws {
    let slide = try LandslidePatch(
      outline: outline(azimuth: 90), slideCMPerYear: 10, slopeDegrees: 30, edgeMeters: 50,
      blocks: blocks)
    let rate = slide.rateCMPerYear(eastMeters: 0, northMeters: 0)
    #expect(abs(rate.x - 10 * 0.8660254038) < 1e-9, "east, where the slope faces")
    #expect(abs(rate.y) < 1e-9)
    #expect(abs(rate.z + 5) < 1e-9, "and down")
    #expect(slide.rateCMPerYear(eastMeters: 1001, northMeters: 0) == .zero)
    let speed = { (east: Double) in
      let rate = slide.rateCMPerYear(eastMeters: east, northMeters: 0)
      return (rate * rate).sum().squareRoot()
    }
    #expect(abs(speed(949) - 10) < 1e-9 && speed(999) < 0.1, "the margin is 50 m wide")
  }

  @Test func theToeMovesFasterAndBlocksDiffer() throws {
    let even = try LandslidePatch(
      outline: outline(), slideCMPerYear: 10, slopeDegrees: 0, edgeMeters: 50, toeGain: 0.5,
      blocks: blocks)
    let toe = even.rateCMPerYear(eastMeters: 0, northMeters: 800).y
    let crown = even.rateCMPerYear(eastMeters: 0, northMeters: -800).y
    #expect(abs(toe / crown - 1.4 / 0.6) < 1e-9)

    let blocky = try LandslidePatch(
      outline: outline(), slideCMPerYear: 10, slopeDegrees: 0, edgeMeters: 50, blockContrast: 0.5,
      blocks: blocks)
    let rates = stride(from: -700.0, to: 700, by: 10).map {
      blocky.rateCMPerYear(eastMeters: $0, northMeters: 0).y
    }
    #expect(rates.min()! >= 5 && rates.max()! <= 10)
    // Steps between blocks of one rate each, not a slope.
    #expect((4...60).contains(Set(rates).count))
  }

  // MARK: Line

  @Test func aLineSettlesAlongItselfOnly() throws {
    let line = try LinearStructure(
      points: [
        .init(eastMeters: 0, northMeters: 0), .init(eastMeters: 1000, northMeters: 0),
        .init(eastMeters: 1000, northMeters: 1000),
      ], peakUpCMPerYear: -5, sigmaMeters: 40, stretches: noise, stretchBias: 10)
    let up = { line.rateCMPerYear(eastMeters: $0, northMeters: $1).z }
    #expect(up(500, 0) == -5 && up(1000, 700) == -5)
    #expect(abs(up(500, 40) + 5 * exp(-0.5)) < 1e-9)
    #expect(up(500, 500) == 0)
    #expect(abs(up(-40, 0) + 5 * exp(-0.5)) < 1e-9, "round at its end")
  }

  // MARK: Noise and warp

  @Test func smoothNoiseIsSmoothAndCentered() {
    var sum = 0.0
    var squares = 0.0
    var steepest = 0.0
    for index in 0..<4000 {
      let (east, north) = (Double(index) * 97.3, Double(index % 61) * 211.7)
      let value = noise.value(eastMeters: east, northMeters: north)
      sum += value
      squares += value * value
      let beside = noise.value(eastMeters: east + 1, northMeters: north)
      steepest = max(steepest, abs(beside - value))
    }
    #expect(abs(sum / 4000) < 0.05)
    #expect((0.3...0.7).contains((squares / 4000).squareRoot()))
    #expect(steepest < 0.05, "no jump within a metre at 800 m wavelength")
  }

  @Test func noiseDependsOnItsSeed() {
    let other = SmoothNoise(seed: 7, wavelengthMeters: 800)
    #expect(
      other.value(eastMeters: 130, northMeters: 77)
        != noise.value(eastMeters: 130, northMeters: 77))
  }

  @Test func aWarpOfNothingChangesNothing() throws {
    let aquifer = try aquifer(outline(), heterogeneity: 0.4)
    let still = DomainWarp(amplitudeMeters: 0, wavelengthMeters: 500, seed: 1)
    let moved = DomainWarp(amplitudeMeters: 150, wavelengthMeters: 500, seed: 1)
    let same = try aquifer.warped(still)
    let bent = try aquifer.warped(moved)
    var differences = 0
    for index in 0..<100 {
      let (east, north) = (Double(index * 20 - 1000), Double(index * 13 - 600))
      let rate = aquifer.rateCMPerYear(eastMeters: east, northMeters: north)
      #expect(same.rateCMPerYear(eastMeters: east, northMeters: north) == rate)
      if bent.rateCMPerYear(eastMeters: east, northMeters: north) != rate { differences += 1 }
    }
    #expect(differences > 50)
  }

  // MARK: Faults

  @Test func shapesOutOfRangeAreErrors() throws {
    #expect(throws: SimulatorError.self) { try aquifer(outline(radius: 0)) }
    #expect(throws: SimulatorError.self) { try aquifer(outline(elongation: 0.5)) }
    #expect(throws: SimulatorError.self, "an outline that crosses its center") {
      try aquifer(outline(harmonics: [.init(amplitude: 1.2, phaseRadians: 0)]))
    }
    #expect(throws: SimulatorError.self) { try aquifer(outline(), asymmetry: 1) }
    #expect(throws: SimulatorError.self) {
      try LandslidePatch(
        outline: outline(), slideCMPerYear: 1, slopeDegrees: 90, edgeMeters: 1, blocks: blocks)
    }
    #expect(throws: SimulatorError.self) {
      try LandslidePatch(
        outline: outline(), slideCMPerYear: 1, slopeDegrees: 10, edgeMeters: 0, blocks: blocks)
    }
    #expect(throws: SimulatorError.self) {
      try LinearStructure(
        points: [.init(eastMeters: 0, northMeters: 0)], peakUpCMPerYear: 1, sigmaMeters: 1,
        stretches: noise)
    }
    #expect(throws: SimulatorError.self) {
      try aquifer(outline()).warped(
        DomainWarp(amplitudeMeters: -1, wavelengthMeters: 100, seed: 0))
    }
    #expect(throws: SimulatorError.self) {
      try aquifer(outline()).warped(DomainWarp(amplitudeMeters: 1, wavelengthMeters: 0, seed: 0))
    }
  }
}
