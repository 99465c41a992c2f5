import Foundation
import TestSupport
import Testing
import TorchCore

@testable import GANSampling

@Suite struct RateMapModelTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  @Test func aFixedSizeModelIsRead() throws {
    let model = try RateMapModel(contentsOf: writeFixedSizeModel(in: folder))
    #expect(model.defaultSize == MapSize(width: 64, height: 64))
    #expect(model.scenes == ["etna"] && model.scaleCMPerYear == 3 && model.sha256.count == 64)
    let maps = try model.maps(0..<3, seed: 2)
    #expect(maps.map(\.count) == [4096, 4096, 4096])
    #expect(maps[0] != maps[1] && maps[1] != maps[2])
    #expect(try model.maps(0..<3, seed: 2) == maps)
    #expect(try model.maps(0..<3, seed: 3) != maps)
    let refusal = message { _ = try model.maps(0..<1, size: MapSize(width: 64, height: 32)) }
    #expect(refusal.contains("only maps of 64x64 pixels"))
  }

  @Test(arguments: [false, true]) func aFieldModelDrawsAnySize(detail: Bool) throws {
    let model = try RateMapModel(contentsOf: writeFieldModel(in: folder, detail: detail))
    #expect(model.defaultSize == MapSize(width: 48, height: 48))
    #expect(model.scenes == ["coso"] && model.scaleCMPerYear == nil)
    let size = MapSize(width: 30, height: 20)
    let maps = try model.maps(4..<6, seed: 2, size: size)
    #expect(maps.map(\.count) == [600, 600] && maps.joined().allSatisfy(\.isFinite))
    #expect(try model.maps(5..<6, seed: 2, size: size) == [maps[1]])
    #expect(try model.maps(0..<1)[0].count == 48 * 48)
  }

  /// The reason is the size, not the model's weights.
  @Test func aSinglePixelHasNoSpreadToScale() throws {
    let pixel = MapSize(width: 1, height: 1)
    let native = try RateMapModel(contentsOf: writeFieldModel(in: folder))
    #expect(message { _ = try native.maps(0..<1, size: pixel) }.contains("at least 2 pixels"))
    #expect(try native.maps(0..<1, size: MapSize(width: 2, height: 1))[0].count == 2)
    let detailed = try RateMapModel(contentsOf: writeFieldModel(in: folder, detail: true))
    #expect(try detailed.maps(0..<1, size: pixel)[0].count == 1)
  }

  @Test func whatCannotBeDrawnIsRefused() throws {
    let model = try RateMapModel(contentsOf: writeFieldModel(in: folder))
    #expect(message { _ = try model.maps(-1..<1) }.contains("first index is -1"))
    let large = MapSize(width: 20_001, height: 2)
    #expect(message { _ = try model.maps(0..<1, size: large) }.contains("20001x2"))
    #expect(try model.maps(3..<3).isEmpty)
  }

  @Test func aRunFolderStandsForItsModel() throws {
    let run = folder.file("00000-run")
    try FileManager.default.createDirectory(atPath: run, withIntermediateDirectories: true)
    #expect(
      message { _ = try RateMapModel(contentsOf: run) }.contains("\(run)/model.safetensors"))
    try FileManager.default.moveItem(
      atPath: writeFixedSizeModel(in: folder), toPath: "\(run)/model.safetensors")
    #expect(try RateMapModel(contentsOf: run).scenes == ["etna"])
  }

  @Test func otherFilesAreNamed() throws {
    let missing = folder.file("missing.safetensors")
    #expect(message { _ = try RateMapModel(contentsOf: missing) }.contains(missing))
    let other = folder.file("other.safetensors")
    try Safetensors.write(["x": .zeros([1])], to: other)
    #expect(message { _ = try RateMapModel(contentsOf: other) }.contains(other))
  }
}
