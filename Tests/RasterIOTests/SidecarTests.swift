import Foundation
import Rasters
import TestSupport
import Testing

@testable import RasterIO

@Suite struct ParameterFileTests {
  let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  func parameters(_ bytes: [UInt8]) throws -> ParameterFile? {
    try write(bytes, to: folder.file("a.rsc"))
    return ParameterFile(ifPresent: folder.file("a.rsc"))
  }

  static let text =
    "WIDTH   4\r\nFILE_LENGTH\t2.0\nX_FIRST 1.30D+02\nX_STEP 8.333333d-04 degres\n"
    + "Y_FIRST : 32.5\nY_STEP -8.333333D-04\nX_UNIT degres\nTIME 10:20:30\nPLATFORM Zürich\n"

  @Test func encodingsAndNumbersOfOldPrograms() throws {
    let encodings: [(String, [UInt8])] = [
      ("UTF-8", Array(Self.text.utf8)), ("BOM", [0xef, 0xbb, 0xbf] + Array(Self.text.utf8)),
      ("Latin-1", Self.text.unicodeScalars.map { UInt8($0.value) }),
      ("UTF-16", Array(Self.text.data(using: .utf16) ?? Data())),
    ]
    for (name, bytes) in encodings {
      let file = try #require(try parameters(bytes), "\(name)")
      #expect(file.width == 4 && file.height == 2, "\(name)")
      #expect(file.entries["TIME"] == "10:20:30" && file.entries["PLATFORM"] == "Zürich")
      let place = file.firstStepGeoreference
      #expect(place?.geotransform == [130, 8.333333e-4, 0, 32.5, 0, -8.333333e-4], "\(name)")
      #expect(place?.isGeographic == true)
    }
    #expect(try parameters([0, 1, 2, 3, 0xff]) == nil)
  }

  @Test func stepsWithoutAUnitTellTheirOwn() {
    func place(_ step: String, unit: String? = nil) -> Georeference? {
      var attributes = ["X_FIRST": "5", "Y_FIRST": "5", "X_STEP": step, "Y_STEP": "-\(step)"]
      attributes["X_UNIT"] = unit
      return Georeference(firstStep: attributes)
    }
    #expect(place("0.001")?.isGeographic == true && place("90")?.isGeographic == false)
    #expect(place("0.001", unit: "Degrees")?.isGeographic == true)
    #expect(place("0.5", unit: "meters")?.isGeographic == false)
  }
}

@Suite struct SidecarTests {
  let folder: TemporaryFolder
  init() throws {
    folder = try TemporaryFolder()
    for name in ["store", "links"] {
      try FileManager.default.createDirectory(
        atPath: folder.file(name), withIntermediateDirectories: false)
    }
  }

  func link(_ name: String, to target: String) throws {
    try FileManager.default.createSymbolicLink(
      atPath: folder.file("links/\(name)"), withDestinationPath: "../store/\(target)")
  }

  @Test func aLinkFindsTheSidecarOfItsTarget() throws {
    try write(floatBytes([10, 20, 1, 2]), to: folder.file("store/a.unw"))
    try write("WIDTH 2\nFILE_LENGTH 1\n", to: folder.file("store/a.unw.rsc"))
    try link("a.unw", to: "a.unw")
    try link("phase", to: "a.unw")
    for name in ["a.unw", "phase"] {
      let scene = try RasterReader.read(folder.file("links/\(name)"))
      #expect(scene.raster.values == [1, 2] && scene.raster.unit == .radians)
      #expect(scene.description.path == folder.file("links/\(name)"))
    }
    try write("{\"unit\": \"mm/yr\"}", to: folder.file("store/manifest.json"))
    try NpyArray(shape: [1, 2], values: [1, 2]).write(to: folder.file("store/c.npy"))
    try link("c.npy", to: "c.npy")
    #expect(
      try RasterReader.read(folder.file("links/c.npy")).raster.unit == .millimetersPerYear)
    // GAMMA's and LiCSBAS's.
    try write(floatBytes([1, 2, 3]), to: folder.file("store/b.diff"))
    try write("range_samples: 3\n", to: folder.file("store/b.diff.par"))
    try link("b.diff", to: "b.diff")
    #expect(try RasterReader.read(folder.file("links/b.diff")).raster.width == 3)
    try write(floatBytes([1, 2, 3]), to: folder.file("store/vel.mskd"))
    try write("width: 3\nnlines: 1\n", to: folder.file("store/EQA.dem_par"))
    try link("rate", to: "vel.mskd")
    #expect(try RasterReader.read(folder.file("links/rate")).raster.unit == .millimetersPerYear)
  }

  #if GDAL
    @Test func aLinkFindsISCEsHeader() throws {
      try write(floatBytes([1, 2, 3, 4]), to: folder.file("store/z.bin"))
      try write(
        """
        <imageFile><property name="width"><value>2</value></property>\
        <property name="length"><value>2</value></property>\
        <property name="number_bands"><value>1</value></property>\
        <property name="data_type"><value>FLOAT</value></property>\
        <property name="byte_order"><value>l</value></property>\
        <property name="scheme"><value>BSQ</value></property></imageFile>
        """, to: folder.file("store/z.bin.xml"))
      try link("z.bin", to: "z.bin")
      let scene = try RasterReader.read(folder.file("links/z.bin"))
      #expect(scene.raster.values == [1, 2, 3, 4] && scene.description.format == "ISCE")
      #expect(scene.description.path == folder.file("links/z.bin"))
    }
  #endif

  @Test func framesBeforeLiCSBASNames() throws {
    let frame = "087A_05678_131313"
    let grid =
      "width: 3\nnlines: 1\ncorner_lat: 40\ncorner_lon: 14\npost_lat: -0.5\npost_lon: 0.5\n"
    for (file, parameters) in [
      ("\(frame)_vel.mskd", "EQA.dem_par"), ("\(frame).vel.mskd", "EQA.dem_par"),
      ("\(frame)_vel.mskd", "\(frame)_EQA.dem_par"), ("\(frame)_vel", "\(frame).EQA.dem_par"),
      ("vel.filt.mskd", "\(frame)_EQA.dem_par"),
    ] {
      let place = try TemporaryFolder()
      try write(floatBytes([1, 2, 3]), to: place.file(file))
      try write(grid, to: place.file(parameters))
      let scene = try RasterReader.read(place.file(file))
      #expect(scene.raster.unit == .millimetersPerYear && scene.raster.width == 3, "\(file)")
      #expect(scene.description.losConvention == .towardSatellite)
      #expect(scene.raster.georeference?.geotransform[0] == 13.75, "\(parameters)")
    }
    // Each frame's result has its own grid.
    try write(floatBytes([1, 2, 3]), to: folder.file("store/\(frame)_vel"))
    try write(grid, to: folder.file("store/\(frame)_EQA.dem_par"))
    try write("width: 1\nnlines: 3\n", to: folder.file("store/087A_00000_131313_EQA.dem_par"))
    #expect(try RasterReader.read(folder.file("store/\(frame)_vel")).raster.width == 3)
    #expect(LiCSBASQuantity(fileName: "velvet") == nil)
    #expect(LiCSBASQuantity(fileName: "\(frame)_resid_rms")?.unit == .millimeters)
    #expect(LiCSBASQuantity(fileName: "\(frame)_coh_avg")?.unit == nil)
  }
}

