import Foundation
import Kernel
import TestSupport
import Testing
import TorchCore
import TorchTestSupport

@testable import GANModel
@testable import TorchNN

@Suite struct DetailModelTests {
  private let folder: TemporaryFolder
  private let random: RandomGenerator

  init() throws {
    folder = try TemporaryFolder()
    random = try RandomGenerator(seed: 5, .testInput)
  }

  private func model(_ rule: FieldRefinement.Rule = .spline) throws -> DetailModel {
    try DetailModel.read(writeSmallFieldModel(in: folder, detail: true, random, rule: rule))
  }

  private func ground(_ width: Int, _ height: Int) -> [Float] {
    var random = CounterRandom(3, .testInput)
    return (0..<width * height).map { (index: Int) -> Float in
      5 + 0.1 * Float(index % width) + Float(random.normal())
    }
  }

  /// Larger than a tile, so that borders of tiles are met.
  @Test(arguments: [FieldRefinement.Rule.blocks, .spline])
  func theCoarseMapIsTheMeanOfTheBlocks(rule: FieldRefinement.Rule) throws {
    let (width, height) = (110, 7)
    let coarse = ground(width, height)
    let model = try model(rule)
    let map = try model.refined(
      coarse, width: width, height: height, FieldDraw(seed: 1, map: 2), strength: 1,
      floor: 0.01)
    let means = try Tensor(map, shape: [1, 1, 4 * height, 4 * width]).averagePool(kernel: 4)
      .floats()
    let worst = zip(means, coarse).map { abs($0 - $1) }.max()!
    #expect(worst < 1e-4)
    let spread = try Tensor(map, shape: [map.count]).std().item()
    let coarseSpread = try Tensor(coarse, shape: [coarse.count]).std().item()
    #expect(spread > coarseSpread)
    // The same again; other detail for another map or stage.
    func again(_ map: Int, stage: Int = 0) throws -> [Float] {
      try model.refined(
        coarse, width: width, height: height, FieldDraw(seed: 1, map: map), strength: 1,
        floor: 0.01, stage: stage)
    }
    #expect(try again(2) == map)
    #expect(try again(3) != map)
    #expect(try again(2, stage: 1) != map)
  }

  /// Energy is the law of roughness and spread.
  @Test func strengthFollowsTheGround() throws {
    let flat = try Tensor.full([1, 1, 9, 9], 3)
    let onFlat = try FieldRefinement.energy(flat, smallest: 0.1, strength: 0.5).exp().floats()
    #expect(onFlat.count == 9 && onFlat.allSatisfy { abs($0 - 0.05) < 1e-4 })
    // A checkerboard of -1 and 1 differs from its neighbors by 2.
    let signs = (0..<81).map { (index: Int) -> Float in (index / 9 + index % 9) % 2 == 0 ? -1 : 1 }
    let board = try Tensor(signs, shape: [1, 1, 9, 9])
    let onBoard = try FieldRefinement.energy(board, smallest: 0, strength: 1).exp().floats()
    #expect(onBoard.allSatisfy { abs($0 - 1.17 * 2) < 0.01 })
  }

  @Test func constantGroundStaysConstant() throws {
    let map = try model().refined(
      [Float](repeating: 4, count: 9), width: 3, height: 3, FieldDraw(seed: 1, map: 0), strength: 1,
      floor: 0.01)
    #expect(map.allSatisfy { abs($0 - 4) < 1e-4 })
    let single = try model().refined(
      [4], width: 1, height: 1, FieldDraw(seed: 1, map: 0), strength: 1,
      floor: 0.01)
    #expect(single.count == 16 && single.allSatisfy(\.isFinite))
  }

  @Test func otherFilesAreRefused() throws {
    let native = try writeSmallFieldModel(in: folder, detail: false, random)
    let error = #expect(throws: TorchError.self) { try DetailModel.read(native) }
    #expect("\(try #require(error))".contains("no network for detail"))
    let other = folder.file("other.safetensors")
    try Safetensors.write(["x": .zeros([1])], to: other)
    #expect(throws: TorchError.self) { try DetailModel.read(other) }
    try Safetensors.write(
      ["base.x": .zeros([1])],
      metadata: [
        "format": DetailModel.formatName,
        "description": #"{"detailChannels": 1, "scenes": []}"#,
      ], to: other)
    let unknown = #expect(throws: TorchError.self) { try DetailModel.read(other) }
    #expect("\(try #require(unknown))".contains("base.x"))
  }
}
