import Datasets
import Foundation
import Patches
import RasterIO
import Rasters
import TestSupport
import Testing
import TorchCore

@testable import GANModel
@testable import GANSampling

/// Maps of a model of rate and coherence.
@Suite struct JointGenerationTests {
  private let folder: TemporaryFolder
  private let model: String

  init() throws {
    folder = try TemporaryFolder()
    model = folder.file("joint.safetensors")
    let architecture = Architecture(sizePixels: 64, channels: 1, latentSize: 4)
    let random = try RandomGenerator(seed: 1, .testInput)
    var transform = RateTransform(scaleCMPerYear: 3)
    transform.others = [RateTransform(scaleCMPerYear: 1).measuring(.coherence)]
    try ModelFile.write(
      Generator(architecture, mapChannels: 2, random),
      ModelDescription(
        architecture: architecture, transform: transform, iterations: 10, patchesSeen: 80,
        scenes: ["etna"], patches: PatchLoaderConfiguration(), epoch: 1), to: model)
  }

  private func job(_ output: String, count: Int = 3) -> SampleGeneration {
    var job = SampleGeneration(
      model: model, output: folder.file(output), count: count, seed: 4, formats: [.npy])
    job.device = .cpu
    return job
  }

  private func map(_ path: String, _ index: Int) throws -> [Float] {
    try NpyArray.read(folder.file("\(path)/sample-0000000\(index).npy")).values
  }

  @Test func eachQuantityHasAFolderAsAModelOfItsOwnWouldWrite() throws {
    try job("maps").run { _ in }
    let joint = try #require(JointManifest.read(folder.file("maps")))
    #expect(joint.isComplete && joint.quantities == [.rate, .coherence] && joint.count == 3)
    let read = try RateMapModel(contentsOf: model)
    let expected = try read.jointMaps(0..<3, seed: 4)
    #expect(read.quantities == [.rate, .coherence])
    #expect(try read.maps(0..<3, seed: 4) == expected.map { $0[0] })
    for index in 0..<3 {
      #expect(try map("maps/rate", index) == expected[index][0])
      #expect(try map("maps/coherence", index) == expected[index][1])
      #expect(expected[index][1].allSatisfy { (0...1).contains($0) })
    }
    let coherence = try #require(SampleManifest.read(folder.file("maps/coherence")))
    #expect(coherence.quantity == .coherence && coherence.unit == .one)
    #expect(coherence.pixelsAtEnds != nil)
    let rate = try #require(SampleManifest.read(folder.file("maps/rate")))
    #expect(rate.quantity == nil && rate.scaleCMPerYear == 3)
    // Commands list the rates, or the quantity that they are asked for.
    let listed = try RateMapFolder(folder.file("maps"))
    #expect(listed.path == folder.file("maps/rate") && listed.companions == [.coherence])
    let set = try PatchSetReader(count: 3).read(folder.file("maps"), name: "ours")
    #expect(set.companions.map(\.patches) == [expected.map { $0[1] }])
  }

  @Test func aStoppedJobContinuesAndAnotherJobIsRefused() throws {
    try job("maps").run { _ in }
    let file = folder.file("maps/coherence/sample-00000001.npy")
    let before = try Data(contentsOf: URL(fileURLWithPath: file))
    try FileManager.default.removeItem(atPath: file)
    try job("maps").run { _ in }
    #expect(try Data(contentsOf: URL(fileURLWithPath: file)) == before)

    var other = job("maps")
    other.seed = 5
    #expect(message { try other.run { _ in } }.contains("another job"))
    try Data("mine".utf8).write(to: URL(fileURLWithPath: folder.file("maps/notes.txt")))
    other.overwrite = true
    try other.run { _ in }
    #expect(JointManifest.read(folder.file("maps"))?.seed == 5)
    #expect(FileManager.default.fileExists(atPath: folder.file("maps/notes.txt")))
    #expect(!FileManager.default.fileExists(atPath: folder.file("maps.partial")))
  }

  @Test func shardsAreReadTogether() throws {
    for shard in 0..<2 {
      var part = job("maps/shard-000\(shard)-of-0002", count: 2)
      part.first = 2 * shard
      try part.run { _ in }
    }
    let rates = try RateMapFolder(folder.file("maps"))
    #expect(rates.files.count == 4 && rates.companions == [.coherence])
    #expect(rates.files[3] == "shard-0001-of-0002/rate/sample-00000003.npy")
    let coherence = try RateMapFolder(folder.file("maps"), of: .coherence)
    #expect(coherence.files[0] == "shard-0000-of-0002/coherence/sample-00000000.npy")
  }

  @Test func whatHoldsRatesOnlyIsRefused() throws {
    var mintPy = job("h5")
    mintPy.formats = [.h5]
    #expect(
      message { try mintPy.run { _ in } }.contains(RasterFormat.h5.isAvailable ? "MintPy" : "GDAL"))
    var stream = job("-")
    stream.output = SampleGeneration.standardOutput
    #expect(message { try stream.stream(to: { _ in }) }.contains("rate, coherence"))
  }
}
