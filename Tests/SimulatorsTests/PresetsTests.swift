import Foundation
import InSARPhase
import Kernel
import Rasters
import Testing

@testable import Jobs
@testable import Simulators

@Suite struct PresetsTests {
  let grid: SceneGrid

  init() throws { grid = try SceneGrid(width: 64, height: 48, pixelSizeMeters: 400) }

  /// Every preset: finite, of the grid's shape, a function of seed and index, with unlike samples.
  @Test(arguments: ScenePreset.all.filter { !$0.needsTrainingImages }.map(\.name))
  func samplesAreFunctionsOfSeedAndIndex(
    name: String
  ) throws {
    let preset = try ScenePreset.named(name)
    var seen: [[Float]] = []
    for index in 0..<12 {
      let sample = try preset.sample(grid: grid, seed: 3, index: index)
      #expect(sample.isFinite)
      #expect(sample.rateCMPerYear.count == grid.count)
      for layer in sample.layers { #expect(layer.values.count == grid.count) }
      #expect(!seen.contains(sample.rateCMPerYear))
      seen.append(sample.rateCMPerYear)
    }
    let again = try preset.sample(grid: grid, seed: 3, index: 11)
    #expect(again.rateCMPerYear == seen[11])
    let other = try preset.sample(grid: grid, seed: 4, index: 11)
    #expect(other.rateCMPerYear != seen[11])
  }

  /// Sizes that are neither even nor a multiple of anything, down to one pixel.
  @Test(arguments: ScenePreset.all.filter { !$0.needsTrainingImages }.map(\.name))
  func oddSizesWork(name: String) throws {
    for (width, height) in [(1, 1), (2, 3), (17, 9)] {
      let grid = try SceneGrid(width: width, height: height, pixelSizeMeters: 500)
      for index in 0..<6 {
        let sample = try ScenePreset.named(name).sample(grid: grid, seed: 1, index: index)
        #expect(sample.isFinite && sample.rateCMPerYear.count == width * height)
      }
    }
  }

  /// Running sums of still ground fall below 0 by rounding; a power of that is no number.
  @Test func stillGroundLeavesNoiseFinite() throws {
    let grid = try SceneGrid(width: 256, height: 256, pixelSizeMeters: 30)
    for index in 8..<16 {
      #expect(try ScenePreset.wu.sample(grid: grid, seed: 1, index: index).isFinite, "\(index)")
    }
  }

  @Test func physicalPresetsHaveComponentsThatMakeTheRate() throws {
    for name in ["anantrasirichai", "brengman-barnhart", "rouet-leduc"] {
      let preset = try ScenePreset.named(name)
      let sample = try preset.sample(grid: grid, seed: 2, index: 1)
      #expect(sample.componentLayers.map(\.name) == ["east", "north", "up"])
      let record = try #require(
        try JSONSerialization.jsonObject(with: JSONEncoder().encode(SampleNumbers(sample)))
          as? [String: Any])
      let angles = try #require(record["lineOfSight"] as? [String: Any])
      let lineOfSight = try LineOfSight(
        incidenceDegrees: try #require(angles["incidenceDegrees"] as? Double),
        headingDegrees: try #require(angles["headingDegrees"] as? Double))
      let components = try #require(sample.components)
      for pixel in stride(from: 0, to: grid.count, by: 97) {
        let enu = SIMD3(
          Double(components.eastCMPerYear[pixel]), Double(components.northCMPerYear[pixel]),
          Double(components.upCMPerYear[pixel]))
        #expect(
          abs(lineOfSight.project(enu) - Double(sample.rateCMPerYear[pixel]))
            < 1e-4 * (1 + largest(enu)))
      }
    }
    #expect(try ScenePreset.sun.sample(grid: grid, seed: 1, index: 0).componentLayers == [])
  }

  /// A phase falls where the ground comes nearer: 1 turn is half a wavelength.
  @Test func phasesAreReadAsRates() {
    let reading = PhaseReading(.sentinel1)
    let rate = reading.rateCMPerYear(radians: [2 * .pi, -2 * .pi])
    #expect(abs(rate[0] + 2.77329) < 1e-4 && abs(rate[1] - 2.77329) < 1e-4)
    let back = reading.radians(rateCMPerYear: rate)
    #expect(abs(back[0] - 2 * .pi) < 1e-5)
    let shorter = PhaseReading(.sentinel1, intervalDays: DeformationPhase.daysPerYear / 2)
    #expect(abs(shorter.rateCMPerYear(radians: [2 * .pi])[0] + 5.54658) < 1e-4)
  }

