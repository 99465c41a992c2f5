import Foundation
import InSARPhase
import RasterIO
import Rasters
import TestSupport
import Testing

@testable import PhaseNetworks

/// What people give that is not an interferogram, and what they give that is.
@Suite struct InterferogramFileTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private func npy(_ name: String, _ values: [Float], width: Int = 2) throws -> String {
    let path = folder.file(name)
    try NpyArray(shape: [values.count / width, width], values: values).write(to: path)
    return path
  }

  private func message(
    _ path: String, _ options: RasterReadOptions = .init(), coherence: String? = nil
  )
    -> String
  {
    do {
      _ = try InterferogramFile(path, options: options, coherence: coherence)
      return ""
    } catch { return "\(error)" }
  }

  @Test func aWrappedPhaseWithoutUnitIsTakenWithANote() throws {
    let file = try InterferogramFile(npy("a.npy", [-3, 3, 0.2, .nan]))
    #expect(file.phase.unit == .radians && file.notes.count == 1 && file.coherence == nil)
  }

  @Test func anotherUnitIsAnError() throws {
    let path = try npy("a.npy", [-3, 3, 0.2, 1])
    #expect(message(path, RasterReadOptions(unit: .centimetersPerYear)).contains("cm/yr"))
    #expect(message(try npy("b.npy", [-30, 3, 0.2, 1])).contains("unit is unknown"))
    #expect(message(try npy("c.npy", [0.1, 0.2, 0.2, 0.3])).contains("unit is unknown"))
  }

  @Test func anUnwrappedPhaseIsTakenWithANote() throws {
    let file = try InterferogramFile(
      npy("a.npy", [-30, 3, 0.2, 1]), options: RasterReadOptions(unit: .radians))
    #expect(file.notes.count == 1)
  }

  @Test func noDataIsAnError() throws {
    let path = try npy("a.npy", [.nan, .nan, .nan, .nan])
    #expect(message(path).contains("no pixel has data"))
    #expect(message(try npy("b.npy", [.infinity, 1, 2, 3])).contains("infinite"))
  }

  @Test func aComplexImageWithoutMagnitudeHasNoData() throws {
    let path = folder.file("zeros.bin")
    try Data(count: 4 * 8).write(to: URL(fileURLWithPath: path))
    var options = RasterReadOptions(unit: .radians)
    (options.width, options.sampleType) = (2, .complex64)
    #expect(message(path, options).contains("no pixel has data"))
  }

  @Test func complexNumbersAreReadAsPhase() throws {
    let path = folder.file("two.bin")
    var data = Data()
    for value in [0, 2, -1, 0] as [Float] {
      withUnsafeBytes(of: value) { data.append(contentsOf: $0) }
    }
    try data.write(to: URL(fileURLWithPath: path))
    var options = RasterReadOptions(unit: .radians)
    (options.width, options.sampleType, options.byteOrder) = (2, .complex64, .little)
    let file = try InterferogramFile(path, options: options)
    #expect(abs(file.phase.values[0] - .pi / 2) < 1e-6 && abs(file.phase.values[1] - .pi) < 1e-6)
  }

  @Test func aCoherenceMustFit() throws {
    let phase = try npy("a.npy", [-3, 3, 0.2, 1])
    #expect(
      message(phase, coherence: try npy("c1.npy", [0, 1, 1, 1, 0, 0])).contains("its size is 3 x 2")
    )
    #expect(message(phase, coherence: try npy("c2.npy", [0, 1, 1.5, 1])).contains("0 to 1"))
    #expect(message(phase, coherence: try npy("c3.npy", [0, -1, 1, 1])).contains("0 to 1"))
    let bytes = try InterferogramFile(phase, coherence: npy("c4.npy", [0, 51, 255, .nan]))
    #expect(bytes.coherence == [0, 0.2, 1, 0])
  }

  @Test func anUnknownFormatIsAnError() throws {
    let path = folder.file("text.xyz")
    try Data("no raster".utf8).write(to: URL(fileURLWithPath: path))
    #expect(message(path).contains("text.xyz"))
  }

  @Test func resultsKeepThePlaceAndAreRead() throws {
    guard RasterFormat.tif.isAvailable else { return }
    let values = (0..<24 * 20).map { wrapped(Float($0 % 24) * 0.4) }
    let raster = Raster(
      width: 24, height: 20, values: values, unit: .radians,
      georeference: Georeference(
        geotransform: [10, 0.01, 0, 40, 0, -0.01], crsWKT: Georeference.wgs84WKT))
    try RasterWriter.write(raster, to: folder.file("ifg.tif"), format: .tif)
    let file = try InterferogramFile(folder.file("ifg.tif"))
    let result = try PhaseProcessingTests.processor().process(
      file.phase.values, coherence: nil, width: 24, height: 20)
    try PhaseResults(result, of: file, in: folder.file("."), limitRadians: 1, network: "n")
      .writeAsInput()
    let back = try RasterReader.read(folder.file("ifg_unwrapped.tif")).raster
    #expect(back.unit == .radians && back.values == result.unwrappedRadians)
    #expect(back.georeference?.geotransform == raster.georeference?.geotransform)
    let mask = try RasterReader.read(folder.file("ifg_mask.tif")).raster
    #expect(Set(mask.values).isSubset(of: [0, 1]))
  }
}
