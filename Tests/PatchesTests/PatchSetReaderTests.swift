import Foundation
import RasterIO
import Rasters
import TestSupport
import Testing

@testable import Datasets
@testable import Jobs
@testable import Patches

struct PatchSetReaderTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func write(_ name: String, shape: [Int], _ value: (Int) -> Float) throws -> String {
    let path = folder.file(name)
    try NpyArray(shape: shape, values: (0..<shape.reduce(1, *)).map(value)).write(to: path)
    return path
  }

  private func reason(_ path: String, _ reader: PatchSetReader = PatchSetReader(count: 9)) -> String
  {
    do {
      _ = try reader.read(path, name: "a")
      return ""
    } catch {
      return "\(error)"
    }
  }

  @Test("a stack gives its first patches, with or without a channel axis")
  func stack() throws {
    for shape in [[3, 2, 2], [3, 1, 2, 2]] {
      let path = try write("stack.npy", shape: shape) { Float($0) }
      let set = try PatchSetReader(count: 2).read(path, name: "a")
      #expect(set.kind == .stack && set.size == 2 && set.count == 2)
      #expect(set.patches == [[0, 1, 2, 3], [4, 5, 6, 7]])
      #expect(set.origins.map(\.label) == ["item 0", "item 1"])
      #expect(set.notes.contains { $0.contains("first 2 of 3") })
    }
  }

  @Test("units convert to cm/yr")
  func units() throws {
    let path = try write("stack.npy", shape: [1, 1, 1]) { _ in 3 }
    let set = try PatchSetReader(count: 1, unit: .millimetersPerYear).read(path, name: "a")
    #expect(abs(set.patches[0][0] - 0.3) < 1e-6)
    #expect(
      reason(path, PatchSetReader(count: 1, unit: .radians)).contains("which is not a rate"))
  }

  @Test("a folder of samples goes by its manifest, in order, one file a map")
  func folderOfSamples() throws {
    let maps = folder.file("maps")
    try FileManager.default.createDirectory(atPath: maps, withIntermediateDirectories: true)
    for index in [2, 0, 1] {
      let raster = Raster(
        width: 2, height: 2, values: Array(repeating: Float(index), count: 4),
        unit: .centimetersPerYear)
      let stem = "\(maps)/sample-\(index.zeroPadded(8))"
      try RasterWriter.write(raster, to: "\(stem).npy", format: .npy)
      try RasterWriter.write(raster, to: "\(stem).png", format: .png)
    }
    #expect(reason(maps).contains("states no unit"))
    try Data(#"{"unit": "mm/yr", "isComplete": false}"#.utf8).write(
      to: URL(fileURLWithPath: "\(maps)/manifest.json"))
    let set = try PatchSetReader(count: 9).read(maps, name: "a")
    #expect(set.kind == .folder && set.patches.map { $0[3] } == [0, 0.1, 0.2])
    #expect(set.origins[2].file == "sample-00000002.npy")
    #expect(set.notes.contains { $0.contains("not complete") })
    #expect(set.part(1..<3, name: "b").origins[0].label == "sample-00000001")
    #expect(set.part(0..<3).sha256 == set.sha256 && set.part(0..<2).sha256 != set.sha256)
  }

  @Test("a dataset is drawn by the loader's rules, the same again with the same seed")
  func dataset() throws {
    let scene = try write("waves.npy", shape: [96, 96]) {
      14 * sinf(Float($0 / 96) / 15) * cosf(Float($0 % 96) / 21) + 8
    }
    let path = folder.file("dataset")
    _ = try DatasetPreparation(
      reading: RasterReadOptions(unit: .centimetersPerYear), preparation: ScenePreparation()
    ).run(files: [scene], output: path)
    #expect(try PatchSetReader.kind(of: path) == .dataset)
    let reader = PatchSetReader(count: 5, patchSize: 32, seed: 1)
    let set = try reader.read(path, name: "real")
    #expect(try reader.read(path, name: "real") == set)
    #expect(set.size == 32 && set.count == 5 && set.origins[0].scene == "waves")
    let more = try PatchSetReader(count: 8, patchSize: 32, seed: 1).read(path, name: "real")
    #expect(Array(more.patches.prefix(5)) == set.patches)
    #expect(
      set.patches.allSatisfy { patch in
        Double(patch.count { abs($0) <= 3 }) / Double(patch.count) <= 0.3
      })
    #expect(
      reason(path, PatchSetReader(count: 1, patchSize: 32, usesHeldOut: true))
        .contains("no held-out scene"))
  }

  @Test("what cannot be patches is an error that names file and remedy")
  func errors() throws {
    #expect(reason(folder.file("none")).contains("no such file or folder"))
    #expect(reason(folder.path).contains("contains no raster"))
    let oblong = try write("oblong.npy", shape: [2, 3, 4]) { _ in 0 }
    #expect(reason(oblong).contains("4x3 pixels"))
    let scene = try write("scene.npy", shape: [8, 8]) { _ in 0 }
    #expect(reason(scene).contains("[8, 8]"))
    let infinite = try write("infinite.npy", shape: [2, 2, 2]) { $0 == 5 ? .infinity : 0 }
    #expect(reason(infinite).contains("item 1") && reason(infinite).contains("1 of its 4 values"))
    let maps = folder.file("maps")
    try FileManager.default.createDirectory(atPath: maps, withIntermediateDirectories: true)
    for (name, side) in [("a", 2), ("b", 3)] {
      try NpyArray(shape: [side, side], values: Array(repeating: 1, count: side * side))
        .write(to: "\(maps)/\(name).npy")
    }
    let sized = reason(maps, PatchSetReader(count: 9, unit: .centimetersPerYear))
    #expect(sized.contains("b.npy") && sized.contains("3x3") && sized.contains("2x2"))
  }
}
