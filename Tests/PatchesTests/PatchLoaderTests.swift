import Foundation
import Kernel
import TestSupport
import Testing

@testable import Datasets
@testable import Patches

@Suite struct PatchLoaderTests {
  private let scenes = [
    RateScene(name: "a", grid: syntheticGrid(width: 90, height: 70, seed: 1, holeShare: 0.03)),
    RateScene(name: "b", grid: syntheticGrid(width: 60, height: 61, seed: 2)),
  ]

  private func configuration(workers: Int) -> PatchLoaderConfiguration {
    var configuration = PatchLoaderConfiguration()
    configuration.patchesPerEpoch = 10
    configuration.filter = ConditionalFilter(theta: 0.6, epochs: EpochRange(until: 4))
    configuration.offset.epochs = EpochRange(until: 2)
    configuration.workerThreads = workers
    configuration.prefetchedBatches = 3
    return configuration
  }

  private func loader(
    workers: Int = 1, start: Int = 0, rejections: RejectionReport = RejectionReport(),
    share: BatchShare? = nil
  ) throws -> PatchLoader {
    try PatchLoader(
      scenes: scenes, configuration: configuration(workers: workers), patchSize: 16, batchSize: 4,
      seed: 11, startIndex: start, rejections: rejections, share: share)
  }

  @Test(arguments: [1, 2, 3])
  func batchesAreTheSamplersPatchesInOrder(workers: Int) throws {
    let loader = try loader(workers: workers)
    for number in 0..<15 {
      let batch = try loader.next()
      #expect(batch.firstIndex == number * 4 && batch.count == 4)
      #expect(batch.epoch == number * 4 / 10)
      var values: [Float] = []
      for index in number * 4..<number * 4 + 4 {
        let patch = try loader.sampler.patch(at: index)
        values += patch.values
        #expect(batch.offsetsCMPerYear[index - number * 4] == patch.offsetCMPerYear)
      }
      #expect(sameBits(batch.values, values))
    }
    #expect(loader.position == 60)
  }

  /// The slices of all processes are the batch, in order, and the windows they tried are its windows.
  @Test(arguments: [1, 2, 4])
  func sharesAreTheBatchWithoutGapOrOverlap(count: Int) throws {
    let whole = try loader()
    let shares = try (0..<count).map {
      try loader(share: BatchShare(total: 4, range: 4 / count * $0..<4 / count * ($0 + 1)))
    }
    for _ in 0..<6 {
      let batch = try whole.next()
      let slices = try shares.map { try $0.next() }
      #expect(sameBits(slices.flatMap(\.values), batch.values))
      #expect(slices.flatMap(\.offsetsCMPerYear) == batch.offsetsCMPerYear)
      #expect(shares.allSatisfy { $0.position == whole.position })
    }
    let tried = shares.reduce(0) { $0 + $1.rejections.total.tried }
    #expect(tried == whole.rejections.total.tried)
  }

  @Test func aRestartInTheMiddleGoesOnExactly() throws {
    let whole = try loader(workers: 2)
    for _ in 0..<5 { _ = try whole.next() }
    let resumed = try loader(workers: 1, start: whole.position, rejections: whole.rejections)
    for _ in 0..<6 { #expect(try whole.next() == resumed.next()) }
    #expect(whole.position == resumed.position)
    #expect(whole.rejections == resumed.rejections)
  }

  @Test(arguments: [1, 3])
  func rejectionsAddUp(workers: Int) throws {
    let loader = try loader(workers: workers)
    for _ in 0..<15 { _ = try loader.next() }
    var perEpoch: [Int: RejectionCounts] = [:]
    for index in 0..<60 {
      perEpoch[index / 10, default: RejectionCounts()] +=
        try loader.sampler.patch(at: index).rejections
    }
    #expect(loader.rejections.perEpoch == perEpoch)
    let total = loader.rejections.total
    #expect(total.accepted == 60)
    #expect(total.tried == total.accepted + total.noData + total.filter + total.sceneTooSmall)
    #expect(total.filter > 0)
    #expect(loader.rejections.perEpoch[5]?.filter == 0)  // the filter is off by then
  }

  @Test func fakesGetTheSameOffsetsOnlyWhenAskedTo() throws {
    #expect(try loader().next().offsetsForFakesCMPerYear == [0, 0, 0, 0])
    var shared = configuration(workers: 1)
    shared.offset.mode = .realsAndFakes
    let batch = try PatchLoader(
      scenes: scenes, configuration: shared, patchSize: 16, batchSize: 4, seed: 11
    ).next()
    #expect(batch.offsetsForFakesCMPerYear == batch.offsetsCMPerYear)
    #expect(batch.offsetsCMPerYear.allSatisfy { $0 != 0 && abs($0) <= 5 })
  }

  @Test(arguments: [1, 2])
  func anErrorInAWorkerReachesTheCallerAndStays(workers: Int) throws {
    let quiet = RateGrid(
      width: 64, height: 64, values: (0..<4096).map { Float($0 % 7) * 0.1 })
    var configuration = configuration(workers: workers)
    configuration.maximumTriesPerPatch = 20
    configuration.filter.epochs = EpochRange(from: 1)
    configuration.augmentation.maximumZoom = 2  // so that it is not found before
    let loader = try PatchLoader(
      scenes: [RateScene(name: "quiet", grid: quiet)], configuration: configuration,
      patchSize: 16, batchSize: 5, seed: 1)
    for _ in 0..<2 { _ = try loader.next() }
    #expect(throws: PatchError.self) { try loader.next() }
    #expect(throws: PatchError.self) { try loader.next() }
    #expect(loader.position == 10)
  }

  @Test func loadersThatAreDroppedStopTheirThreads() throws {
    weak var queue: OrderedQueue<PreparedBatch>?
    do {
      let loader = try loader(workers: 3)
      _ = try loader.next()
      queue = loader.queue
      #expect(queue?.workerCount == 3)
    }
    // deinit waits for the workers to leave; the last may still be returning.
    for _ in 0..<60_000 where queue != nil { usleep(1000) }
    #expect(queue == nil)
  }

  @Test func badArguments() {
    #expect(throws: PatchError.self) {
      try PatchLoader(scenes: scenes, patchSize: 16, batchSize: 0, seed: 1, startIndex: -1)
    }
  }
}
