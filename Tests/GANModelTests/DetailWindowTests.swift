import Kernel
import TestSupport
import Testing
import TorchCore
import TorchTestSupport

@testable import GANModel

@Suite struct DetailWindowTests {
  private let twin: TensorFixture
  private let windows: DetailWindow

  init() throws {
    twin = try fixture("detail_window")
    windows = try DetailWindow(twin.tensor("maps"), floors: twin.tensor("floors"))
  }

  @Test func windowsAreSeenAsInPyTorch() throws {
    try expectClose(windows.context, twin.tensor("context"), rtol: 1e-4, atol: 1e-4)
    try expectClose(windows.scale, twin.tensor("scale"), rtol: 1e-4, atol: 1e-5)
    try expectClose(windows.seen(), twin.tensor("seen"), rtol: 1e-3, atol: 3e-3)
  }

  @Test func whatANetworkDrawsIsSeenAsInPyTorch() throws {
    try expectClose(
      windows.seen(drawn: twin.tensor("drawn")), twin.tensor("drawn.seen"), rtol: 1e-4, atol: 1e-4)
  }

  /// A discriminator must not tell generated maps by the means of their blocks, which maps get from
  /// their coarse map.
  @Test func whatIsDrawnHasNoBlockMeans() throws {
    let seen = try windows.seen(drawn: twin.tensor("drawn")).narrow(1, from: 0, length: 1)
    let detail = try Companding(knee: 1).expand(seen / FieldNormalization.inputSpread)
    func means(_ x: Tensor) throws -> Double {
      // Next to the border what lies beyond is unknown.
      try (x * windows.scale).averagePool(kernel: 4).cropped(2).abs().max().item()
    }
    #expect(try means(detail) < 0.02 * means(twin.tensor("drawn")))
  }

  @Test func aConstantWindowIsFinite() throws {
    let windows = try DetailWindow(
      .full([1, 1, DetailWindow.side, DetailWindow.side], 3), floors: .full([1, 1, 1, 1], 0.05))
    #expect(try windows.seen().isAllFinite())
  }

  @Test func floorsLieBetweenTheirBounds() throws {
    var random = CounterRandom(1, .testInput)
    let floors = try DetailWindow.floors(500, &random).floats()
    #expect(floors.allSatisfy { (0.0099...0.1001).contains($0) })
    #expect(floors.filter { $0 < 0.0316 }.count > 200 && floors.filter { $0 > 0.0316 }.count > 200)
  }

  @Test func aNetworkIsWrittenAndReadAgain() throws {
    let folder = try TemporaryFolder()
    let random = try RandomGenerator(seed: 1, .testInput)
    let network = try FieldGenerator.detail(channels: 2, noisePlanes: 1, random)
    try network.setTraining(false)
    let path = folder.file("detail.safetensors")
    try DetailModel.write(network, channels: 2, scenes: ["here"], to: path)
    #expect(DetailModel.isOne(path) && !FieldModel.isOne(path))
    let model = try DetailModel.read(path)
    #expect(model.channels == 2 && model.noisePlanes == 1 && model.scenes == ["here"])
    let copy = try FieldGenerator.detail(channels: 2, noisePlanes: 1, random)
    try copy.begin(with: model, path: path)
    try copy.setTraining(false)
    var numbers = CounterRandom(2, .testInput)
    let latents = try network.latents(2, &numbers)
    try withoutGradients {
      try expectClose(
        copy.seen(latents, windows), network.seen(latents, windows), rtol: 1e-2, atol: 2e-2)
    }
    let wide = try FieldGenerator.detail(channels: 3, noisePlanes: 1, random)
    let error = #expect(throws: FieldError.self) { try wide.begin(with: model, path: path) }
    #expect("\(try #require(error))".contains("architecture.channels=2"))
  }
}