@Suite struct ForeignContentTests {
  let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  func message(_ bytes: [UInt8], as name: String) throws -> String {
    try write(bytes, to: folder.file(name))
    let error = #expect(throws: RasterError.self) { try RasterReader.read(folder.file(name)) }
    return error?.description ?? ""
  }

  @Test(arguments: ["a.tif", "velocity.h5", "a.npy", "vel.mskd", "a.grd"])
  func whatStandsInPlaceOfAFileIsToldForWhatItIs(name: String) throws {
    let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n"
    for (text, words) in [
      (pointer, ["Git LFS pointer", "12345 bytes", "git lfs pull"]),
      ("/annex/objects/SHA256E-s5--abc.tif\n", ["git-annex", "git annex get"]),
      ("<!DOCTYPE html>\n<html><head>", ["web page (HTML)", "Download it again"]),
      ("\u{FEFF}\n  <HTML lang=en>", ["web page (HTML)"]),
      ("<?xml version=\"1.0\"?>\n<html>", ["web page (HTML)"]),
      ("<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code>", ["server's error message"]),
      ("{\"error\": \"unauthorized\"}", ["server's error message"]),
    ] {
      let message = try message(Array(text.utf8), as: name)
      for word in words { #expect(message.contains(word), "\(message)") }
      #expect(!message.contains("damaged"), "\(message)")
    }
  }

  @Test func archivesAndTextsAreNamed() throws {
    let padding = [UInt8](repeating: 0, count: 600)
    for (bytes, name, word) in [
      ([0x1f, 0x8b, 8] + padding, "a.grd.gz", "gzip archive"),
      (Array("PK\u{3}\u{4}".utf8) + padding, "a.npz", "numpy.save"),
      (Array("PK\u{3}\u{4}".utf8) + padding, "a.tif", "zip archive"),
      ([0x1f, 0x8b, 8] + padding, "a.h5", "gzip archive"),
      (Array("CDF\u{1}".utf8) + padding, "a.nc", "gmt grdconvert"),
      (Array("404: Not Found".utf8), "a.tif", "begins with '404: Not Found'"),
    ] as [([UInt8], String, String)] {
      let message = try message(bytes, as: name)
      #expect(message.contains(word), "\(message)")
    }
  }

  @Test func whatLiesBesideAFileIsToldTruly() throws {
    let bytes = [UInt8](repeating: 0x80, count: 64)
    #expect(try message(bytes, as: "a.bin").contains("no parameter file beside it"))
    try write("range_looks: 5\n", to: folder.file("a.par"))
    #expect(try message(bytes, as: "a.bin").contains("a.par beside it has no width"))
    try write([0, 1, 2, 3] as [UInt8], to: folder.file("b.bin.rsc"))
    #expect(try message(bytes, as: "b.bin").contains("b.bin.rsc beside it is not text"))
    try write(
      "version https://git-lfs.github.com/spec/v1\nsize 5\n", to: folder.file("c.bin.rsc"))
    #expect(try message(bytes, as: "c.bin").contains("c.bin.rsc beside it cannot be read"))
  }

  @Test func aBrokenLinkIsNoMissingFile() throws {
    try FileManager.default.createSymbolicLink(
      atPath: folder.file("a.tif"), withDestinationPath: ".git/annex/objects/x.tif")
    let error = #expect(throws: RasterError.self) { try RasterReader.read(folder.file("a.tif")) }
    for word in ["link to .git/annex/objects/x.tif", "git annex get"] {
      #expect(error?.description.contains(word) == true)
    }
  }
}
