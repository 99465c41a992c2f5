import DurableFiles
import Foundation
import TestSupport
import Testing
import TorchCore
import TorchTestSupport

@testable import GANModel
@testable import TorchNN

@Suite struct EndlessMapTests {
  private let random: RandomGenerator
  private let folder: TemporaryFolder

  init() throws {
    random = try RandomGenerator(seed: 4, .testInput)
    folder = try TemporaryFolder()
  }

  private func model(detail: Bool) throws -> FieldModel {
    try FieldModel.read(writeSmallFieldModel(in: folder, detail: detail, random))
  }

  // MARK: The network of one map

  @Test(arguments: [(DType.float32, 1e-4), (.bfloat16, 0.1)])
  func thePlanComputesWhatTheNetworkDoes(dtype: DType, tolerance: Double) throws {
    let network = try FieldGenerator(
      .base(channels: 1, labelCount: 5, outputChannels: 2, noisePlanes: 2), random)
    try network.setTraining(false)
    // Norms that do something.
    for (name, tensor) in try network.state() where name.contains("running") {
      try tensor.copy(from: random.normal(tensor.shape).abs() + 0.5)
    }
    let grid = try random.normal([1, 24, 7, 6])
    let style = try random.normal([1, 128])
    let labels = try random.normal([1, 5])
    try withoutGradients {
      let noise = try random.normal([1, 2, 16 * 7 - 58, 16 * 6 - 58])
      let expected = try network(grid, style: style, labels: labels, noise: noise)
      let plan = try FieldPlan(network, style: style, labels: labels, dtype: dtype)
      let got = try plan(FieldInput(grid: grid, noise: noise))
      let scale = try expected.std().item()
      #expect(got.shape == expected.shape && got.dtype == .float32)
      #expect(try (got - expected).square().mean().item().squareRoot() < tolerance * scale)
      #expect(throws: TorchError.self) { try plan(FieldInput(grid: grid, noise: nil)) }
    }
  }

  // MARK: The inverse of the whitening

  @Test func theInverseIsAConvolution() throws {
    let whitening = try EndlessWhitening()
    let radius = EndlessWhitening.radius
    let side = 2 * radius + 1
    #expect(whitening.kernel.shape == [side, side])
    // One white pixel gives the kernel, at any place and turned nowhere.
    let impulse = try Tensor.zeros([1, 1, 4 * radius + 1, 4 * radius + 2])
    try impulse.narrow(2, from: 2 * radius, length: 1).narrow(3, from: 2 * radius + 1, length: 1)
      .fill_(1)
    let answer = try whitening.invert(impulse)
    #expect(answer.shape == [1, 1, side, side + 1])
    let peak = try whitening.kernel.max().item()
    try expectClose(
      answer.narrow(3, from: 1, length: side).reshape([side, side]),
      whitening.kernel.to(dtype: .float32), rtol: 0, atol: 1e-6 * peak)
    // Nothing beyond the radius.
    #expect(try abs(whitening.kernel.values(Double.self)[0]) < 1e-9 * peak)
  }

  /// Amplitudes of waves are divided by 0.5 + 128 cycles per pixel, up to the kernel's end.
  @Test(arguments: [0.02, 0.05, 0.2, 0.4]) func wavesAreDividedByTheirNumber(frequency: Double)
    throws
  {
    let radius = EndlessWhitening.radius
    let count = 64 + 2 * radius
    let wave = (0..<count).flatMap { _ in
      (0..<count).map { Float(cos(2 * Double.pi * frequency * Double($0))) }
    }
    let answer = try EndlessWhitening().invert(Tensor(wave, shape: [1, 1, count, count]))
    let expected = 1 / (0.5 + 128 * frequency)
    for column in 0..<64 {
      let value = try answer.narrow(3, from: column, length: 1).mean().item()
      let phase = 2 * Double.pi * frequency * Double(column + radius)
      #expect(abs(value - expected * cos(phase)) < 0.02 * expected)
    }
  }

  /// The mean over random patches of the power in a band of cosine coefficients, over that of the
  /// exact inverse, which is 1 / (1 + k)^2 with k in half cycles per 64 px.
  @Test(arguments: [64, 256]) func patchesAreAsRoughAsTheExactInverse(patchSide: Int) throws {
    let white = try random.normal([1, 1, 768, 768])
    let rates = try EndlessWhitening(patchSide: patchSide).invert(white)
    let count = 512 / patchSide
    let patches = try rates.reshape([count, patchSide, count, patchSide]).permute([0, 2, 1, 3])
      .reshape([count * count, 1, patchSide, patchSide])
    let flattening = SpectralFlattening(exponent: 1, patchSide: 64)
    let spread = try flattening.apply(patches - patches.mean([2, 3], keepDims: true))
      .std([2, 3]).square().mean().item().squareRoot()
    #expect(abs(spread - 1) < 0.03)
  }

