import Foundation
import InSARPhase
import RasterIO
import Rasters
import TestSupport
import Testing
import TorchCore

@testable import PhaseNetworks

/// What is done with maps: reading, correcting at any size, writing; and what is told of bad ones.
@Suite struct AtmosphereProcessingTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  static func file() throws -> AtmosphereFile {
    var architecture = AtmosphereArchitecture()
    (architecture.channels, architecture.levels) = (3, 2)
    let network = try AtmosphereGenerator(
      architecture, RandomGenerator(seed: 5, .testInput))
    return AtmosphereFile(
      network: network,
      description: AtmosphereDescription(
        architecture: architecture, method: .cycle, scaleCM: 1.5, iterations: 1, samplesSeen: 1,
        sizePixels: 64, sources: []), device: .cpu, sha256: "n")
  }

  private static func bumps(_ width: Int, _ height: Int) -> [Float] {
    (0..<width * height).map {
      sin(Float($0 % width) * 0.2) * 2 + cos(Float($0 / width) * 0.15) + 7
    }
  }

  @Test func mapsOfAnySizeKeepHolesAndMean() throws {
    let (width, height) = (53, 31)
    var map = Self.bumps(width, height)
    for pixel in [0, 60, 700, 701] { map[pixel] = .nan }
    let processor = AtmosphereProcessor(try Self.file(), windowPixels: 16, overlapPixels: 6)
    let estimate = try processor.estimate(centimeters: map, width: width, height: height)
    #expect(zip(map, estimate).allSatisfy { $0.isNaN == $1.isNaN })
    let statistics = MapStatistics(estimate)
    #expect(abs(statistics.mean) < 1e-6 && statistics.rms > 1e-4)
    // A constant is not known, so it changes nothing.
    let raised = try processor.estimate(
      centimeters: map.map { $0 + 100 }, width: width, height: height)
    #expect(zip(estimate, raised).allSatisfy { $0.isNaN || abs($0 - $1) < 1e-3 })
  }

  @Test func aWindowAsLargeAsTheMapIsTheNetworkItself() throws {
    let map = Self.bumps(32, 32)
    let file = try Self.file()
    let estimate = try AtmosphereProcessor(file).estimate(
      centimeters: map, width: 32, height: 32)
    let planes = try AtmosphereBatch.planes(ofCM: Tensor(map, shape: [1, 1, 32, 32]), 1.5)
    let expected = try (file.network(planes.values, valid: planes.valid) * 1.5)
      .detached().contiguous().floats()
    let mean = Float(MapStatistics(expected).mean)
    #expect(zip(estimate, expected).allSatisfy { abs($0 - ($1 - mean)) < 1e-5 })
  }

  @Test func aMapOfOneHoleHasNoEstimate() throws {
    let processor = AtmosphereProcessor(try Self.file())
    let estimate = try processor.estimate(
      centimeters: [Float](repeating: .nan, count: 30), width: 6, height: 5)
    #expect(estimate.allSatisfy { $0.isNaN })
  }

  // MARK: - Files

  private func write(
    _ name: String, _ values: [Float], width: Int = 4, unit: RasterUnit? = .centimeters,
    quantity: Quantity? = nil, metadata: [String: String] = [:]
  ) throws -> String {
    let path = folder.file(name)
    let raster = Raster(
      width: width, height: values.count / width, values: values, unit: unit,
      georeference: Georeference(
        geotransform: [10, 0.01, 0, 40, 0, -0.01], crsWKT: Georeference.wgs84WKT))
    try RasterWriter.write(
      raster, to: path, format: name.hasSuffix(".npy") ? .npy : .tif,
      options: RasterWriteOptions(quantity: quantity, metadata: metadata))
    return path
  }

  private func message(_ path: String, _ options: RasterReadOptions = .init()) -> String {
    do {
      _ = try UnwrappedMap(path, options: options)
      return ""
    } catch { return "\(error)" }
  }

  private static let values: [Float] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]

  @Test func unitsBecomeCentimeters() throws {
    guard RasterFormat.tif.isAvailable else { return }
    let millimeters = try UnwrappedMap(write("a.tif", Self.values, unit: .millimeters))
    let tenth = millimeters.centimeters[10]
    #expect(abs(tenth - 1) < 1e-6 && millimeters.notes.isEmpty)
    let rates = try UnwrappedMap(write("b.tif", Self.values, unit: .metersPerYear))
    #expect(abs(rates.centimeters[1] - 100) < 1e-4 && rates.notes.count == 1)
    let path = try write(
      "c.tif", Self.values.map { $0 * 2 }, unit: .radians, metadata: ["WAVELENGTH": "0.0555"])
    let phase = try UnwrappedMap(path)
    #expect(abs(phase.centimetersPerUnit - 5.55 / (4 * Double.pi)) < 1e-9)
    let given = try UnwrappedMap(path, wavelengthMeters: 0.2)
    #expect(abs(given.centimetersPerUnit - 20 / (4 * Double.pi)) < 1e-9)
  }

  @Test func whatIsNoUnwrappedMapIsTold() throws {
    guard RasterFormat.tif.isAvailable else { return }
    let radians = RasterReadOptions(unit: .radians)
    let ramp: [Float] = (0..<64).map { Float($0 % 8) * 1.5 + Float($0 / 8) * 0.1 }
    let wrapped = InSARPhase.wrapped(ramp)
    #expect(message(try write("w.npy", wrapped, width: 8), radians).contains("is wrapped"))
    // One that is small and does not jump is unwrapped, and lacks its wavelength.
    let small = ramp.map { $0 * 0.2 }
    #expect(message(try write("s.npy", small, width: 8), radians).contains("wavelength"))
    #expect(message(try write("u.npy", Self.values)).contains("unit is unknown"))
    let holes = [Float](repeating: .nan, count: 12)
    #expect(message(try write("n.tif", holes)).contains("no pixel has data"))
    #expect(message(try write("o.tif", Self.values, unit: .one)).contains("its unit is 1"))
    let heights = try write("h.tif", Self.values, unit: .meters, quantity: .height)
    #expect(message(heights).contains("it holds \(Quantity.height.words)"))
    let path = folder.file("two.bin")
    var data = Data()
    for value in [0, 2, -1, 0] as [Float] {
      withUnsafeBytes(of: value) { data.append(contentsOf: $0) }
    }
    try data.write(to: URL(fileURLWithPath: path))
    var options = radians
    (options.width, options.sampleType, options.byteOrder) = (2, .complex64, .little)
    #expect(message(path, options).contains("complex"))
  }

  @Test func theSumOfBothResultsIsTheInputInItsUnit() throws {
    guard RasterFormat.tif.isAvailable else { return }
    var values = Self.bumps(24, 20)
    values[30] = .nan
    let map = try UnwrappedMap(write("m.tif", values, width: 24, unit: .millimeters))
    let estimate = try AtmosphereProcessor(try Self.file()).estimate(
      centimeters: map.centimeters, width: 24, height: 20)
    let results = AtmosphereResults(map, estimateCM: estimate, network: "sha")
    try results.write(as: .tif, name: "m", in: folder.file("."))
    let corrected = try RasterReader.read(folder.file("m_corrected.tif"))
    let atmosphere = try RasterReader.read(folder.file("m_atmosphere.tif"))
    #expect(corrected.raster.unit == .millimeters && atmosphere.raster.unit == .millimeters)
    #expect(corrected.description.metadata["ATMOSPHERE_NETWORK"] == "sha")
    #expect(corrected.raster.georeference == map.raster.georeference)
    for pixel in values.indices {
      let sum = corrected.raster.values[pixel] + atmosphere.raster.values[pixel]
      #expect(values[pixel].isNaN ? sum.isNaN : abs(sum - values[pixel]) < 1e-5)
      let millimeters = estimate[pixel] * 10
      #expect(sum.isNaN || abs(atmosphere.raster.values[pixel] - millimeters) < 1e-5)
    }
  }

  @Test func measuredSetsThatDoNotFitAreTold() throws {
    guard RasterFormat.tif.isAvailable else { return }
    func sets(_ with: [String], _ without: [String]) -> String {
      do {
        _ = try AtmosphereSamples(with: with, without: without, size: 16, seed: 1)
        return ""
      } catch { return "\(error)" }
    }
    let map = try write("with.tif", Self.bumps(24, 20), width: 24)
    let clean = try write("clean.tif", Self.bumps(24, 20).map { $0 * 0.5 }, width: 24)
    #expect(sets([map], [clean]) == "")
    let rate = try write(
      "rate.tif", Self.bumps(24, 20), width: 24, unit: .centimetersPerYear)
    #expect(sets([map], [rate]).contains("one quantity"))
    #expect(sets([map, rate], [clean]).contains("one quantity"))
    let small = try write("small.tif", Self.bumps(24, 12), width: 24)
    #expect(sets([map], [small]).contains("fewer than samples of 16 x 16"))
    let empty = folder.file("empty")
    try FileManager.default.createDirectory(atPath: empty, withIntermediateDirectories: true)
    #expect(sets([map], [empty]).contains("no map without atmosphere"))

    let samples = try AtmosphereSamples(with: [map], without: [clean], size: 16, seed: 1)
    let first = try samples.with(3)
    #expect(try first.count == 256 && first == samples.with(3) && first != samples.with(4))
    #expect(samples.known == nil)
  }

  // MARK: - What needs no training

  @Test func aPlaneIsRemovedExactlyAndAroundHoles() {
    let width = 9
    var plane = (0..<width * 7).map { 3 + 0.5 * Float($0 % width) - 0.25 * Float($0 / width) }
    plane[10] = .nan
    let rest = SurfaceRemoval.withoutPlane(plane, width: width)
    #expect(rest[10].isNaN)
    #expect(rest.allSatisfy { $0.isNaN || abs($0) < 1e-4 })
    // One pixel has no plane.
    #expect(SurfaceRemoval.withoutPlane([5], width: 1) == [5])
  }

  @Test func theHighPassRemovesConstantsAndKeepsPoints() {
    let width = 21
    var map = [Float](repeating: 4, count: width * width)
    #expect(
      SurfaceRemoval.highPassed(map, width: width, deviationPixels: 3).allSatisfy {
        abs($0) < 1e-5
      })
    map[10 * width + 10] += 1
    let passed = SurfaceRemoval.highPassed(map, width: width, deviationPixels: 3)
    #expect(passed[10 * width + 10] > 0.95 && abs(passed[0]) < 1e-3)
  }
}