  @Test func anantrasirichaiPhasesStayInTheirRange() throws {
    let settings = AnantrasirichaiSettings()
    #expect(settings.scale(spanRadians: 10) == 1.8)
    #expect(settings.scale(spanRadians: 20) == 1)
    #expect(settings.scale(spanRadians: 100) == 0.4)
    #expect(settings.scale(spanRadians: 0) == 1)
    let wide = try SceneGrid(width: 96, height: 96, pixelSizeMeters: 236)
    for index in 0..<10 {
      let sample = try ScenePreset.anantrasirichai.sample(grid: wide, seed: 1, index: index)
      let span = sample.rateCMPerYear.span / 100 / 0.028333 * 2 * .pi
      #expect(span > 14.9 && span < 50.1)
      let parts = ["turbulence", "stratified", "phase"].map { name in
        sample.layers.first { $0.name == name }!.values
      }
      for pixel in stride(from: 0, to: wide.count, by: 501) {
        let deformation = -Double(sample.rateCMPerYear[pixel]) / 100 / 0.028333 * 2 * .pi
        let sum = deformation + Double(parts[0][pixel]) + Double(parts[1][pixel])
        #expect(abs(sum - Double(parts[2][pixel])) < 1e-3)
      }
    }
  }

  /// The closed form against what two noisy images give.
  @Test func coherenceInClosedFormIsThatOfNoisyImages() {
    var random = CounterRandom(8, .testInput)
    for (amplitude, sigma) in [(1.0, 0.5), (0.3, 0.4), (0.1, 0.8)] {
      var product = SIMD2<Double>.zero
      var power = SIMD2<Double>.zero
      for _ in 0..<200_000 {
        let a = SIMD2(amplitude + sigma * random.normal(), sigma * random.normal())
        let b = SIMD2(amplitude + sigma * random.normal(), sigma * random.normal())
        product += SIMD2(a.x * b.x + a.y * b.y, a.y * b.x - a.x * b.y)
        power += SIMD2((a * a).sum(), (b * b).sum())
      }
      let measured =
        (product * product).sum().squareRoot() / (power.x * power.y).squareRoot()
      let closed = deepInSARCoherence(amplitude: Float(amplitude), sigma: Float(sigma))
      #expect(abs(measured - Double(closed)) < 0.006)
    }
  }

  @Test func theSeriesGrowsToTheRate() throws {
    let sample = try ScenePreset.rouetLeduc.sample(grid: grid, seed: 6, index: 2)
    let first = try #require(sample.layers.first { $0.name == "displacement-00" })
    let last = try #require(sample.layers.first { $0.name == "displacement-08" })
    #expect(first.values.allSatisfy { $0 == 0 })
    let years = Float(8 * 12 / 365.25)
    for pixel in stride(from: 0, to: grid.count, by: 41) {
      #expect(
        abs(last.values[pixel] - sample.rateCMPerYear[pixel] * years)
          < 1e-4 * (1 + abs(last.values[pixel])))
    }
  }

  @Test func wuWithADEMCarriesItsShape() throws {
    var heights = [Float](repeating: 0, count: grid.count)
    for pixel in heights.indices { heights[pixel] = Float(pixel % grid.width) }
    let raster = Raster(width: grid.width, height: grid.height, values: heights, unit: .meters)
    let sample = try ScenePreset.wuDEM.sample(
      grid: grid, seed: 1, index: 0, inputs: SceneInputs(terrain: .raster(raster, name: "ramp.tif"))
    )
    let text = String(decoding: try JSONEncoder().encode(SampleNumbers(sample)), as: UTF8.self)
    #expect(text.contains("\"name\":\"ramp.tif\"") && text.contains("terrainRadians"))
    let coherence = try #require(sample.layers.first { $0.name == "coherence" })
    #expect(coherence.values.allSatisfy { $0 > 0 && $0 <= 1 })
  }

  @Test func aDEMThatDoesNotCoverOrHasHolesIsAnError() throws {
    let small = Raster(width: 10, height: 10, values: [Float](repeating: 1, count: 100))
    let holed = Raster(
      width: 64, height: 48, values: [Float](repeating: .nan, count: 64 * 48), unit: .meters)
    for raster in [small, holed] {
      do {
        _ = try ScenePreset.wuDEM.sample(
          grid: grid, seed: 1, index: 0,
          inputs: SceneInputs(terrain: .raster(raster, name: "dem.tif")))
        Issue.record("heights that do not serve were used")
      } catch let error as SimulatorError {
        #expect("\(error)".contains("dem.tif"))
      }
    }
  }
}