  // MARK: Windows

  /// The part of `whole`, which begins at `origin`, that is `window`.
  private func cut(
    _ whole: [Float], width: Int, origin: (row: Int, column: Int), _ rows: Range<Int>,
    _ columns: Range<Int>
  ) -> [Float] {
    rows.flatMap { row in
      let start = (row - origin.row) * width + columns.lowerBound - origin.column
      return whole[start..<start + columns.count]
    }
  }

  @Test(arguments: [
    (nil, 4), (FieldRefinement.Rule.blocks, 4), (.spline, 4), (nil, 6), (.spline, 5),
  ])
  func windowsAgreeWhereTheyOverlap(rule: FieldRefinement.Rule?, blocks: Int) throws {
    let filter = try random.normal([1, 1, 5, 5]) * 0.3
    let model = try FieldModel.read(
      writeSmallFieldModel(
        in: folder, detail: rule != nil, random, rule: rule ?? .blocks,
        filter: rule == .blocks ? nil : filter, blocks: blocks,
        noisePlanes: rule == .blocks ? nil : 2))
    let draw = FieldDraw(seed: 9, map: 5)
    let (rows, columns) = (-40..<420, -290..<330)
    let whole = try EndlessMap(model, draw).window(rows: rows, columns: columns)
    let mean = whole.reduce(0, +) / Float(whole.count)
    let spread =
      (whole.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Float(whole.count)).squareRoot()
    #expect(spread > 0.01 && whole.allSatisfy(\.isFinite))
    let other = try EndlessMap(model, draw)
    for (rows, columns) in [
      (-3..<2, -290..<(-280)), (200..<301, 0..<33), (255..<258, 100..<330), (-40..<(-39), 7..<8),
    ] {
      let part = try other.window(rows: rows, columns: columns)
      let same = cut(whole, width: 620, origin: (-40, -290), rows, columns)
      let worst = zip(part, same).map { abs($0 - $1) }.max() ?? .infinity
      #expect(worst <= 1e-5 * spread, "\(rows) \(columns): \(worst) of \(spread)")
    }
  }

  @Test(arguments: [(false, 512), (true, 2048)])
  func windowsOfRegionsAgree(detail: Bool, side: Int) throws {
    let model = try FieldModel.read(
      writeSmallFieldModel(in: folder, detail: detail, random, rule: .spline, origins: true))
    let draw = FieldDraw(seed: 9, map: 5)
    // Around the corner of four regions.
    let (rows, columns) = (side - 20..<side + 30, side - 30..<side + 40)
    let whole = try EndlessMap(model, draw, regionSide: side).window(rows: rows, columns: columns)
    let mean = whole.reduce(0, +) / Float(whole.count)
    let spread =
      (whole.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Float(whole.count)).squareRoot()
    let other = try EndlessMap(model, draw, regionSide: side)
    for (partRows, partColumns) in [
      (side - 3..<side + 2, side - 30..<side - 20), (side + 7..<side + 20, side..<side + 33),
    ] {
      let part = try other.window(rows: partRows, columns: partColumns)
      let same = cut(
        whole, width: columns.count, origin: (rows.lowerBound, columns.lowerBound), partRows,
        partColumns)
      let worst = zip(part, same).map { abs($0 - $1) }.max() ?? .infinity
      #expect(worst <= 1e-5 * spread, "\(partRows) \(partColumns): \(worst) of \(spread)")
    }
    let plain = try EndlessMap(model, draw).window(rows: rows, columns: columns)
    #expect(whole != plain && whole.allSatisfy(\.isFinite))
  }

