import Foundation
import Rasters
import TestSupport
import Testing

@testable import RasterIO

@Suite struct FlatFormatsTests {
  let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  func expectError(
    _ path: String, _ options: RasterReadOptions = .init(), says words: [String],
    _ location: SourceLocation = #_sourceLocation
  ) {
    let error = #expect(throws: RasterError.self, sourceLocation: location) {
      try RasterReader.read(path, options: options)
    }
    for word in [path] + words {
      #expect(error?.description.contains(word) == true, "\(word)", sourceLocation: location)
    }
  }

  @Test(arguments: ByteOrder.allCases)
  func byteOrderIsJudgedFromTheValues(order: ByteOrder) throws {
    let values: [Float] = [1.5, -2, .nan, 0, 3e-5, 7]
    try write(floatBytes(values, order: order), to: folder.file("a"))
    let scene = try RasterReader.read(folder.file("a"), options: .flat(width: 3))
    #expect(scene.raster.height == 2 && sameValues(scene.raster.values, values))
    #expect(scene.description.sampleType.contains(order.rawValue))
    #expect(scene.description.notes.contains { $0.contains("'byteOrder'") })
  }

  @Test func givenByteOrderAndTypeAreObeyed() throws {
    try write([1, 0, 0, 1] as [UInt8], to: folder.file("a"))
    let options = RasterReadOptions.flat(width: 2, sampleType: .int16, byteOrder: .big)
    #expect(try RasterReader.read(folder.file("a"), options: options).raster.values == [256, 1])
  }

  @Test func wrongSizesAreNamed() throws {
    try write(floatBytes(.init(repeating: 1, count: 12)), to: folder.file("a"))
    let path = folder.file("a")
    expectError(path, .flat(width: 5), says: ["48 bytes", "5 values", "'width'", "is 6 (2 rows)"])
    expectError(path, .flat(width: 4, height: 4), says: ["4 rows", "3 rows"])
    expectError(path, .flat(width: 0), says: ["positive"])
    expectError(path, .flat(width: -3), says: ["positive"])
    expectError(path, .flat(width: .max), says: ["'width'"])
    expectError(path, .flat(width: 4, height: .max), says: ["3 rows"])
    expectError(path, .flat(width: 4, band: 2), says: ["no band 2"])
    expectError(path, says: ["not recognized", "'width'"])
  }

  @Test func missingEmptyAndFolder() throws {
    try write("", to: folder.file("empty.tif"))
    expectError(folder.file("none.tif"), says: ["No such file"])
    expectError(folder.file("empty.tif"), says: ["0 bytes"])
    expectError(folder.path, says: ["folder"])
  }

  @Test func unitIsUnknownUnlessGiven() throws {
    try write(floatBytes([1, 2, 3, 4]), to: folder.file("a"))
    let scene = try RasterReader.read(folder.file("a"), options: .flat(width: 2))
    #expect(scene.raster.unit == nil && scene.description.unitSource.contains("'unit'"))
    let given = try RasterReader.read(
      folder.file("a"), options: .flat(unit: .millimeters, width: 2))
    #expect(given.raster.unit == .millimeters && given.description.unitSource == "given")
  }

  @Test func noDataOption() throws {
    try write(floatBytes([0, -9999, .infinity, -.infinity, 1, 2]), to: folder.file("a"))
    func read(_ noData: [Double]?) throws -> RasterScene {
      try RasterReader.read(folder.file("a"), options: .flat(width: 3, noData: noData))
    }
    let plain = try read(nil)
    #expect(plain.description.noDataCount == 0 && plain.description.infiniteCount == 2)
    #expect(try read([0, -9999]).description.noDataCount == 2)
    let finite = try read([.infinity])
    #expect(finite.description.noDataCount == 2 && finite.description.infiniteCount == 0)
    #expect(finite.description.noDataShare == 2.0 / 6)
  }

  @Test func roiPACPhaseIsTheSecondOfTwoInterleavedBands() throws {
    let rows: [Float] = [10, 20, 1, 0, 30, 40, 3, 4]  // amplitude row, phase row, ...
    try write(floatBytes(rows), to: folder.file("a.unw"))
    try write(
      "WIDTH 2\nFILE_LENGTH 2\nX_FIRST 130\nX_STEP 0.1\nY_FIRST 32\nY_STEP -0.1\n",
      to: folder.file("a.unw.rsc"))
    let scene = try RasterReader.read(folder.file("a.unw"))
    #expect(sameValues(scene.raster.values, [1, .nan, 3, 4]))
    #expect(scene.raster.unit == .radians && scene.description.noDataSource.contains("ROI_PAC"))
    #expect(scene.raster.georeference?.geotransform == [130, 0.1, 0, 32, 0, -0.1])
    let amplitude = try RasterReader.read(folder.file("a.unw"), options: .init(band: 1))
    #expect(amplitude.raster.values == [10, 20, 30, 40] && amplitude.raster.unit == nil)
    try write(floatBytes(Array(rows.dropLast())), to: folder.file("a.unw"))
    expectError(folder.file("a.unw"), says: ["28 bytes"])
  }

  @Test func complexIsReadAsPhase() throws {
    try write(floatBytes([1, 0, 0, 2, -1, 0, 0, 0], order: .big), to: folder.file("a.diff"))
    try write("range_samples: 2\nazimuth_lines: 2\n", to: folder.file("a.diff.par"))
    let scene = try RasterReader.read(folder.file("a.diff"), options: .flat(byteOrder: .big))
    #expect(sameValues(scene.raster.values, [0, .pi / 2, .pi, .nan], tolerance: 1e-6))
  }

  @Test func licsbasGridUnitsAndSign() throws {
    let manager = FileManager.default
    for name in ["results", "info"] {
      try manager.createDirectory(atPath: folder.file(name), withIntermediateDirectories: false)
    }
    try write(
      """
      Gamma DIFF&GEO DEM/MAP parameter file
      width: 3
      nlines: 2
      corner_lat: 40.0  decimal degrees
      corner_lon: 14.0  decimal degrees
      post_lat: -0.5 decimal degrees
      post_lon: 0.5 decimal degrees
      """, to: folder.file("info/EQA.dem_par"))
    try write(floatBytes([1, 2, 3, 4, 5, .nan]), to: folder.file("results/vel.mskd"))
    try write(floatBytes([1, 2, 3, 4, 5, 6]), to: folder.file("results/hgt"))
    try write([1, 2, 3, 4, 5, 6] as [UInt8], to: folder.file("results/20200101.cc"))
    let velocity = try RasterReader.read(folder.file("results/vel.mskd"))
    #expect(velocity.raster.unit == .millimetersPerYear && velocity.raster.width == 3)
    #expect(velocity.description.losConvention == .towardSatellite)
    // The parameter file gives the center of the first pixel.
    #expect(velocity.raster.georeference?.geotransform == [13.75, 0.5, 0, 40.25, 0, -0.5])
    #expect(try RasterReader.read(folder.file("results/hgt")).raster.unit == .meters)
    let coherence = try RasterReader.read(folder.file("results/20200101.cc"))
    #expect(coherence.raster.values == [1, 2, 3, 4, 5, 6] && coherence.raster.unit == nil)
  }

  @Test func npyRastersAndStacks() throws {
    let path = folder.file("a.npy")
    try NpyArray(shape: [2, 3, 1], values: [1, 2, 3, 4, 5, 6]).write(to: path)
    #expect(try RasterReader.read(path).raster.values == [1, 2, 3])
    let second = try RasterReader.read(path, options: .init(band: 2))
    #expect(second.raster.values == [4, 5, 6] && second.raster.height == 3)
    expectError(path, .init(band: 3), says: ["no band 3", "it has 2"])
    try NpyArray(shape: [6], values: [1, 2, 3, 4, 5, 6]).write(to: path)
    expectError(path, says: ["[6]"])
    try NpyArray(shape: [0, 6], values: []).write(to: path)
    expectError(path, says: ["[0, 6]"])
  }
}

@Suite struct RasterChecksTests {
  func raster(_ values: [Float]) -> Raster {
    Raster(width: values.count, height: 1, values: values)
  }

  @Test func percentilesAreNumPys() throws {
    // numpy.percentile([-7, 0, 1, 2, 3, 10], [1, 50, 99]); 99.5 of the absolute values.
    let statistics = try #require(raster([3, .nan, -7, 0, 10, 2, 1, .infinity]).statistics)
    #expect(statistics.count == 6 && statistics.minimum == -7 && statistics.maximum == 10)
    #expect(abs(statistics.percentile1 - -6.65) < 1e-5 && statistics.median == 1.5)
    #expect(abs(statistics.percentile99 - 9.65) < 1e-5)
    #expect(abs(statistics.absolutePercentile995 - 9.925) < 1e-5 && statistics.mean == 1.5)
    #expect(raster([.nan]).statistics == nil)
  }
}
