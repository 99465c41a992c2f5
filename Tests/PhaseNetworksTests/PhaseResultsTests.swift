import DurableFiles
import Foundation
import InSARPhase
import RasterIO
import Rasters
import TestSupport
import Testing

@testable import PhaseNetworks

/// Interferograms in the layouts of other programs: what is found, and results of the same kind.
@Suite struct PhaseResultsTests {
  private let folder: TemporaryFolder
  private let width = 24
  private let height = 20
  init() throws { folder = try TemporaryFolder() }

  /// A noisy ramp with a hole.
  private var phase: [Float] {
    (0..<width * height).map { pixel in
      pixel % 7 == 3 && pixel < 60
        ? .nan : wrapped(Float(pixel % width) * 0.5 + 0.1 + sinf(Float(pixel * pixel)))
    }
  }
  private var place: Georeference {
    Georeference(geotransform: [10, 0.01, 0, 40, 0, -0.01], crsWKT: Georeference.wgs84WKT)
  }

  private func makeFolder(_ name: String) throws -> String {
    try AtomicFolder.makeFolders(folder.file(name))
    return folder.file(name)
  }

  private func flat(
    _ planes: [[Float]], _ name: String, _ type: SampleType = .float32,
    _ order: ByteOrder = .little
  ) throws {
    try FlatImage(width: width, height: height, planes: planes, type: type, order: order)
      .write(to: folder.file(name))
  }

