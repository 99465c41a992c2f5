import DurableFiles
import Foundation
import TestSupport
import Testing
import TorchCore
import TorchTestSupport

@testable import GANModel
@testable import TorchNN

@Suite struct FieldModelTests {
  private let random: RandomGenerator
  private let folder: TemporaryFolder

  init() throws {
    random = try RandomGenerator(seed: 3, .testInput)
    folder = try TemporaryFolder()
  }

  // MARK: Parity with the PyTorch twin

  @Test func baseNetworkAsInPyTorch() throws {
    let fixture = try fixture("field")
    let network = try FieldGenerator(
      .init(
        inputChannels: FieldLatents.baseChannels, widths: [8, 8, 4, 4, 2], firstKernelSize: 1,
        styleSize: 6, labelCount: 3, outputChannels: 2), random)
    try network.load(fixture.group("base.state"))
    try network.setTraining(false)
    let output = try network(
      fixture.tensor("base.grid"), style: fixture.tensor("base.style"),
      labels: fixture.tensor("base.labels"))
    #expect(output.shape == [2, 2, 16 * 6 - 62, 16 * 7 - 62])
    try expectClose(output, fixture.tensor("base.output"), rtol: modelRTol, atol: modelATol)
  }

  @Test func aDeepBaseNetworkAsInPyTorch() throws {
    let fixture = try fixture("field")
    let network = try FieldGenerator(
      .init(
        inputChannels: FieldLatents.baseChannels, widths: Array(repeating: 2, count: 7),
        firstKernelSize: 1, styleSize: 6, labelCount: 3, outputChannels: 1, noisePlanes: 2), random)
    try network.load(fixture.group("deep.state"))
    try network.setTraining(false)
    let noise = try fixture.tensor("deep.noise")
    let output = try network(
      fixture.tensor("deep.grid"), style: fixture.tensor("deep.style"),
      labels: fixture.tensor("deep.labels"), noise: noise)
    #expect(output.shape == [1, 1, 64 * 5 - 254, 64 * 5 - 254])
    try expectClose(output, fixture.tensor("deep.output"), rtol: modelRTol, atol: modelATol)
    // What draws endless maps computes the same.
    let plan = try withoutGradients {
      try FieldPlan(
        network, style: fixture.tensor("deep.style"), labels: fixture.tensor("deep.labels"))(
          FieldInput(grid: fixture.tensor("deep.grid"), noise: noise))
    }
    try expectClose(plan, fixture.tensor("deep.output"), rtol: modelRTol, atol: modelATol)
  }

  @Test func theWidthsFollowFromTheBlocks() {
    func widths(_ blocks: Int) -> [Int] {
      FieldGenerator.Layout.base(channels: 3, labelCount: 5, outputChannels: 1, blocks: blocks)
        .widths
    }
    #expect(widths(4) == [48, 48, 24, 12, 6])
    #expect(widths(6) == [48, 48, 48, 48, 24, 12, 6])
  }

  @Test func refinementAsInPyTorch() throws {
    let fixture = try fixture("field")
    let network = try smallDetail()
    try network.load(fixture.group("detail.state"))
    try network.setTraining(false)
    let coarse = try fixture.tensor("coarse")
    let energy = try fixture.tensor("energy")
    let rule = FieldRefinement(rule: .blocks)
    try expectClose(
      rule.context(coarse, energy), fixture.tensor("context"), rtol: modelRTol,
      atol: modelATol)
    let refined = try rule.refine(
      coarse: coarse, energy: energy,
      latents: FieldInput(grid: fixture.tensor("latents"), noise: nil)
    ) { try network($0.grid, style: fixture.tensor("style")) }
    try expectClose(refined, fixture.tensor("refined"), rtol: modelRTol, atol: 1e-4)
    // The coarse map is the means of the blocks.
    try expectClose(
      refined.averagePool(kernel: 4), coarse.cropped(rule.margin), rtol: 0, atol: 1e-5)
  }

