import Rasters
import TestSupport

@testable import RasterIO

#if GDAL
  import CHDF5
  import Foundation
  import TestSupport
  import Testing

  @testable import RasterIO

  import Rasters

  /// Files that name other files, claim more than they hold, or bring text that moves a cursor.
  struct ForeignFilesTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func refusal(_ path: String) -> String {
      let error = #expect(throws: RasterError.self) { try RasterReader.read(path) }
      return error?.description ?? ""
    }

    // MARK: - VRT

    private func vrt(
      _ source: String, relative: Bool = true, band: String = "",
      root: String = "", named name: String = "a.vrt"
    ) throws -> String {
      let path = folder.file(name)
      try write(
        """
        <VRTDataset rasterXSize="37" rasterYSize="21"\(root)>
          <VRTRasterBand dataType="Float32" band="1"\(band)>
            <SimpleSource>
              <SourceFilename relativeToVRT="\(relative ? 1 : 0)">\(source)</SourceFilename>
              <SourceBand>1</SourceBand>
            </SimpleSource>
          </VRTRasterBand>
        </VRTDataset>
        """, to: path)
      return path
    }

    private func tiff(_ name: String) throws -> String {
      let path = folder.file(name)
      try FileManager.default.createDirectory(
        atPath: URL(fileURLWithPath: path).deletingLastPathComponent().path,
        withIntermediateDirectories: true)
      try RasterWriter.write(sampleRaster(), to: path, format: .tif)
      return path
    }

    @Test func sourcesBeneathTheFolderAreRead() throws {
      let source = try tiff("parts/b.tif")
      for path in [try vrt("parts/b.tif"), try vrt(source, relative: false)] {
        #expect(sameValues(try RasterReader.read(path).raster.values, sampleRaster().values))
      }
      // A VRT of a VRT.
      try FileManager.default.moveItem(
        atPath: try vrt("parts/b.tif"), toPath: folder.file("c.vrt"))
      #expect(try RasterReader.read(try vrt("c.vrt")).raster.width == 37)
    }

    @Test(
      "nothing but files beneath the folder of a VRT",
      arguments: [
        "/vsicurl/http://127.0.0.1:9/x.tif", "/vsizip/x.zip/x.tif", "http://127.0.0.1:9/x.tif",
        "NETCDF:x.nc:z", "GTIFF_DIR:1:b.tif", "vrt://b.tif", "/etc/passwd", "../b.tif",
        "parts/../../b.tif", "WMS:x", "&lt;VRTDataset/&gt;", "%25",
      ])
    func sourcesElsewhere(source: String) throws {
      #expect(refusal(try vrt(source)).contains("a.vrt: a source of it is in '"))
    }

    @Test func aLinkOutOfTheFolderIsElsewhere() throws {
      let outside = try TemporaryFolder()
      try RasterWriter.write(sampleRaster(), to: outside.file("b.tif"), format: .tif)
      try FileManager.default.createSymbolicLink(
        atPath: folder.file("b.tif"), withDestinationPath: outside.file("b.tif"))
      #expect(refusal(try vrt("b.tif")).contains("outside of its folder"))
    }

    @Test func whatElseAVRTCanDoIsRefused() throws {
      _ = try tiff("b.tif")
      #expect(refusal(try vrt("b.tif", named: "a.tif")).contains("not named .vrt"))
      #expect(
        refusal(try vrt("b.tif", root: " subClass=\"VRTPansharpenedDataset\"")).contains("it is a"))
      let path = folder.file("code.vrt")
      let text = try String(contentsOfFile: try vrt("b.tif"), encoding: .utf8)
      try write(
        text.replacingOccurrences(
          of: "<SimpleSource>",
          with: "<PixelFunctionCode>import os</PixelFunctionCode><SimpleSource>"),
        to: path)
      #expect(refusal(path).contains("'PixelFunctionCode', which is not known to be harmless"))
      // A source that is a VRT by its content only.
      try FileManager.default.moveItem(atPath: try vrt("/etc/passwd"), toPath: folder.file("c.tif"))
      #expect(refusal(try vrt("c.tif")).contains("c.tif: it is a VRT that is not named .vrt"))
      // A band of raw bytes.
      try write(
        """
        <VRTDataset rasterXSize="16" rasterYSize="16">
        <VRTRasterBand dataType="Byte" band="1" subClass="VRTRawRasterBand">
        <SourceFilename>/etc/passwd</SourceFilename></VRTRasterBand></VRTDataset>
        """, to: path)
      #expect(refusal(path).contains("/etc/passwd"))
    }

    @Test func descriptionsOfServersAreNoRasters() throws {
      let path = folder.file("a.tif")
      try write(
        "<GDAL_WMS><Service name=\"TMS\"><ServerUrl>http://127.0.0.1:9/</ServerUrl></Service>"
          + "</GDAL_WMS>", to: path)
      #expect(refusal(path).contains("it is a text that begins"))
    }

    /// GDAL would open a mask of any format.
    @Test func sidecarsThatAreVRTsAreLeftOut() throws {
      let path = try tiff("a.tif")
      let mask = try vrt("/vsicurl/http://127.0.0.1:9/x.tif")
      for name in ["a.tif.msk", "a.tif.ovr"] {
        try? FileManager.default.removeItem(atPath: folder.file(name))
        try FileManager.default.copyItem(atPath: mask, toPath: folder.file(name))
      }
      #expect(sameValues(try RasterReader.read(path).raster.values, sampleRaster().values))
    }

    // MARK: - Claims

    /// A TIFF without any values.
    private func emptyTIFF(width: UInt32, height: UInt32) -> [UInt8] {
      func bytes(_ value: UInt32, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * UInt32($0))) }
      }
      let entries: [(UInt32, UInt32, UInt32)] = [
        (256, 4, width), (257, 4, height), (258, 3, 32), (259, 3, 8), (262, 3, 1), (273, 4, 0),
        (277, 3, 1), (278, 4, height), (279, 4, 0), (339, 3, 3),
      ]
      return Array("II".utf8) + bytes(42, 2) + bytes(8, 4) + bytes(UInt32(entries.count), 2)
        + entries.flatMap { bytes($0.0, 2) + bytes($0.1, 2) + bytes(1, 4) + bytes($0.2, 4) }
        + bytes(0, 4)
    }

    @Test(
      arguments: [(40_000, 40_000), (65_535, 65_535), (2_000_000_000, 2)] as [(UInt32, UInt32)])
    func aSmallFileDoesNotMakeALargeRaster(width: UInt32, height: UInt32) throws {
      let path = folder.file("a.tif")
      try write(emptyTIFF(width: width, height: height), to: path)
      let text = refusal(path)
      #expect(text.contains("claims") && text.contains("in 134 bytes"), "\(text)")
    }

    @Test func memoryRule() throws {
      func check(_ counts: [Int], _ bytes: Int) throws {
        try MemoryRule.check(counts, what: "x", path: "a", fileBytes: bytes)
      }
      try check([11_585, 11_585], 100)
      #expect(throws: RasterError.self) { try check([12_000, 12_000], 100) }
      try check([12_000, 12_000], 60_000_000)
      #expect(throws: RasterError.self) { try check([.max, 2], .max) }
      #expect(throws: RasterError.self) { try check([-1, 2], 100) }
    }

    // MARK: - HDF5

    private func hdf5(_ name: String, _ body: (hid_t) -> Void) throws -> String {
      let path = folder.file(name)
      NativeLibrary.exclusively {
        let file = H5Fcreate(
          path, ch5_truncate(), ch5_default_properties(), ch5_default_properties())
        body(file)
        H5Fclose(file)
      }
      return path
    }

    private func addPlane(_ file: hid_t, _ name: String, creation: hid_t = 0) {
      let space = H5Screate_simple(2, [4, 4], nil)
      let dataset = H5Dcreate2(file, name, ch5_little_float(), space, 0, creation, 0)
      H5Dclose(dataset)
      H5Sclose(space)
    }

    @Test(.timeLimit(.minutes(10)))
    func everyObjectIsVisitedOnce() throws {
      let path = try hdf5("a.h5") { file in
        addPlane(file, "velocity")
        for index in 0..<20 {
          H5Lcreate_hard(file, "/", file, "again\(index)", 0, 0)
          H5Lcreate_soft("/", file, "soft\(index)", 0, 0)
        }
      }
      #expect(try HDF5Reader(path).shapes == ["velocity": [4, 4]])
    }

    @Test func linksAndStorageBeneathTheFolderOnly() throws {
      let outside = try TemporaryFolder()
      _ = try hdf5("b.h5") { addPlane($0, "z") }
      try FileManager.default.copyItem(atPath: folder.file("b.h5"), toPath: outside.file("b.h5"))
      let inside = try hdf5("a.h5") { H5Lcreate_external("b.h5", "/z", $0, "velocity", 0, 0) }
      #expect(try HDF5Reader(inside).shapes == ["velocity": [4, 4]])
      #expect(try RasterReader.read(inside).raster.width == 4)
      let elsewhere = try hdf5("a.h5") {
        H5Lcreate_external(outside.file("b.h5"), "/z", $0, "velocity", 0, 0)
      }
      #expect(refusal(elsewhere).contains("the link 'velocity' is in '"))
      // A file that is linked to links on.
      _ = try hdf5("b.h5") { H5Lcreate_external("c.h5", "/z", $0, "z", 0, 0) }
      _ = try hdf5("c.h5") { addPlane($0, "z") }
      let chain = try hdf5("a.h5") { H5Lcreate_external("b.h5", "/z", $0, "velocity", 0, 0) }
      #expect(refusal(chain).contains("leads through several files"))

      let raw = try hdf5("a.h5") { file in
        let creation = H5Pcreate(ch5_dataset_creation())
        H5Pset_external(creation, "/etc/passwd", 0, 64)
        addPlane(file, "velocity", creation: creation)
        H5Pclose(creation)
      }
      #expect(refusal(raw).contains("/etc/passwd"))
      let virtual = try hdf5("a.h5") { file in
        let creation = H5Pcreate(ch5_dataset_creation())
        let space = H5Screate_simple(2, [4, 4], nil)
        H5Pset_virtual(creation, space, outside.file("b.h5"), "/z", space)
        addPlane(file, "velocity", creation: creation)
        H5Sclose(space)
        H5Pclose(creation)
      }
      #expect(refusal(virtual).contains("the dataset 'velocity' is in '"))
    }

    // MARK: - netCDF

    /// Two record variables of 2^60 bytes each.
    @Test func recordsTooLongToAddUpAreAnError() throws {
      func number(_ value: Int, _ count: Int = 8) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * (count - 1 - $0))) }
      }
      func name(_ text: String) -> [UInt8] { number(1) + Array(text.utf8) + [0, 0, 0] }
      var bytes = Array("CDF".utf8) + [5] + number(2)
      bytes += number(10, 4) + number(2) + name("t") + number(0) + name("x") + number(1 << 58)
      bytes += number(0, 4) + number(0)
      bytes += number(11, 4) + number(9)
      for index in 0..<9 {
        bytes += name("\(index)") + number(2) + number(0) + number(1) + number(0, 4) + number(0)
        bytes += number(5, 4) + number(0) + number(400)
      }
      let path = folder.file("a.nc")
      try write(bytes, to: path)
      #expect(refusal(path).contains("netCDF header is invalid"))
    }

    // MARK: - Text

    @Test func controlCharactersAreShownEscaped() throws {
      let path = folder.file("a.tif")
      try RasterWriter.write(
        sampleRaster(unit: nil), to: path, format: .tif,
        options: .init(metadata: ["UNITS": "evil\u{202e}\nsecond line", "NOTE": "\u{202e}x"]))
      let description = try RasterReader.read(path).description
      #expect(description.unitSource.contains("evil\\u{202E}\\u{A}second line"))
      #expect(description.metadata["NOTE"] == "\\u{202E}x")
      let error = RasterError.malformed(path: "a\nb", reason: "\u{1b}]0;x\u{7}")
      #expect(!error.description.unicodeScalars.contains { $0.value < 32 })
    }
  }
#endif
