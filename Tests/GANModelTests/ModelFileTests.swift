import DurableFiles
import Foundation
import GANModel
import Patches
import TestSupport
import Testing
import TorchCore
import TorchNN
import TorchTestSupport

@Suite struct ModelFileTests {
  let folder: TemporaryFolder
  let path: String
  let generator: Generator
  let latents: Tensor

  init() throws {
    folder = try TemporaryFolder()
    path = folder.file("model.safetensors")
    let random = try RandomGenerator(seed: 1, .testInput)
    generator = try Generator(tiny(64), random)
    latents = try random.normal([3, 8])
    for _ in 0..<2 { _ = try generator(latents) }  // running statistics of their own
    try generator.setTraining(false)
  }

  func description(_ architecture: Architecture = tiny(64)) -> ModelDescription {
    var patches = PatchLoaderConfiguration()
    patches.patchesPerEpoch = 77
    return ModelDescription(
      architecture: architecture,
      transform: RateTransform(scaleCMPerYear: 3.25, kneeCMPerYear: 0.5), iterations: 1200,
      patchesSeen: 9600, scenes: ["campi flegrei", "日本"],
      patches: patches, epoch: 12)
  }

  @Test func roundTrip() throws {
    try ModelFile.write(generator, description(), to: path)
    let model = try ModelFile.read(path)
    #expect(model.description == description())
    #expect(model.device == .cpu)
    #expect(try model.sha256 == SHA256.hex(ofFile: path))
    #expect(try model.generator.parameters().allSatisfy { !$0.requiresGradient })
    try expectClose(model.generator(latents), generator(latents), rtol: 0, atol: 0)
    // Evaluation mode: a second call gives the same maps.
    try expectClose(model.generator(latents), generator(latents), rtol: 0, atol: 0)
  }

  @Test func impossibleDescriptionsAreRefused() throws {
    var scaleless = description()
    scaleless.transform.scaleCMPerYear = 0
    var huge = description()
    huge.architecture.channels = 1_000_000
    for (wrong, key) in [(scaleless, "scaleCMPerYear"), (huge, "channels")] {
      try ModelFile.write(generator, wrong, to: path)
      #expect {
        try ModelFile.read(path)
      } throws: { "\($0)".contains(key) && "\($0)".contains(path) }
    }
  }

  /// 11 bits of precision in the weights, through some fifteen layers.
  @Test func halfPrecisionIsCloseAndHalfTheSize() throws {
    let half = folder.file("half.safetensors")
    try ModelFile.write(generator, description(), to: path)
    try ModelFile.write(generator, description(), halfPrecision: true, to: half)
    let model = try ModelFile.read(half)
    #expect(try model.generator.namedTensors().allSatisfy { $0.tensor.dtype == .float32 })
    let expected = try generator(latents)
    let spread = try expected.std().item()
    try expectClose(model.generator(latents), expected, rtol: 0, atol: 0.05 * spread)
    let values = try Data(contentsOf: URL(fileURLWithPath: path)).count
    #expect(try Data(contentsOf: URL(fileURLWithPath: half)).count < values * 7 / 10)
    #expect(try model.sha256 != ModelFile.read(path).sha256)
  }

  /// The caller's generator is left as it was.
  @Test func writingChangesNothing() throws {
    let before = try generator.state().mapValues { try $0.floats() }
    try ModelFile.write(generator, description(), halfPrecision: true, to: path)
    #expect(try generator.state().mapValues { try $0.floats() } == before)
    #expect(try generator.parameters().allSatisfy { $0.requiresGradient })
  }

  @Test func damagedFiles() throws {
    try ModelFile.write(generator, description(), to: path)
    let whole = try Data(contentsOf: URL(fileURLWithPath: path))
    for position in [3, 100, whole.count / 2, whole.count - 1] {
      var bytes = whole
      bytes[position] ^= 4
      try bytes.write(to: URL(fileURLWithPath: path))
      expectFileError { _ = try ModelFile.read(path) }
    }
    try whole.dropLast(1000).write(to: URL(fileURLWithPath: path))
    expectFileError { _ = try ModelFile.read(path) }
    expectFileError { _ = try ModelFile.read(folder.file("nothing.safetensors")) }
    expectFileError { _ = try ModelFile.read(folder.path) }
  }

  private func expectFileError(
    saying words: String = "", sourceLocation: SourceLocation = #_sourceLocation,
    _ body: () throws -> Void
  ) {
    let error = #expect(throws: TorchError.self, sourceLocation: sourceLocation) { try body() }
    guard case .file(let path, let reason) = error else {
      Issue.record("\(String(describing: error))", sourceLocation: sourceLocation)
      return
    }
    #expect(path.hasPrefix(folder.path), sourceLocation: sourceLocation)
    #expect(words.isEmpty || reason.contains(words), sourceLocation: sourceLocation)
  }

  @Test func otherSafetensorsFilesAreNoModels() throws {
    let remedy = "is not a generator written by ganinsar: give a run folder"
    try Safetensors.write(generator.state(), metadata: ["format": "checkpoint"], to: path)
    expectFileError(saying: remedy) { _ = try ModelFile.read(path) }
    try Safetensors.write(generator.state(), to: path)
    expectFileError(saying: remedy) { _ = try ModelFile.read(path) }
    for text in ["", "{}", "[1]", #"{"architecture": {"sizePixels": "64"}}"#] {
      try Safetensors.write(
        generator.state(), metadata: ["format": "ganinsar-generator-1", "description": text],
        to: path)
      expectFileError(saying: "description") { _ = try ModelFile.read(path) }
    }
  }

  @Test func anotherArchitectureIsRefused() throws {
    try ModelFile.write(
      generator, description(Architecture(sizePixels: 64, channels: 2, latentSize: 8)), to: path)
    let error = #expect(throws: ModuleError.self) { _ = try ModelFile.read(path) }
    #expect(error?.description.contains("another size or width") == true)
    try ModelFile.write(generator, description(tiny(128)), to: path)
    #expect(throws: ModuleError.self) { _ = try ModelFile.read(path) }
    try ModelFile.write(generator, description(tiny(96)), to: path)
    expectFileError(saying: "sizePixels") { _ = try ModelFile.read(path) }
  }

  @Test func aMissingFolderIsAnError() throws {
    #expect(throws: RunError.self) {
      try ModelFile.write(generator, description(), to: folder.file("no/model.safetensors"))
    }
  }
}

extension ModelFileTests {
  @Test(arguments: [Double.nan, .infinity])
  func aTensorThatIsNotFiniteIsNamed(value: Double) throws {
    try ModelFile.write(generator, description(), to: path)
    var tensors = try Safetensors(path: path).tensors()
    let name = try #require(tensors.keys.sorted().first { $0.hasSuffix("weight") })
    tensors[name] = try tensors[name]! * value
    var metadata = try Safetensors(path: path).metadata
    metadata["sha256"] = nil
    try Safetensors.write(tensors, metadata: metadata, to: path)
    #expect {
      try ModelFile.read(path)
    } throws: { "\($0)".contains("'\(name)'") && "\($0)".contains(path) }
  }

  @Test func aSmallFileDoesNotMakeALargeNetwork() throws {
    var huge = description()
    huge.architecture.channels = 1024
    huge.architecture.sizePixels = 512
    try ModelFile.write(generator, huge, to: path)
    #expect {
      try ModelFile.read(path)
    } throws: { "\($0)".contains("more than") && "\($0)".contains(path) }
  }
}
