import DurableFiles
import TestSupport
import Testing
import TorchCore
import TorchTestSupport

@testable import GANModel
@testable import TorchNN

/// The choice of a map among several by the discriminator of the model's file.
@Suite struct BestMapTests {
  private let folder: TemporaryFolder
  private let path: String

  init() throws {
    folder = try TemporaryFolder()
    path = folder.file("model.safetensors")
  }

  private func writeModel(claimedChannels: Int = 1) throws -> FieldModel {
    let random = try RandomGenerator(seed: 3, .testInput)
    let labels: [[Float]] = [[2, 1, 0, -0.5, 0], [2.1, 1.1, 0.1, -0.4, 0.1]]
    let base = try FieldGenerator.base(channels: 1, noisePlanes: 1, random)
    try base.setTraining(false)
    try FieldModel.write(
      base: base, channels: 1, detail: nil,
      discriminator: (
        try FieldDiscriminator(channels: 1, labelCount: 5, random), claimedChannels
      ),
      table: FieldTable(labels: labels, scenes: [0, 1], quietFractions: [0, 1]),
      scenes: ["loud", "quiet"], iterations: 7, greatestRateCMPerYear: 100, to: path)
    return try FieldModel.read(path)
  }

  /// One by one and by another way than `best`, which judges all at once.
  private func realism(_ draw: FieldDraw, _ model: FieldModel) throws -> Float {
    let labels = try model.normalized(draw.labels(model))
    let raw = try model.baseTile(draw, rows: -8..<72, columns: -8..<72) {
      try model.base(
        $0.grid, style: draw.style(level: 0, size: 128), labels: labels, noise: $0.noise)
    }
    let discriminator = try #require(model.discriminator)
    let logits = try discriminator(
      FieldNormalization.seen(generated: raw.cropped(8)), labels: labels)
    let pixels = try #require(logits.pixels)
    return Float(try logits.image.item() + pixels.mean().item())
  }

  @Test func theMostRealOfAllIsKept() throws {
    let model = try writeModel()
    #expect(model.judgesMaps)
    var chosen: Set<Int> = []
    for index in 0..<6 {
      let draw = FieldDraw(seed: 5, map: index)
      #expect(try model.best(of: 1, draw) == draw)
      let best = try model.best(of: 4, draw)
      let all = try withoutGradients {
        try (0..<4).map { number in
          var candidate = draw
          candidate.candidate = number
          return try realism(candidate, model)
        }
      }
      #expect(Set(all).count == 4)
      #expect(all[best.candidate] >= (all.max() ?? 0) - 1e-3, "\(all), \(best.candidate)")
      #expect(try best.labels(model) == draw.labels(model))
      chosen.insert(best.candidate)
    }
    #expect(chosen.count > 1)
  }

  @Test func aChosenMapHasTheStatisticsThatWereDrawn() throws {
    let model = try writeModel()
    let draws = (0..<6).map { FieldDraw(seed: 5, map: $0) }
    let chosen = try draws.map { (draw: $0, best: try model.best(of: 8, $0)) }
    let (draw, best) = try #require(chosen.first { $0.best.candidate > 0 })
    let maps = try [draw, best].map { try model.map($0, width: 64, height: 64) }
    #expect(maps[0] != maps[1])
    let means = maps.map { $0.reduce(0, +) / Float($0.count) }
    #expect(abs(means[0] - means[1]) < 1e-2 && means[0] > 5, "\(means)")
  }

  @Test func choosingCanBeInterrupted() throws {
    let model = try writeModel()
    #expect(throws: RunError.interrupted) {
      try model.best(of: 2, FieldDraw(seed: 1, map: 0)) { throw RunError.interrupted }
    }
  }

  @Test func aDiscriminatorThatIsMissingOrOfAnotherWidthIsNamed() throws {
    _ = try writeModel()
    let file = try Safetensors(path: path)
    let rest = try file.tensors().filter { !$0.key.hasPrefix("discriminator.") }
    try Safetensors.write(rest, metadata: file.metadata, to: path)
    let missing = #expect(throws: TorchError.self) { try FieldModel.read(path) }
    #expect("\(try #require(missing))".contains("output_conv.weight is not 1 wide"))
    let wide = #expect(throws: TorchError.self) { try writeModel(claimedChannels: 128) }
    #expect("\(try #require(wide))".contains("output_conv.weight is not 128 wide"))
    let impossible = #expect(throws: TorchError.self) { try writeModel(claimedChannels: 0) }
    #expect("\(try #require(impossible))".contains("discriminatorChannels is 0: use 1 to 128"))
  }

  @Test func aDiscriminatorGoesWithBaseNetworksOf64PixelsOnly() {
    var description = FieldModelDescription(
      baseChannels: 1, baseBlocks: 6, discriminatorChannels: 1, sizePixels: 256, iterations: 0,
      scenes: [])
    #expect(description.faults().contains { $0.contains("only goes with 4 blocks") })
    description.baseBlocks = 4
    #expect(description.faults().isEmpty)
    description.detailChannels = 1
    #expect(description.faults().count == 1)
    description.refinement = .spline
    #expect(description.faults().isEmpty)
  }
}
