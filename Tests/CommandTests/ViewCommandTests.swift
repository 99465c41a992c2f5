import Foundation
import Pictures
import RasterIO
import TestSupport
import Testing

/// `ganinsar view` as a user calls it.
@Suite(.enabled(if: CommandRunner.isBuilt, "needs the built command"), .serialized)
struct ViewCommandTests {
  let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private func raster(_ name: String, _ value: (Int) -> Float) throws -> String {
    let path = folder.file(name)
    try NpyArray(shape: [30, 40], values: (0..<1200).map(value)).write(to: path)
    return path
  }

  @Test func rastersAreDrawnSideBySide() throws {
    let rate = try raster("rate.npy") { sinf(Float($0) / 70) }
    let height = try raster("height.npy") { Float($0) }
    let picture = folder.file("a.png")
    let alone = try CommandRunner.run(
      "view", rate, "-o", picture, "--unit", "mm/yr", "--scale", "1")
    #expect(alone.code == 0 && alone.output == "\(picture)\n", "\(alone.errors)")
    let width = try PNGImage.read(picture).width
    let again = try CommandRunner.run("view", rate, "-o", picture)
    #expect(again.code == 1 && again.errors.contains("--overwrite"))
    let both = try CommandRunner.run(
      "view", rate, height, "-o", picture, "--overwrite", "--scale", "1", "--columns", "2",
      "--limits=-1:2", "--title", "two")
    #expect(both.code == 0, "\(both.errors)")
    #expect(try PNGImage.read(picture).width > width * 3 / 2)
  }

  @Test func stacksSamplesAndFoldersAreDrawn() throws {
    let rate = try raster("rate.npy") { sinf(Float($0) / 70) }
    let stack = folder.file("stack")
    let network = ["--unit", "cm/yr", "--set", "network.count=3", "--quiet"]
    #expect(try CommandRunner.run(["compose", rate, "-o", stack] + network).code == 0)
    let sheet = try PNGImage.read("\(stack)/contact-sheet.png")
    #expect(sheet.width > 800 && sheet.height > 300)
    for format in ["webdataset", "zarr", "npy"] {
      let samples = folder.file(format)
      let made = try CommandRunner.run(
        ["compose", rate, "-o", samples, "--samples", format] + network)
      #expect(made.code == 0, "\(made.errors)")
      #expect(FileManager.default.fileExists(atPath: "\(samples)/contact-sheet.png"))
      let viewed = try CommandRunner.run(
        "view", samples, "-o", folder.file("\(format).png"), "--sample", "1", "--sample", "0")
      #expect(viewed.code == 0, "\(viewed.errors)")
    }
    // The formats hold the same samples under titles of equal length or not: compare two of them.
    let pictures = try ["webdataset", "zarr"].map {
      try CommandRunner.run(
        "view", folder.file($0), "-o", folder.file("\($0)-t.png"), "--title", "t", "--count", "2")
      return try PNGImage.read(folder.file("\($0)-t.png"))
    }
    #expect(pictures[0] == pictures[1])
    let layers = try CommandRunner.run(
      "view", stack, "-o", folder.file("l.png"), "--layers", "wrapped,nothing")
    #expect(layers.code == 0, "\(layers.errors)")
    let none = try CommandRunner.run(
      "view", stack, "-o", folder.file("n.png"), "--layers", "nothing")
    #expect(none.code == 1 && none.errors.contains("wrapped"), "\(none.errors)")
    #expect(!FileManager.default.fileExists(atPath: folder.file("n.png")))
  }

  @Test func faultsAreNamed() throws {
    let empty = try raster("nan.npy") { _ in .nan }
    let good = try raster("good.npy") { Float($0) }
    try Data().write(to: URL(fileURLWithPath: folder.file("none.tif")))
    let cases: [(arguments: [String], code: Int32, text: String)] = [
      ([empty, "-o", "a.png"], 1, "no valid pixel"),
      ([folder.file("none.tif"), "-o", "a.png"], 1, "empty"),
      ([folder.file("missing.tif"), "-o", "a.png"], 1, "No such file"),
      ([good, "-o", "a.gif"], 1, ".png, .svg or .pdf"),
      ([good, "-o", "a"], 1, ".png, .svg or .pdf"),
      ([good, "-o", "a.png", "--band", "2"], 1, "band 2"),
      ([good, "-o", "a.png", "--limits", "3:1"], 64, "LOW:HIGH"),
      ([good, "-o", "a.png", "--scale", "9"], 64, "--scale"),
      ([good, "-o", "a.png", "--side", "8000", "--scale", "8"], 1, "may have"),
      ([folder.path, good, "-o", "a.png"], 1, "is a folder"),
      (["-o", "a.png"], 64, "files"),
    ]
    for (arguments, code, text) in cases {
      let arguments = arguments.map { $0.hasPrefix("a.") || $0 == "a" ? folder.file($0) : $0 }
      let outcome = try CommandRunner.run(["view"] + arguments)
      #expect(outcome.code == code, "\(arguments): \(outcome.errors)")
      #expect(outcome.errors.contains(text), "\(arguments): \(outcome.errors)")
    }
    #expect(!FileManager.default.fileExists(atPath: folder.file("a.png")))
  }

  #if Cairo
    @Test func svgAndPDFAreWritten() throws {
      let rate = try raster("rate.npy") { sinf(Float($0) / 70) }
      let outcome = try CommandRunner.run(
        "view", rate, "-o", folder.file("a.pdf"), "--svg", "--json")
      #expect(outcome.code == 0, "\(outcome.errors)")
      for name in ["a.pdf", "a.svg"] {
        #expect(outcome.output.contains(name))
        #expect(FileManager.default.fileExists(atPath: folder.file(name)))
      }
    }
  #endif
}