  @Test func sidesOfRegionsAreChecked() throws {
    let model = try model(detail: false)
    for side in [0, -512, 256, 600] {
      let error = #expect(throws: FieldError.self) {
        try EndlessMap(model, FieldDraw(seed: 1, map: 0), regionSide: side)
      }
      #expect("\(try #require(error))".contains("512 pixels or a larger multiple of 256"))
    }
  }

  @Test func anotherSeedOrIndexIsAnotherMap() throws {
    let model = try model(detail: false)
    func part(_ draw: FieldDraw) throws -> [Float] {
      try EndlessMap(model, draw).window(rows: 0..<8, columns: 0..<8)
    }
    let first = try part(FieldDraw(seed: 1, map: 0))
    #expect(try part(FieldDraw(seed: 1, map: 0)) == first)
    #expect(try part(FieldDraw(seed: 2, map: 0)) != first)
    #expect(try part(FieldDraw(seed: 1, map: 1)) != first)
  }

  @Test func tilesHaveNoSeams() throws {
    let map = try EndlessMap(model(detail: false), FieldDraw(seed: 2, map: 1))
    let side = EndlessMap.tileSide
    let (rows, columns) = (0..<side, 0..<3 * side)
    let values = try map.window(rows: rows, columns: columns)
    // The rms of differences across each column.
    let steps = (1..<columns.count).map { column in
      let sum = rows.reduce(into: Float(0)) { sum, row in
        let step = values[row * columns.count + column] - values[row * columns.count + column - 1]
        sum += step * step
      }
      return (sum / Float(rows.count)).squareRoot()
    }
    let sorted = steps.sorted()
    for border in [side, 2 * side] {
      #expect(steps[border - 1] <= sorted[sorted.count - 2])
      #expect(steps[border - 1] >= sorted[1])
    }
  }

  @Test func drawingCanBeInterrupted() throws {
    let map = try EndlessMap(model(detail: false), FieldDraw(seed: 2, map: 1))
    #expect(throws: RunError.interrupted) {
      try map.window(rows: 0..<4, columns: 0..<4) { throw RunError.interrupted }
    }
    // What was interrupted can be asked for again.
    #expect(try map.window(rows: 0..<4, columns: 0..<4).count == 16)
  }

  // MARK: What is asked of a map

  @Test func labelsComeFromTheRangeThatIsAsked() throws {
    let model = try model(detail: false)
    let deviations = model.table.map { FieldLabel($0).deviation }.sorted()
    var draw = FieldDraw(seed: 1, map: 0)
    draw.choice = LabelChoice(spread: deviations[2]...deviations[3])
    for map in 0..<20 {
      draw.map = map
      #expect(draw.choice.spread!.contains(FieldLabel(try draw.labels(model)).deviation))
    }
    draw.choice = LabelChoice(spread: 1e6...2e6)
    let error = #expect(throws: FieldError.self) { try draw.labels(model) }
    #expect("\(try #require(error))".contains("wider ranges"))
  }

  @Test func stylesAreDrawnByTheirWeights() throws {
    let model = try FieldModel.read(
      writeSmallFieldModel(in: folder, detail: false, random, origins: true))
    let etna = Set([1, 3, 5].map { model.table[$0] })
    var draw = FieldDraw(seed: 1, map: 0)
    func share(_ style: [String: Double]) throws -> Double {
      draw.choice.style = style
      let rows = try (0..<400).map { map in
        draw.map = map
        return try draw.labels(model)
      }
      return Double(rows.count { etna.contains($0) }) / 400
    }
    #expect(try share(["etna": 0.3]) == 1)
    #expect(try share(["coso": 2]) == 0)
    #expect(try abs(share(["coso": 1, "etna": 3]) - 0.75) < 0.07)
    let error = #expect(throws: FieldError.self) { try share(["fuji": 1]) }
    #expect("\(try #require(error))".contains("'fuji': its scenes are coso, etna"))
  }

  @Test func quietFractionsAreThoseOfTheTable() throws {
    let model = try FieldModel.read(
      writeSmallFieldModel(in: folder, detail: false, random, origins: true))
    var draw = FieldDraw(seed: 1, map: 0)
    draw.choice.quietFraction = 0.35...0.65
    let rows = try (0..<40).map { map in
      draw.map = map
      return try draw.labels(model)
    }
    #expect(Set(rows) == Set([model.table[2], model.table[3]]))
    // Row 2 is of the one scene, row 3 of the other.
    draw.choice.style = ["etna": 1]
    #expect(try draw.labels(model) == model.table[3])
    draw.choice.quietFraction = 0.35...0.45
    #expect(throws: FieldError.self) { try draw.labels(model) }
  }

  @Test func filesWithoutOriginsSaySo() throws {
    let model = try model(detail: false)
    var draw = FieldDraw(seed: 1, map: 0)
    draw.choice.style = ["coso": 1]
    let error = #expect(throws: FieldError.noOrigins) { try draw.labels(model) }
    #expect("\(try #require(error))".contains("does not say which training patch"))
    draw.choice = LabelChoice()
    draw.choice.quietFraction = 0...1
    #expect(throws: FieldError.noOrigins) { try draw.labels(model) }
  }

  @Test func damagedOriginsAndFiltersAreRefused() throws {
    let path = try writeSmallFieldModel(in: folder, detail: false, random, origins: true)
    let file = try Safetensors(path: path)
    func read(_ change: (inout [String: Tensor]) throws -> Void) throws -> FieldModel {
      var tensors = try file.tensors()
      try change(&tensors)
      try Safetensors.write(tensors, metadata: file.metadata, to: path + "2")
      return try FieldModel.read(path + "2")
    }
    #expect(try read { _ in }.origins != nil)
    #expect(throws: TorchError.self) { try read { $0["rows.quiet"] = nil } }
    #expect(throws: TorchError.self) { try read { $0["rows.scene"] = try .zeros([5]) } }
    #expect(throws: TorchError.self) { try read { $0["rows.scene"] = try .full([6], 2) } }
    #expect(throws: TorchError.self) { try read { $0["rows.scene"] = try .full([6], -1) } }
    #expect(throws: TorchError.self) { try read { $0["filter"] = try .zeros([1, 1, 4, 4]) } }
    #expect(throws: TorchError.self) { try read { $0["filter"] = try .zeros([1, 1, 67, 67]) } }
    let energy = try writeSmallFieldModel(
      in: folder, detail: true, random, filter: .zeros([1, 1, 3, 3]))
    #expect(throws: TorchError.self) { try FieldModel.read(energy) }
  }

  @Test func theWayLeadsFromOneSeedToTheOther() throws {
    let model = try model(detail: false)
    var draw = FieldDraw(seed: 1, map: 3)
    func map(_ draw: FieldDraw) throws -> [Float] { try model.map(draw, width: 32, height: 32) }
    let (start, end) = (try map(draw), try map(FieldDraw(seed: 2, map: 3)))
    draw.toward = (2, 0)
    #expect(try map(draw) == start)
    draw.toward = (2, 1)
    #expect(zip(try map(draw), end).allSatisfy { abs($0 - $1) < 1e-3 })
    draw.toward = (2, 0.5)
    let middle = try map(draw)
    #expect(middle != start && middle != end)
  }

  @Test func truncationScalesTheLatents() throws {
    var draw = FieldDraw(seed: 1, map: 3)
    let full = try draw.style(level: 0, size: 5).floats()
    draw.truncation = 0.5
    #expect(try draw.style(level: 0, size: 5).floats() == full.map { $0 / 2 })
  }
}

