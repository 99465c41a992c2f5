import DurableFiles
import Foundation
import InSARPhase
import Kernel
import RasterIO
import Rasters
import TestSupport
import Testing

@testable import Jobs
@testable import StackFiles

/// Measured or learned delays in the place of drawn turbulence.
struct AtmosphereMapsTests {
  private static let side = 40

  /// Maps with a unit in a manifest beside them.
  private func maps(
    _ fixture: StackFixture, unit: String, named name: String = "delays", count: Int = 5,
    quantity: String? = nil, amplitude: Float = 0.01
  ) throws -> String {
    let path = fixture.folder.file(name)
    try FileManager.default.createDirectory(
      atPath: path, withIntermediateDirectories: true)
    for index in 0..<count {
      var random = CounterRandom(7, .testInput, UInt64(index))
      let values = (0..<Self.side * Self.side).map { _ in amplitude * Float(random.normal()) }
      try NpyArray(shape: [Self.side, Self.side], values: values)
        .write(to: "\(path)/map\(index).npy")
    }
    let stated = quantity.map { ", \"quantity\": \"\($0)\"" } ?? ""
    try "{\"unit\": \"\(unit)\"\(stated)}".write(
      toFile: "\(path)/manifest.json", atomically: true, encoding: .utf8)
    return path
  }

  private func configuration() -> ComposeConfiguration {
    var configuration = StackFixture.configuration()
    configuration.network.count = 5
    configuration.model.components = [.deformation, .turbulence]
    return configuration
  }

  private func compose(
    _ fixture: StackFixture, _ configuration: ComposeConfiguration, _ atmosphere: String,
    to name: String = "stack"
  ) throws -> StackManifest {
    var rasters = StackComposition.Rasters()
    rasters.atmosphere = atmosphere
    try fixture.composition(configuration, rasters: rasters).run(
      output: fixture.folder.file(name))
    return try StackSource.readManifest(fixture.folder.file(name))
  }

  private func crop(_ origin: DateOrigin, _ folder: String) throws -> [Float] {
    let values = try NpyArray.read("\(folder)/\(try #require(origin.origin.file))").values
    let (row, column) = (
      try #require(origin.origin.row), try #require(origin.origin.column)
    )
    return (0..<StackFixture.height).flatMap { y in
      (0..<StackFixture.width).map { values[(row + y) * Self.side + column + $0] }
    }
  }

  @Test(arguments: ["m", "mm", "rad"]) func pairsHaveTheDifferenceOfTheirDates(unit: String) throws
  {
    let fixture = try StackFixture()
    let folder = try maps(fixture, unit: unit)
    let settings = configuration()
    let manifest = try compose(fixture, settings, folder)
    let origins = try #require(manifest.atmosphere)
    #expect(origins.count == 5)
    let factor: Float =
      switch unit {
      case "rad": 1
      case "mm": Float(4 * Double.pi / settings.sensor.wavelengthMeters / 1000)
      default: Float(4 * Double.pi / settings.sensor.wavelengthMeters)
      }
    for pair in manifest.pairs {
      let found = try NpyArray.read(
        fixture.folder.file("stack/\(pair.name)/turbulence.npy")
      ).values
      let dates = try [pair.referenceDate, pair.secondaryDate].map { date in
        try crop(try #require(origins.first { $0.date == date }), folder)
      }
      for pixel in found.indices where found[pixel].isFinite {
        let expected = (dates[1][pixel] - dates[0][pixel]) * factor
        #expect(abs(found[pixel] - expected) < 1e-4)
      }
    }
    // The same settings again keep the stack; another seed takes other maps.
    _ = try compose(fixture, settings, folder)
    var other = settings
    other.seed = 6
    #expect(try compose(fixture, other, folder, to: "other").atmosphere != origins)
  }

  @Test func theAmplitudeIsKeptOrThatOfTheSettings() throws {
    let fixture = try StackFixture()
    let folder = try maps(fixture, unit: "cm", amplitude: 1)
    var settings = configuration()
    settings.model.turbulence.rmsDifferenceMeters = 0.001
    settings.model.turbulence.dateLogDeviation = 0
    settings.model.turbulence.seasonalFraction = 0
    settings.model.turbulence.distanceMeters = 150
    settings.geometry.pixelSizeMeters = 30
    func amplitude(_ choice: Turbulence.MapAmplitude?, _ name: String) throws -> Double {
      settings.model.turbulence.mapAmplitude = choice
      let manifest = try compose(fixture, settings, folder, to: name)
      let pair = try #require(manifest.pairs.first)
      let phase = try NpyArray.read(fixture.folder.file("\(name)/\(pair.name)/turbulence.npy"))
      return rootMeanSquare(phase.values) * settings.sensor.wavelengthMeters / (4 * Double.pi)
    }
    // White maps of 1 cm: a pair has sqrt(2) cm, and two pixels differ by sqrt(2) cm.
    let kept = try amplitude(nil, "kept")
    #expect(abs(kept - 0.01414) < 0.001)
    #expect(try amplitude(.kept, "kept-too") == kept)
    // Then 1 mm between two pixels, so 1 mm / sqrt(2) in a map and 1 mm in a pair.
    #expect(abs(try amplitude(.scaled, "scaled") - 0.001) < 0.0001)
    settings.model.turbulence.distanceMeters = 1000
    #expect { try amplitude(.scaled, "far") } throws: {
      "\($0)".contains("distanceMeters is 1000") && "\($0)".contains("1 to 20 pixels")
    }
  }

  @Test func faultsNameTheFileAndTheRemedy() throws {
    let fixture = try StackFixture()
    let coherence = try maps(fixture, unit: "1", named: "coherence", quantity: "coherence")
    let rates = try maps(fixture, unit: "cm/yr", named: "rates")
    let settings = configuration()
    for (folder, words) in [
      (coherence, ["holds coherence", "atmospheric delays"]),
      (rates, ["cm/yr", "m, cm, mm or rad"]),
    ] {
      #expect { _ = try compose(fixture, settings, folder) } throws: { error in
        words.allSatisfy { "\(error)".contains($0) }
      }
    }
    var without = settings
    without.model.components = [.deformation]
    #expect { _ = try compose(fixture, without, rates) } throws: {
      "\($0)".contains("lacks turbulence")
    }
    var both = StackComposition.Rasters(dem: rates)
    both.height = rates
    #expect { _ = try fixture.composition(settings, rasters: both) } throws: {
      "\($0)".contains("heights are given twice")
    }
  }

  @Test func heightsOfAFolderAreCropped() throws {
    let fixture = try StackFixture()
    var settings = configuration()
    settings.model.components = [.deformation, .stratification]
    var rasters = StackComposition.Rasters()
    rasters.height = try maps(fixture, unit: "m", named: "heights", quantity: "height")
    try fixture.composition(settings, rasters: rasters).run(output: fixture.folder.file("stack"))
    let manifest = try StackSource.readManifest(fixture.folder.file("stack"))
    let origin = try #require(manifest.heights)
    #expect(origin.kind == .crop && origin.file?.hasPrefix("map") == true)
    let heights = try NpyArray.read(fixture.folder.file("stack/dem.npy")).values
    #expect(
      heights
        == (try crop(
          DateOrigin(date: manifest.pairs[0].referenceDate, origin: origin, symmetry: .identity),
          fixture.folder.file("heights"))))
  }
}
