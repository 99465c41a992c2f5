import DurableFiles
import Foundation
import Kernel
import RunSupport
import Settings

/// Writes a dataset for machine learning, shard by shard.
///
/// Each shard is written atomically. If the same job is started again, finished shards are kept and
/// the others are written; the result is the same, byte for byte. Several processes can work on one
/// job and folder: see `JobShard`.
public struct SampleExport: Sendable {
  public static let manifestName = "dataset.json"

  public var format: SampleFormat
  public var output: String
  /// Number of samples of the whole job, over all processes.
  public var count: Int
  public var jobShard: JobShard
  /// Largest size of the arrays of one shard, in bytes (at least one sample).
  public var shardBytes: Int

  public init(
    format: SampleFormat, output: String, count: Int, jobShard: JobShard = .whole,
    shardBytes: Int = 256 << 20
  ) {
    self.format = format
    self.output = output
    self.count = count
    self.jobShard = jobShard
    self.shardBytes = shardBytes
  }

  /// Writes the shards that do not exist yet.
  ///
  /// - Parameters:
  ///   - job: what the samples follow from (preset, seed, options); it goes into `dataset.json`, and
  ///     a folder is taken up again only where it is the same.
  ///   - sample: makes sample `index`; must return the same sample for the same index.
  ///   - progress: called with the number of finished samples of this process.
  /// - Returns: the number of samples of this process.
  /// - Throws: `StackIOError`, `RunError.otherContent`, `RunError.inUse`, `RunError.cannotWrite`,
  ///   `RunError.interrupted`, and the errors of `sample`.
  @discardableResult
  public func run(
    job: some Encodable, sample: (Int) throws -> SampleRecord, progress: (Int) -> Void = { _ in }
  ) throws -> Int {
    try validate()
    let layout = try SampleLayout(sample(0))
    try check(layout)
    // Processes of one job work in the same folder; each locks the shard that it is writing.
    let folder = try ResumableFolder(output, isShared: jobShard != .whole)
    defer { withExtendedLifetime(folder) {} }
    let plan = ShardPlan(
      sampleCount: count, samplesPerShard: max(1, min(count, shardBytes / layout.byteCount)))
    try folder.begin(
      JobDescription(fileName: Self.manifestName, content: manifest(job, layout, plan)),
      remedy: "Give another folder, or delete it.")
    let writer = format.writer(folder: output, layout: layout, plan: plan)
    try writer.prepare()
    var done = 0
    for number in 0..<plan.shardCount where jobShard.includes(number) {
      let shard = plan.shard(number)
      if FileSystem.exists(format.mark(shard, in: output)) {
        done += shard.indices.count
        progress(done)
        continue
      }
      let claim = try OutputClaim("\(output)/.\(shard.name)")
      defer { withExtendedLifetime(claim) {} }
      removeLeftovers(of: shard)
      try writer.write(shard) { index in
        try Interruption.check()
        let record = try sample(index)
        try layout.check(record, index: index)
        done += 1
        progress(done)
        return record
      }
    }
    return done
  }

  private func validate() throws {
    var faults: [String] = []
    if count < 1 { faults.append("\(count) samples were requested; give 1 or more") }
    if shardBytes < 1 {
      faults.append(
        "the shard size is \(shardBytes) bytes; give a positive "
          + "size")
    }
    if let fault = format.fault { faults.append(fault) }
    guard faults.isEmpty else { throw StackIOError.badJob(faults: faults) }
  }

  /// - Throws: `StackIOError.badJob` for float16 in a format that cannot hold it.
  private func check(_ layout: SampleLayout) throws {
    guard format == .hdf5, layout.arrays.contains(where: { $0.type == .float16 }) else { return }
    throw StackIOError.badJob(
      faults: ["float16 is for webdataset, zarr and npy; leave it out for hdf5"])
  }

  private func manifest(_ job: some Encodable, _ layout: SampleLayout, _ plan: ShardPlan) throws
    -> Data
  {
    let value = SampleDatasetManifest(
      format: format, sampleCount: count, samplesPerShard: plan.samplesPerShard,
      shardCount: plan.shardCount, arrays: layout.arrays, job: job)
    return Data(try OrderedJSON.text(of: value).utf8)
  }

  /// Removes the temporary files that a killed process left of this shard.
  private func removeLeftovers(of shard: Shard) {
    let names = (try? AtomicFolder.names(in: output)) ?? []
    for name in names where name.hasPrefix("\(shard.name).") && name.contains(".part-") {
      FileSystem.remove("\(output)/\(name)")
    }
  }
}

/// `dataset.json`: the content of the shards and the settings of the job.
private struct SampleDatasetManifest<Job: Encodable>: Encodable {
  var formatVersion = 1
  var randomStreams = RandomStream.edition
  var format: SampleFormat
  var sampleCount: Int
  var samplesPerShard: Int
  var shardCount: Int
  var valueType = "float32 where an array states no other type, NaN where there is no data"
  var arrays: [SampleLayout.Entry]
  var job: Job
}
