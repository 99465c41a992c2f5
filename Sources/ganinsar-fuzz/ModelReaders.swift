import Foundation
import GANModel
import GANSampling
import Patches
import Pictures
import RasterIO
import TorchCore

@testable import InceptionFeatures

/// Readers of tensors: models, safetensors, PyTorch's files, pictures.
enum ModelReaders {
  static let all = [
    FuzzReader(name: "model", seeds: { [try model($0)] }, read: { try generate($0) }),
    FuzzReader(
      name: "model-resigned", seeds: { [try parts($0)] }, read: { try generate($0) },
      mend: { assemble(&$0) }),
    FuzzReader(
      name: "safetensors", seeds: { [try model($0)] },
      read: { path in
        let file = try Safetensors(path: path)
        _ = try file.tensors()
        try file.verifyChecksum()
      }),
    FuzzReader(
      name: "pickle", seeds: { _ in try fixtures("pth") }, read: { _ = try TorchFile.tensors($0) }),
    FuzzReader(
      name: "inception", seeds: { _ in try fixtures("pth") + fixtures("safetensors") },
      read: { _ = try InceptionWeights.read($0, allowUnverified: true) }, readsItsSeeds: false),
    FuzzReader(
      name: "png",
      seeds: { folder in
        [try RasterReaders.written(.png, folder)] + (try fixtures("png"))
      }, read: { _ = try PNGImage.read($0) }),
  ]

  private static func model(_ folder: String) throws -> FuzzCase {
    let architecture = Architecture(sizePixels: 64, channels: 2, latentSize: 8)
    let generator = try Generator(architecture, RandomGenerator(seed: 1, .testInput))
    let description = ModelDescription(
      architecture: architecture, transform: RateTransform(scaleCMPerYear: 3, kneeCMPerYear: 0.5),
      iterations: 10, patchesSeen: 80, scenes: ["a"], patches: PatchLoaderConfiguration(), epoch: 1)
    try ModelFile.write(generator, description, to: "\(folder)/model.safetensors")
    return try FuzzCase(folder: folder, main: "model.safetensors")
  }

  /// Generates two maps, as `ganinsar generate` does, and checks that they are finite.
  private static func generate(_ path: String) throws {
    let output = path + ".maps"
    defer { try? FileManager.default.removeItem(atPath: output) }
    var job = SampleGeneration(
      model: path, output: output, count: 2, seed: 1, formats: [.npy])
    job.device = .cpu
    try job.run { _ in }
    for index in 0..<2 {
      let map = try NpyArray.read("\(output)/sample-0000000\(index).npy")
      guard map.values.allSatisfy(\.isFinite) else {
        throw Finding("a map with values that are not finite")
      }
    }
  }

  // MARK: - Models with valid checksums

  /// The description and the values of a model as separate parts, for `assemble`.
  private static func parts(_ folder: String) throws -> FuzzCase {
    let model = try model(folder)
    let file = try Safetensors(path: try model.write(to: "\(folder)/parts"))
    let values = try file.names.flatMap { try file.tensor($0).floats() }
    return FuzzCase(
      [
        "description.json": Array((file.metadata["description"] ?? "").utf8),
        "values.bin": values.flatMap { value in
          withUnsafeBytes(of: value.bitPattern.littleEndian) { Array($0) }
        },
      ], main: "model.safetensors")
  }

  /// Assembles a model from its parts, with valid checksums.
  private static func assemble(_ input: inout FuzzCase) {
    let folder = NSTemporaryDirectory() + "/ganinsar-fuzz-model-\(getpid())"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let bytes = input.files["values.bin"] ?? []
    let text = String(decoding: input.files["description.json"] ?? [], as: UTF8.self)
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      let sound = try Safetensors(path: try model(folder).write(to: "\(folder)/sound"))
      var tensors: [String: Tensor] = [:]
      var place = 0
      for name in sound.names {
        let shape = sound.shape(name) ?? []
        let values = (0..<shape.reduce(1, *)).map { index -> Float in
          let start = place + 4 * index
          guard start + 4 <= bytes.count else { return 0 }
          return Float(bitPattern: (0..<4).reduce(0) { $0 | UInt32(bytes[start + $1]) << (8 * $1) })
        }
        place += 4 * values.count
        tensors[name] = try Tensor(values, shape: shape)
      }
      var metadata = sound.metadata
      metadata["sha256"] = nil
      metadata["description"] = text
      try Safetensors.write(tensors, metadata: metadata, to: "\(folder)/a")
      let data = FileManager.default.contents(atPath: "\(folder)/a") ?? Data()
      input.files[input.main] = Array(data)
    } catch {
      input.files[input.main] = []
    }
  }

  /// The fixtures of the tests.
  private static func fixtures(_ ending: String) throws -> [FuzzCase] {
    let tests =
      URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().path + "/Tests"
    let folders = ["InceptionFeaturesTests", "PicturesTests"].map { "\(tests)/\($0)/Fixtures" }
    return try folders.flatMap { folder in
      let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
      return names.filter { $0.hasSuffix(".\(ending)") }.compactMap { name in
        FileManager.default.contents(atPath: "\(folder)/\(name)").map {
          FuzzCase([name: Array($0)], main: name)
        }
      }
    }
  }
}