/// A field model of random weights with a table of varied statistics.
/// A field model of random weights: six rows of labels, in turn of the scenes `coso` and `etna`, if
/// they have `origins`.
func writeSmallFieldModel(
  in folder: TemporaryFolder, detail: Bool, _ random: RandomGenerator,
  rule: FieldRefinement.Rule = .blocks, origins: Bool = false, filter: Tensor? = nil,
  blocks: Int = 4, noisePlanes: Int? = nil
) throws -> String {
  let drawsEnergy = detail && rule == .blocks
  let labelCount = drawsEnergy ? 7 : 5
  let row: [Float] = [0.1, 1, -0.5, 0.5, 0.05, -1, 0.2]
  let rows = (0..<6).flatMap { number in
    (0..<labelCount).map { row[$0] + 0.1 * Float(number) }
  }
  var state: [String: Tensor] = ["labels": try Tensor(rows, shape: [6, labelCount])]
  func add(_ prefix: String, _ layout: FieldGenerator.Layout) throws {
    for (name, tensor) in try FieldGenerator(layout, random).state() {
      state["\(prefix).\(name)"] = tensor
    }
  }
  try add(
    "base",
    .base(
      channels: 1, labelCount: labelCount, outputChannels: drawsEnergy ? 2 : 1, blocks: blocks,
      noisePlanes: noisePlanes))
  if detail { try add("detail", .detail(channels: 1, noisePlanes: noisePlanes)) }
  state["filter"] = filter
  if origins {
    state["rows.scene"] = try Tensor([0, 1, 0, 1, 0, 1], shape: [6])
    state["rows.quiet"] = try Tensor([0, 0.2, 0.4, 0.6, 0.8, 1], shape: [6])
  }
  let description = FieldModelDescription(
    baseChannels: 1, baseBlocks: blocks == 4 ? nil : blocks,
    baseNoisePlanes: noisePlanes, detailChannels: detail ? 1 : nil,
    detailNoisePlanes: detail ? noisePlanes : nil, sizePixels: 4 << blocks, iterations: 0,
    scenes: ["coso", "etna"], refinement: detail ? rule : nil)
  let json = String(decoding: try JSONEncoder().encode(description), as: UTF8.self)
  let path = folder.file("endless-\(state.count)-\(rule).safetensors")
  try Safetensors.write(
    state, metadata: ["format": FieldModel.formatName, "description": json], to: path)
  return path
}