  private func text(_ text: String, _ name: String) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: folder.file(name)))
  }

  private func tif(_ values: [Float], _ name: String) throws {
    try RasterWriter.write(
      Raster(width: width, height: height, values: values, georeference: place),
      to: folder.file(name), format: .tif)
  }

  /// Processes the only interferogram of `name` and writes it as it was into `out`.
  private func process(_ name: String, coherences: [String] = []) throws -> (
    file: InterferogramFile, result: ProcessedPhase, out: String
  ) {
    let inputs = try PhaseInput.resolve([folder.file(name)], coherences: coherences).inputs
    try #require(inputs.count == 1)
    let file = try InterferogramFile(inputs[0])
    let result = try PhaseProcessingTests.processor().process(
      file.phase.values, coherence: file.coherence, width: width, height: height)
    let out = try makeFolder("out")
    try PhaseResults(result, of: file, in: out, limitRadians: 1, network: "n").writeAsInput()
    return (file, result, out)
  }

  /// Whether a written phase is read as it was.
  private func expectSame(
    _ path: String, _ values: [Float], tolerance: Float = 0,
    _ location: SourceLocation = #_sourceLocation
  ) throws {
    let read = try RasterReader.read(path)
    #expect(read.raster.values.count == values.count, sourceLocation: location)
    #expect(
      zip(read.raster.values, values).allSatisfy {
        $0.isNaN ? $1.isNaN : abs($0 - $1) <= tolerance
      }, "\(path)", sourceLocation: location)
  }

  /// The lengths of complex numbers are kept, in the complex file and as the amplitude.
  @Test func amplitudesAreThoseOfTheInput() throws {
    let lengths = (0..<width * height).map { Float(1 + $0 % 5) }
    try flat([phase, lengths], "a.int", .complex64)
    try text("WIDTH \(width)\nFILE_LENGTH \(height)\n", "a.int.rsc")
    let (_, result, out) = try process("a.int")
    let expected = zip(lengths, phase).map { $1.isNaN ? Float(0) : $0 }
    let amplitude = try RasterReader.read("\(out)/a.unw", options: RasterReadOptions(band: 1))
    #expect(zip(amplitude.raster.values, expected).allSatisfy { abs($0 - $1) < 1e-5 })
    try expectSame("\(out)/a_filtered.int", result.filteredRadians, tolerance: 1e-5)
    var options = RasterReadOptions()
    options.readsLengths = true
    let filtered = try RasterReader.read("\(out)/a_filtered.int", options: options).raster.values
    #expect(zip(filtered, expected).allSatisfy { $0.isNaN ? $1 == 0 : abs($0 - $1) < 1e-5 })
    // An unwrapped file with its amplitude is an input, too.
    let again = try #require(try InterferogramFile("\(out)/a.unw").amplitude())
    #expect(zip(again, expected).allSatisfy { abs($0 - $1) < 1e-5 })
  }

  #if GDAL
    @Test func isceIsWrittenAsISCE() throws {
      _ = try makeFolder("20200101_20200113")
      let name = "20200101_20200113/filt_fine.int"
      try flat([phase], name, .complex64)
      let header = ISCEHeader(
        width: width, height: height, georeference: place, fileName: "filt_fine.int", bandCount: 1,
        type: .complex64, description: "")
      try text(header.xml, name + ".xml")
      // Two bands, as some of ISCE's programs write it: the second is the coherence.
      let half = phase.map { _ in Float(0.5) }
      try flat([half.map { $0 * 8 }, half], "20200101_20200113/filt_fine.cor")
      let two = ISCEHeader(
        width: width, height: height, georeference: place, fileName: "filt_fine.cor", bandCount: 2,
        type: .float32, description: "")
      try text(two.xml, "20200101_20200113/filt_fine.cor.xml")

      let (file, result, out) = try process(name)
      #expect(file.layout == .isce && file.coherence == half)
      #expect(file.notes.contains { $0.contains("filt_fine.cor") })
      for ending in ["", ".vrt"] {
        try expectSame("\(out)/filt_fine.unw\(ending)", result.unwrappedRadians)
      }
      try expectSame("\(out)/filt_fine_filtered.unw", result.filteredUnwrappedRadians)
      try expectSame("\(out)/filt_fine_filtered.int", result.filteredRadians, tolerance: 1e-6)
      let regions = try RasterReader.read("\(out)/filt_fine.unw.conncomp")
      #expect(regions.raster.values == result.regions.map { Float($0) })
      #expect(regions.description.sampleType.lowercased() == "byte")
      let mask = try RasterReader.read("\(out)/filt_fine.msk").raster
      #expect(mask.georeference?.geotransform == place.geotransform)
      #expect(FileSystem.exists("\(out)/filt_fine.cor.xml"))
      let scene = try RasterReader.read("\(out)/filt_fine.unw.vrt")
      #expect(scene.raster.georeference?.isGeographic == true)
    }

    @Test func licsarAndHyP3AreFoundByTheirNames() throws {
      let pair = "20200101_20200113"
      _ = try makeFolder("GEOC/\(pair)")
      let zeroed = phase.map { $0.isNaN ? 0 : $0 }
      try tif(zeroed, "GEOC/\(pair)/\(pair).geo.diff_pha.tif")
      try tif(zeroed.map { $0 + 2 * .pi }, "GEOC/\(pair)/\(pair).geo.unw.tif")
      try tif(zeroed.map { _ in 51 }, "GEOC/\(pair)/\(pair).geo.cc.tif")
      try text("master=20200101", "GEOC/metadata.txt")
      let found = try PhaseInput.resolve([folder.file("GEOC")], coherences: [])
      #expect(found.companions == [folder.file("GEOC/metadata.txt")])
      #expect(found.inputs.map(\.folder) == [pair])

      let (file, result, out) = try process("GEOC")
      #expect(file.path.hasSuffix("diff_pha.tif") && file.coherence?.first == 0.2)
      #expect(zip(file.phase.values, phase).allSatisfy { $0.isNaN == $1.isNaN })
      try expectSame("\(out)/\(pair).geo.unw.tif", result.unwrappedRadians)
      try expectSame("\(out)/\(pair).geo.diff_pha.tif", result.filteredRadians)
      #expect(try InputFile.read("\(out)/\(pair).geo.cc.tif").count > 0)

      let product = "S1AA_20200101T000000_20200113T000000_VVP012_INT80_G_ueF_0001"
      _ = try makeFolder("hyp3/\(product)")
      try tif(zeroed, "hyp3/\(product)/\(product)_unw_phase.tif")
      try tif(zeroed.map { _ in 0.5 }, "hyp3/\(product)/\(product)_corr.tif")
      try text("Reference Granule: S1A", "hyp3/\(product)/\(product).txt")
      let (second, other, _) = try process("hyp3")
      #expect(second.layout == .hyp3 && second.coherence?.first == 0.5)
      try expectSame("\(out)/\(product)_unw_phase.tif", other.unwrappedRadians)
      #expect(FileSystem.exists("\(out)/\(product).txt"))
      let without = try PhaseInput.resolve([folder.file("hyp3")], coherences: ["none"]).inputs
      #expect(without[0].coherence == nil)
    }
  #endif

  @Test func roipacIsWrittenAsROIPAC() throws {
    let header = "WIDTH \(width)\nFILE_LENGTH \(height)\nDATE12 200101-200113\n"
    try flat([phase], "pair.int", .complex64)
    try text(header, "pair.int.rsc")
    let (file, result, out) = try process("pair.int")
    #expect(file.layout == .roipac && file.coherence == nil)
    try expectSame("\(out)/pair.unw", result.unwrappedRadians)
    try expectSame("\(out)/pair_filtered.int", result.filteredRadians, tolerance: 1e-6)
    #expect(try String(decoding: InputFile.read("\(out)/pair.unw.rsc"), as: UTF8.self) == header)
  }

  @Test(arguments: [ByteOrder.big, .little])
  func gammaKeepsItsByteOrder(_ order: ByteOrder) throws {
    try flat([phase], "pair.diff", .complex64, order)
    try flat([phase.map { _ in 0.25 }], "pair.cc", .float32, order)
    try text(
      "interferogram_width: \(width)\ninterferogram_azimuth_lines: \(height)\n", "pair.off")
    let (file, result, out) = try process("pair.diff")
    #expect(file.layout == .gamma(order, isComplex: true) && file.coherence?.first == 0.25)
    let bytes = [UInt8](try InputFile.read("\(out)/pair.unw"))
    // Read without header; pixels without data are 0.
    let values = stride(from: 0, to: bytes.count, by: 4).map { start in
      let number = bytes[start..<start + 4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
      return Float(bitPattern: order == .big ? number : number.byteSwapped)
    }
    #expect(values == result.unwrappedRadians.map { $0.isNaN ? 0 : $0 })
    #expect(try RasterReader.read("\(out)/pair_filtered.diff").raster.width == width)
  }

  @Test func aFlatFileGivesItsSizeToItsCoherence() throws {
    try flat([phase], "a.diff", .complex64, .big)
    try flat([phase.map { _ in 0.25 }], "a.cc", .float32, .big)
    var options = RasterReadOptions()
    (options.width, options.sampleType, options.byteOrder) = (width, .complex64, .big)
    let file = try InterferogramFile(folder.file("a.diff"), options: options)
    #expect(file.coherence?.allSatisfy { $0 == 0.25 } == true)
  }

  @Test func licsbasIsWrittenAsLiCSBAS() throws {
    let pair = "20200101_20200113"
    _ = try makeFolder("GEOCml1/\(pair)")
    try flat([phase], "GEOCml1/\(pair)/\(pair).unw")
    try flat([phase.map { _ in 51 }], "GEOCml1/\(pair)/\(pair).cc", .uint8)
    let grid = "width: \(width)\nnlines: \(height)\ncorner_lat: 40\ncorner_lon: 10\n"
    try text(grid + "post_lat: -0.01\npost_lon: 0.01\n", "GEOCml1/EQA.dem_par")
    let (file, result, out) = try process("GEOCml1")
    #expect(file.layout == .licsbas && file.coherence?.first == 0.2)
    try FileWriter.copy(folder.file("GEOCml1/EQA.dem_par"), to: "\(out)/EQA.dem_par")
    try expectSame("\(out)/\(pair).unw", result.unwrappedRadians)
  }

  @Test func interferogramsOfOneNameGetTheFoldersOfTheirParents() throws {
    let paths = ["20200101_20200113", "20200113_20200125"].map { "\($0)/filt_fine.int" }
    let inputs = try PhaseInput.resolve(paths, coherences: []).inputs
    #expect(inputs.map(\.folder) == ["20200101_20200113", "20200113_20200125"])
    #expect(try PhaseInput.resolve(["a/x.tif", "a/y.tif"], coherences: []).inputs[0].folder == nil)
    #expect(throws: PhaseNetworkError.self) {
      try PhaseInput.resolve(["p/a/x.tif", "q/a/x.tif"], coherences: [])
    }
  }

  @Test func badFoldersAreErrors() throws {
    _ = try makeFolder("empty")
    func message(_ name: String, _ coherences: [String] = []) -> String {
      do {
        _ = try PhaseInput.resolve([folder.file(name)], coherences: coherences)
        return ""
      } catch { return "\(error)" }
    }
    #expect(message("empty").contains("without interferograms"))
    let pair = "20200101_20200113"
    _ = try makeFolder(pair)
    try flat([phase], "\(pair)/\(pair).unw")
    #expect(message(pair, ["cc.tif"]).contains("found by its name"))
    #expect(message(pair).isEmpty)
  }

  @Test func rowsFromTheSouthAreNotWrittenBelowTheHeaderOfTheInput() throws {
    try flat([phase], "pair.int", .complex64)
    try text(
      "WIDTH \(width)\nFILE_LENGTH \(height)\nX_FIRST 10\nY_FIRST 40\nX_STEP 0.01\nY_STEP 0.01\n",
      "pair.int.rsc")
    let file = try InterferogramFile(folder.file("pair.int"))
    #expect(file.layout == (RasterFormat.tif.isAvailable ? .geoTIFF : .npy))
    #expect(file.notes.contains { $0.contains("north to south") })
  }
}
