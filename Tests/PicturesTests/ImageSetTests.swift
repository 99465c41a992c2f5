import Foundation
import RasterIO
import TestSupport
import Testing

@testable import Pictures

struct ImageSetTests {
  private let set = ImageSet(
    name: "a", count: 3, width: 4, height: 2, channels: .gray, pixels: (0..<24).map { $0 * 10 })

  @Test("a folder of pictures comes back as it was written")
  func roundTrip() throws {
    let folder = try TemporaryFolder()
    try set.write(folder: folder.file("a"))
    let read = try ImageSet.read(folder: folder.file("a"), name: "a", count: 9)
    #expect(read.count == 3 && read.channels == .rgb)
    #expect(read.pixels == set.pixels.flatMap { [$0, $0, $0] })
    #expect(try ImageSet.read(folder: folder.file("a"), name: "a", count: 2).count == 2)
    #expect(set.part(1..<3).pixels == Array(set.pixels[8...]))
  }

  @Test("no folder, no picture, and pictures of two sizes are errors")
  func errors() throws {
    let folder = try TemporaryFolder()
    func reason() -> String {
      message { _ = try ImageSet.read(folder: folder.path, name: "a", count: 9) }
    }
    #expect(reason().contains("no .png file"))
    try PNGImage(width: 2, height: 2, channels: .gray, pixels: [1, 2, 3, 4])
      .write(to: folder.file("a.png"))
    try PNGImage(width: 1, height: 2, channels: .gray, pixels: [1, 2])
      .write(to: folder.file("b.png"))
    #expect(reason().contains("b.png") && reason().contains("one size"))
    #expect(
      message { _ = try ImageSet.read(folder: folder.file("x"), name: "a", count: 9) }
        .contains("no such folder"))
  }

  @Test("every row filter of PNG is undone")
  func filters() throws {
    let image = try PNGImage.read(fixturePath("filters.png"))
    let expected = try NpyArray.read(fixturePath("filters.npy"))
    #expect([image.height, image.width, 3] == expected.shape)
    #expect(image.pixels.map(Float.init) == expected.values)
  }

  @Test("alpha, damage and a cut end are errors that name the file")
  func damagedPicture() throws {
    let folder = try TemporaryFolder()
    #expect(
      message { _ = try PNGImage.read(fixturePath("alpha.png")) }.contains("without alpha"))
    let whole = try Data(contentsOf: URL(fileURLWithPath: fixturePath("filters.png")))
    let path = folder.file("a.png")
    for length in 0..<whole.count {
      try whole.prefix(length).write(to: URL(fileURLWithPath: path))
      #expect(message { _ = try PNGImage.read(path) }.contains("a.png"), "cut at \(length)")
    }
    for place in 8..<whole.count {
      var bytes = whole
      bytes[place] ^= 0x55
      try bytes.write(to: URL(fileURLWithPath: path))
      #expect(throws: (any Error).self, "byte \(place)") { try PNGImage.read(path) }
    }
  }
}
