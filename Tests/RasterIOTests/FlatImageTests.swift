import Foundation
import TestSupport
import Testing

@testable import RasterIO

@Suite struct FlatImageTests {
  let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  @Test func imagesWithoutHeaderAreWrittenAsTheyAreRead() throws {
    let (a, b): ([Float], [Float]) = ([1, -2, 3, 4, 5.5, 6], [7, 8, 9, -10, 11, 12])
    try FlatImage(width: 3, height: 2, planes: [a, b], order: .big).write(to: folder.file("two"))
    let lines: [Float] = [1, -2, 3, 7, 8, 9, 4, 5.5, 6, -10, 11, 12]
    #expect(
      try Data(contentsOf: URL(fileURLWithPath: folder.file("two")))
        == Data(
          floatBytes(lines, order: .big)))
    try FlatImage(width: 3, height: 2, planes: [[0, .nan, 1, 2, -3, 3]], type: .complex64)
      .write(to: folder.file("complex"))
    let options = RasterReadOptions.flat(width: 3, sampleType: .complex64, byteOrder: .little)
    let back = try RasterReader.read(folder.file("complex"), options: options).raster.values
    #expect(back[1].isNaN && abs(back[4] + 3) < 1e-6 && back[0] == 0)
    try FlatImage(width: 3, height: 2, planes: [[0, .nan, 1, 2, 300, -3]], type: .uint8)
      .write(to: folder.file("bytes"))
    #expect(
      try Data(contentsOf: URL(fileURLWithPath: folder.file("bytes")))
        == Data([0, 0, 1, 2, 255, 0]))
    #expect(throws: (any Error).self) {
      try FlatImage(width: 3, height: 2, planes: [a]).write(to: folder.file("two"))
    }
  }

  @Test func theSizeIsReadFromAnOffsetFile() throws {
    try write(floatBytes(.init(repeating: 1, count: 12)), to: folder.file("pair.unw"))
    try write(
      "interferogram_width: 4\ninterferogram_azimuth_lines: 3\n", to: folder.file("pair.off"))
    let scene = try RasterReader.read(folder.file("pair.unw"))
    #expect(scene.raster.width == 4 && scene.raster.height == 3)
    #expect(RasterReader.gammaParameters(of: folder.file("pair.unw")) == folder.file("pair.off"))
  }
}
