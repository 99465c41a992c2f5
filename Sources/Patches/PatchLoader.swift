import Datasets
import Kernel

/// Patches for one training step, as plain numbers that may be passed between threads.
package struct PatchBatch: Sendable, Equatable {
  /// [count, channels, size, size], row-major, cm/yr or the unit of the channel's quantity, without NaN;
  /// offsets included in the first channel.
  package var values: [Float]
  /// [count]: the offset of each patch, in cm/yr.
  package var offsetsCMPerYear: [Float]
  /// [count]: the offsets that the trainer adds to generated patches: the same in mode
  /// `realsAndFakes`, otherwise 0.
  package var offsetsForFakesCMPerYear: [Float]
  /// The number of the first patch.
  package var firstIndex: Int
  /// The epoch of the first patch.
  package var epoch: Int
  package var patchSize: Int
  /// Number of quantities.
  package var channels = 1

  package var count: Int { offsetsCMPerYear.count }
}

/// Returns batches that worker threads have prepared ahead.
///
/// The batches are those of `PatchSampler` in order, whatever the number of threads. A loader that
/// starts at the `position` of another one continues exactly there.
package final class PatchLoader {
  package let sampler: PatchSampler
  package let batchSize: Int
  /// The slice of each batch that this loader returns.
  package let share: BatchShare
  /// The number of windows that were tried for the batches so far; restore it after a restart.
  package private(set) var rejections: RejectionReport
  /// The first patch of the next batch, to be stored in checkpoints.
  package private(set) var position: Int
  /// Number of batches that were not ready when requested.
  package private(set) var waits = 0

  let queue: OrderedQueue<PreparedBatch>

  /// - Parameters:
  ///   - startIndex: the `position` at which to start; any number >= 0.
  ///   - share: the slice of each batch to return; `nil` for the whole batch.
  /// - Throws: `PatchError`, as `PatchSampler.init` does.
  package init(
    scenes: [RateScene], configuration: PatchLoaderConfiguration = PatchLoaderConfiguration(),
    patchSize: Int, batchSize: Int, seed: UInt64, startIndex: Int = 0,
    rejections: RejectionReport = RejectionReport(), share: BatchShare? = nil
  ) throws {
    var faults: [String] = []
    if batchSize < 1 { faults.append("the batch size is \(batchSize); give 1 or more.") }
    if startIndex < 0 { faults.append("the first patch is \(startIndex); give 0 or more.") }
    guard faults.isEmpty else { throw PatchError.invalidConfiguration(faults: faults) }
    sampler = try PatchSampler(
      scenes: scenes, configuration: configuration, patchSize: patchSize, seed: seed)
    self.batchSize = batchSize
    self.share = share ?? .whole(batchSize)
    self.rejections = rejections
    position = startIndex
    let (sampler, share) = (sampler, self.share)
    queue = OrderedQueue(
      from: 0, capacity: configuration.prefetchedBatches, threads: configuration.workerThreads,
      name: "patch loader"
    ) { number in
      try sampler.batch(
        firstIndex: startIndex + number * share.total + share.range.lowerBound,
        count: share.range.count)
    }
  }

  /// A loader over the scenes of `dataset` that are not held out.
  package convenience init(
    dataset: RateDataset, configuration: PatchLoaderConfiguration = PatchLoaderConfiguration(),
    patchSize: Int, batchSize: Int, seed: UInt64, startIndex: Int = 0,
    rejections: RejectionReport = RejectionReport(), share: BatchShare? = nil
  ) throws {
    try self.init(
      scenes: dataset.trainingScenes, configuration: configuration, patchSize: patchSize,
      batchSize: batchSize, seed: seed, startIndex: startIndex, rejections: rejections,
      share: share)
  }

  /// The next batch; waits for the workers if it is not ready.
  /// - Throws: the sampler's error for one of its patches; later calls throw it again.
  package func next() throws -> PatchBatch {
    let (prepared, wasReady) = queue.take()
    if !wasReady { waits += 1 }
    let result = try prepared.get()
    position += batchSize
    for (epoch, counts) in result.rejections { rejections.add(counts, epoch: epoch) }
    return result.batch
  }

  deinit { queue.stop() }
}

/// A batch and the number of tried windows by epoch.
struct PreparedBatch: Sendable {
  var batch: PatchBatch
  var rejections: [Int: RejectionCounts]
}

extension PatchSampler {
  /// Patches `firstIndex ..< firstIndex + count`.
  func batch(firstIndex: Int, count: Int) throws -> PreparedBatch {
    var values: [Float] = []
    let channels = scenes[0].channels.count
    values.reserveCapacity(count * channels * patchSize * patchSize)
    var offsets: [Float] = []
    var rejections: [Int: RejectionCounts] = [:]
    for index in firstIndex..<firstIndex + count {
      let patch = try patch(at: index)
      values += patch.values
      offsets.append(patch.offsetCMPerYear)
      rejections[patch.epoch, default: RejectionCounts()] += patch.rejections
    }
    let shared = configuration.offset.mode == .realsAndFakes
    return PreparedBatch(
      batch: PatchBatch(
        values: values, offsetsCMPerYear: offsets,
        offsetsForFakesCMPerYear: shared ? offsets : offsets.map { _ in 0 },
        firstIndex: firstIndex, epoch: epoch(ofPatch: firstIndex), patchSize: patchSize,
        channels: channels),
      rejections: rejections)
  }
}