  @Test func refinementBySplineAsInPyTorch() throws {
    let fixture = try fixture("field")
    let network = try smallDetail()
    try network.load(fixture.group("detail.state"))
    try network.setTraining(false)
    let raster = try fixture.tensor("spline.coarse")
    let energy = try FieldRefinement.energy(raster, smallest: 0.3)
    try expectClose(energy, fixture.tensor("spline.energy"), rtol: modelRTol, atol: 1e-5)
    let enlarged = try FieldRefinement.spline(raster)
    try expectClose(enlarged, fixture.tensor("spline.enlarged"), rtol: modelRTol, atol: 1e-4)
    // The spline alone keeps the means, up to its cut off filter.
    try expectClose(enlarged.averagePool(kernel: 4), raster.cropped(5), rtol: 0, atol: 0.02)
    let rule = FieldRefinement(rule: .spline)
    let refined = try rule.refine(
      coarse: raster.cropped(3), energy: energy,
      latents: FieldInput(grid: fixture.tensor("spline.latents"), noise: nil)
    ) { try network($0.grid, style: fixture.tensor("style")) }
    try expectClose(refined, fixture.tensor("spline.refined"), rtol: modelRTol, atol: 1e-4)
    try expectClose(
      refined.averagePool(kernel: 4), raster.cropped(3 + rule.margin), rtol: 0, atol: 1e-5)
  }

