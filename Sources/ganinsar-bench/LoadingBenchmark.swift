import Datasets
import DurableFiles
import Foundation
import Kernel
import Patches
import RasterIO

/// Measures the speed of a patch loader in one process.
struct LoadingBenchmark: Sendable, Codable {
  let patchSize: Int
  let batchSize: Int
  let patches: Int
  let seconds: Double
  let cpuSeconds: Double
  let peakMemoryMib: Double

  enum CodingKeys: String, CodingKey {
    case patchSize = "patch_size"
    case batchSize = "batch_size"
    case patches, seconds
    case cpuSeconds = "cpu_seconds"
    case peakMemoryMib = "peak_memory_mib"
  }

  /// Times `batches` batches, after those that the loader prepares ahead; creating the loader is
  /// not timed.
  /// - Throws: `PatchError`, as `PatchLoader` does.
  init(
    dataset: RateDataset, configuration: PatchLoaderConfiguration, patchSize: Int, batchSize: Int,
    batches: Int
  ) throws {
    let loader = try PatchLoader(
      dataset: dataset, configuration: configuration, patchSize: patchSize, batchSize: batchSize,
      seed: 0)
    // Batches that are ready already would cost no time.
    for _ in 0...configuration.prefetchedBatches { _ = try loader.next() }
    let cpu = ProcessUsage.current().cpuSeconds
    let elapsed = try ContinuousClock().measure {
      for _ in 0..<batches { _ = try loader.next() }
    }
    self.patchSize = patchSize
    self.batchSize = batchSize
    patches = batches * batchSize
    seconds = elapsed / .seconds(1)
    cpuSeconds = ProcessUsage.current().cpuSeconds - cpu
    peakMemoryMib = Double(ProcessUsage.current().peakMemoryBytes) / 1_048_576
  }

  /// Writes the first `count` patches so that other programs can check them: `patches.npy` [count,
  /// size, size] in cm/yr, and `patches.json` with each one's window, symmetry and offset.
  static func save(
    dataset: RateDataset, configuration: PatchLoaderConfiguration, patchSize: Int, count: Int,
    to folder: String
  ) throws {
    struct Origin: Encodable {
      let scene: String
      let column, row, factor, quarterTurns: Int
      let mirrors: Bool
      let offsetCMPerYear: Float
    }
    let sampler = try PatchSampler(
      scenes: dataset.trainingScenes, configuration: configuration, patchSize: patchSize, seed: 0)
    let patches = try (0..<count).map { try sampler.patch(at: $0) }
    let origins = patches.map {
      Origin(
        scene: $0.scene, column: $0.column, row: $0.row, factor: $0.factor,
        quarterTurns: $0.symmetry.quarterTurns, mirrors: $0.symmetry.mirrors,
        offsetCMPerYear: $0.offsetCMPerYear)
    }
    try AtomicFolder.makeFolders(folder)
    try NpyArray(shape: [count, patchSize, patchSize], values: patches.flatMap(\.values))
      .write(to: "\(folder)/patches.npy")
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    try AtomicFile.write(encoder.encode(origins), to: "\(folder)/patches.json")
  }
}