  @Test func wrongStylesAndLabelsAreRefused() throws {
    let network = try smallDetail()
    let grid = try random.normal([1, 18, 9, 9])
    #expect(throws: TorchError.self) { try network(grid, style: random.normal([1, 7])) }
    #expect(throws: TorchError.self) {
      try network(grid, style: random.normal([1, 6]), labels: random.normal([1, 2]))
    }
    let error = #expect(throws: TorchError.self) {
      try network(grid, style: random.normal([1, 6]), noise: random.normal([1, 2, 18, 18]))
    }
    #expect("\(try #require(error))".contains("noise [N, 0, H + 4, W + 4]"))
  }

  // MARK: Parts of an endless map

  @Test(arguments: [(false, 4, nil), (true, 4, 1), (true, 6, 2)] as [(Bool, Int, Int?)])
  func partsEqualTheWhole(filtered: Bool, blocks: Int, noisePlanes: Int?) throws {
    let model = try FieldModel.read(
      writeModel(
        detail: !filtered, filtered: filtered, blocks: blocks, noisePlanes: noisePlanes))
    let style = try random.normal([1, 128])
    let labels = try random.normal([1, filtered ? 5 : 7])
    func draw(_ rows: Range<Int>, _ columns: Range<Int>) throws -> Tensor {
      try withoutGradients {
        try model.baseTile(FieldDraw(seed: 9, map: 5), rows: rows, columns: columns) {
          try model.base($0.grid, style: style, labels: labels, noise: $0.noise)
        }
      }
    }
    let whole = try draw(-40..<60, -7..<70)
    for (rows, columns) in [(-40..<(-20), -7..<70), (0..<33, 1..<2), (59..<60, 13..<70)] {
      let part = try draw(rows, columns)
      let same = try whole.narrow(2, from: rows.lowerBound + 40, length: rows.count)
        .narrow(3, from: columns.lowerBound + 7, length: columns.count)
      try expectClose(part, same, rtol: 0, atol: 1e-5)
    }
  }

  @Test(arguments: [-33, -32, -31, -1, 0, 15, 16, 31, 100]) func cellsCoverPixels(first: Int) {
    // n cells give 16 n - 62 pixels, of which the first is 31 pixels into the first cell; with six
    // blocks 64 n - 254 and 127.
    for (blocks, side, border) in [(4, 16, 31), (6, 64, 127)] {
      let (cells, offset) = FieldGeometry(blocks: blocks).cells(covering: first..<first + 40)
      #expect(side * cells.lowerBound + border + offset == first)
      #expect(offset >= 0 && offset + 40 <= side * cells.count - 2 * border)
    }
  }

  /// A training patch comes from 8 x 8 latents, of whose output the middle is taken.
  @Test(arguments: 4...6) func aPatchIsTheMiddleOfEightCells(blocks: Int) {
    let geometry = FieldGeometry(blocks: blocks)
    let (cells, first) = geometry.cells(covering: 0..<geometry.patchSide)
    #expect(cells.count == 8 && first == 1)
    #expect(geometry.patchSide == 64 << (blocks - 4))
  }

  // MARK: Maps

  @Test(arguments: [false, true]) func mapsDependOnSeedAndIndexAlone(detail: Bool) throws {
    let model = try FieldModel.read(writeModel(detail: detail))
    let map = try model.map(FieldDraw(seed: 1, map: 3), width: 50, height: 30)
    #expect(map.count == 1500 && map.allSatisfy(\.isFinite))
    _ = try model.map(FieldDraw(seed: 1, map: 0), width: 20, height: 20)
    #expect(try model.map(FieldDraw(seed: 1, map: 3), width: 50, height: 30) == map)
    #expect(try model.map(FieldDraw(seed: 1, map: 4), width: 50, height: 30) != map)
    #expect(try model.map(FieldDraw(seed: 2, map: 3), width: 50, height: 30) != map)
  }

  /// A native map has the mean of the training patch whose labels it got.
  @Test(arguments: [4, 6]) func mapsHaveTheMeanOfTheirLabel(blocks: Int) throws {
    let model = try FieldModel.read(writeModel(detail: false, mean: 12, blocks: blocks))
    let side = model.description.sizePixels
    let map = try model.map(FieldDraw(seed: 1, map: 0), width: side, height: side)
    #expect(map.count == (blocks == 4 ? 64 * 64 : 256 * 256))
    let mean = map.reduce(0, +) / Float(map.count)
    #expect(abs(mean - 12) < 0.1)
  }

  @Test func drawingCanBeInterrupted() throws {
    let model = try FieldModel.read(writeModel(detail: false))
    #expect(throws: RunError.interrupted) {
      try model.map(FieldDraw(seed: 1, map: 0), width: 64, height: 64) {
        throw RunError.interrupted
      }
    }
  }

  // MARK: Files

  @Test func otherFilesAreRefused() throws {
    let path = folder.file("other.safetensors")
    try Safetensors.write(["x": .zeros([1])], metadata: ["format": "other"], to: path)
    #expect(!FieldModel.isOne(path))
    #expect(throws: TorchError.self) { try FieldModel.read(path) }
    let model = try writeModel(detail: false)
    #expect(FieldModel.isOne(model))
    let error = #expect(throws: TorchError.self) { try ModelFile.read(model) }
    #expect("\(try #require(error))".contains("is a field model"))
    var bytes = try Data(contentsOf: URL(fileURLWithPath: model))
    bytes[bytes.count - 5] ^= 1
    try bytes.write(to: URL(fileURLWithPath: model))
    #expect(throws: TorchError.self) { try FieldModel.read(model) }
  }

  @Test func aSmallFileMakesNoLargeNetwork() throws {
    let path = try writeModel(detail: false, claimedChannels: 128)
    let error = #expect(throws: TorchError.self) { try FieldModel.read(path) }
    #expect("\(try #require(error))".contains("base.first.weight is not 2048 wide"))
  }

  @Test(arguments: [-1, 0, 3, 7, 1_000_000]) func otherNumbersOfBlocksAreRefused(blocks: Int) throws
  {
    let path = try writeModel(detail: false, claimedBlocks: blocks)
    let error = #expect(throws: TorchError.self) { try FieldModel.read(path) }
    #expect("\(try #require(error))".contains("baseBlocks is \(blocks): this version reads 4 to 6"))
  }

  /// A file with the tensors of another number of blocks.
  @Test(arguments: [(4, 6), (6, nil), (6, 5)])
  func blocksThatDoNotMatchTheTensorsAreRefused(blocks: Int, claimed: Int?) throws {
    let path = try writeModel(detail: false, blocks: blocks, claimedBlocks: .some(claimed))
    #expect(throws: (any Error).self) { try FieldModel.read(path) }
  }

  @Test(arguments: [(nil, 1), (2, 1), (1, nil), (1, 9), (1, -1)] as [(Int?, Int?)])
  func noiseThatDoesNotMatchTheTensorsIsRefused(planes: Int?, claimed: Int?) throws {
    let path = try writeModel(detail: false, noisePlanes: planes, claimedNoise: .some(claimed))
    let error = #expect(throws: (any Error).self) { try FieldModel.read(path) }
    if let claimed, !(0...8).contains(claimed) {
      #expect("\(try #require(error))".contains("baseNoisePlanes is \(claimed)"))
    }
  }

  /// White noise of a map: N(0, 1), the same in every part, other on each plane, row and map.
  @Test func noiseIsWhiteAndThePartsFit() throws {
    func noise(_ map: Int, _ rows: Range<Int>, _ columns: Range<Int>) throws -> Tensor {
      try FieldLatents.noise(
        seed: 3, .fieldDetailNoise, map: map, planes: 2, rows: rows, columns: columns)
    }
    let whole = try noise(1, -70..<130, -100..<100)
    #expect(whole.shape == [1, 2, 200, 200])
    #expect(try abs(whole.mean().item()) < 0.02)
    #expect(try abs(whole.std().item() - 1) < 0.02)
    let part = try noise(1, -5..<9, -65..<1)
    try expectClose(
      part, whole.narrow(2, from: 65, length: 14).narrow(3, from: 35, length: 66), rtol: 0, atol: 0)
    func correlation(_ a: Tensor, _ b: Tensor) throws -> Double { try (a * b).mean().item() }
    let first = try whole.narrow(1, from: 0, length: 1)
    #expect(try abs(correlation(first, whole.narrow(1, from: 1, length: 1))) < 0.03)
    #expect(try abs(correlation(whole, noise(2, -70..<130, -100..<100))) < 0.03)
    for axis in [2, 3] {
      #expect(
        try abs(
          correlation(
            whole.narrow(axis, from: 0, length: 199), whole.narrow(axis, from: 1, length: 199)))
          < 0.03)
    }
  }

  /// A tensor that nothing reads would be lost silently.
  @Test func unknownTensorsAreNamed() throws {
    let path = try writeModel(detail: true)
    let file = try Safetensors(path: path)
    var tensors = try file.tensors()
    tensors["style.weight"] = try .zeros([1])
    var metadata = file.metadata
    try Safetensors.write(tensors, metadata: metadata, to: path)
    let error = #expect(throws: TorchError.self) { try FieldModel.read(path) }
    #expect("\(try #require(error))".contains("style.weight"))
    // A detail network beside a description without one.
    tensors["style.weight"] = nil
    metadata["description"] = try Safetensors(path: writeModel(detail: false))
      .metadata["description"]
    tensors["labels"] = try .zeros([2, 5])
    try Safetensors.write(tensors, metadata: metadata, to: path)
    let other = #expect(throws: TorchError.self) { try FieldModel.read(path) }
    #expect("\(try #require(other))".contains("detail."))
  }

  @Test func valuesThatAreNoNumbersAreNamed() throws {
    let path = try writeModel(detail: false, mean: .nan)
    let error = #expect(throws: TorchError.self) { try FieldModel.read(path) }
    #expect("\(try #require(error))".contains("'labels'"))
  }

  // MARK: Support

  private func smallDetail() throws -> FieldGenerator {
    try FieldGenerator(
      .init(
        inputChannels: 18, widths: [8, 4, 2], firstKernelSize: 3, styleSize: 6, labelCount: 0,
        outputChannels: 1), random)
  }

  /// A model of random weights, in `folder`.
  private func writeModel(
    detail: Bool, mean: Float = 0, claimedChannels: Int = 1, filtered: Bool = false,
    blocks: Int = 4, claimedBlocks: Int?? = nil, noisePlanes: Int? = nil,
    claimedNoise: Int?? = nil
  ) throws -> String {
    let labelCount = detail ? 7 : 5
    var row = [asinh(mean / 2), 1, 0, 1, 0, -1, 0]
    row.removeLast(7 - labelCount)
    let spread = (0..<labelCount).map { row[$0] + ($0 == 0 ? 0 : 0.1) }
    var state: [String: Tensor] = ["labels": try Tensor(row + spread, shape: [2, labelCount])]
    func add(_ prefix: String, _ layout: FieldGenerator.Layout) throws {
      for (name, tensor) in try FieldGenerator(layout, random).state() {
        state["\(prefix).\(name)"] = tensor
      }
    }
    try add(
      "base",
      .base(
        channels: 1, labelCount: labelCount, outputChannels: detail ? 2 : 1, blocks: blocks,
        noisePlanes: noisePlanes))
    if detail { try add("detail", .detail(channels: 1)) }
    if filtered { state["filter"] = try random.normal([1, 1, 7, 7]) * 0.1 }
    let description = FieldModelDescription(
      baseChannels: claimedChannels, baseBlocks: claimedBlocks ?? (blocks == 4 ? nil : blocks),
      baseNoisePlanes: claimedNoise ?? noisePlanes,
      detailChannels: detail ? 1 : nil, sizePixels: 4 << blocks, iterations: 0, scenes: ["none"])
    let json = String(decoding: try JSONEncoder().encode(description), as: UTF8.self)
    let path = folder.file("model.safetensors")
    try Safetensors.write(
      state, metadata: ["format": FieldModel.formatName, "description": json], to: path)
    return path
  }
}
