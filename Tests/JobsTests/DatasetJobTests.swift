import DurableFiles
import Foundation
import RasterIO
import RunSupport
import Settings
import TestSupport
import Testing

@testable import Jobs
@testable import StackFiles

/// Datasets of samples that each have a situation of their own.
@Suite struct DatasetJobTests {
  /// Folders of rate maps: a bowl of another depth in each.
  struct Maps {
    let folder: TemporaryFolder
    let path: String
    static let size = 24

    init(_ count: Int, size: Int = Maps.size) throws {
      folder = try TemporaryFolder()
      path = folder.file("maps")
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
      for map in 0..<count {
        let values = (0..<size * size).map { index -> Float in
          let (y, x) = (Float(index / size - size / 2) / 6, Float(index % size - size / 2) / 7)
          return -Float(map + 1) * expf(-x * x - y * y)
        }
        try NpyArray(shape: [size, size], values: values).write(to: "\(path)/map-\(map).npy")
      }
    }

    func job(_ sets: String..., count: Int? = nil, dem: String? = nil) throws -> DatasetJob {
      try DatasetJob(
        maps: .files(
          RateMaps([path], options: .init(unit: .centimetersPerYear)), .init(dem: dem)),
        recipe: ConfigurationOverlay.resolveDrawn(
          defaults: DatasetRecipe(), sets: sets, fixed: DatasetRecipe.fixedKeys), count: count)
    }

    func output(_ name: String) -> String { folder.file(name) }
  }

  static let drawn = [
    "network.everyRepeats={uniform: [1, 6]}", "model.decorrelation.looks={logUniform: [2, 60]}",
  ]

  /// The JSON objects of all samples of a part, by sample number.
  static func records(_ path: String) throws -> [[String: Any]] {
    try FileManager.default.contentsOfDirectory(atPath: path).sorted()
      .filter { $0.hasPrefix("shard-") }
      .flatMap { shard -> [[String: Any]] in
        let data = try Data(contentsOf: URL(fileURLWithPath: "\(path)/\(shard)/samples.json"))
        return try JSONSerialization.jsonObject(with: data) as? [[String: Any]] ?? []
      }
  }

  @Test func everySampleHasASituationOfItsOwnAndEveryMapOnePart() throws {
    let maps = try Maps(10)
    let job = try maps.job(
      Self.drawn[0], Self.drawn[1], "samples.perMap=3", "samples.testFraction=0.2")
    #expect(try job.run(output: maps.output("out"), format: .npy) == 30)
    var situations: Set<String> = []
    var mapsOfParts: [String: Set<String>] = [:]
    for part in DatasetParts.names {
      for record in try Self.records(maps.output("out/\(part)")) {
        let drawn = try #require(record["drawn"] as? [String: Any])
        #expect(drawn.keys.sorted() == ["model.decorrelation.looks", "network.everyRepeats"])
        #expect(record["days"] as? Int == 12 * (drawn["network.everyRepeats"] as? Int ?? 0))
        situations.insert("\(drawn["model.decorrelation.looks"] ?? "")")
        mapsOfParts[part, default: []].insert(record["rate"] as? String ?? "")
        #expect(record["part"] as? String == part)
      }
    }
    #expect(situations.count == 30)
    #expect(mapsOfParts.mapValues(\.count) == ["train": 7, "validation": 1, "test": 2])
    #expect(mapsOfParts.values.reduce(Set()) { $0.union($1) }.count == 10)
  }

  @Test func shardsAndRestartsGiveTheSameBytes() throws {
    let maps = try Maps(5)
    func job() throws -> DatasetJob {
      try maps.job(Self.drawn[0], Self.drawn[1], "reference.pixel=random", count: 23)
    }
    let bytes = 24 * 24 * 4 * 3 * 4  // four samples a shard
    try job().run(output: maps.output("one"), format: .webdataset, shardBytes: bytes)
    for number in [2, 0, 1] {
      try job().run(
        output: maps.output("three"), format: .webdataset, shard: JobShard(number, of: 3),
        shardBytes: bytes)
    }
    let one = try tree(maps.output("one"))
    #expect(try tree(maps.output("three")) == one)
    // A killed run leaves some shards, and temporary files; the others are made again.
    for name in one.keys where name.hasSuffix("1.tar") || name.hasPrefix("test/") {
      try FileManager.default.removeItem(atPath: maps.output("three/\(name)"))
    }
    try Data("half".utf8).write(
      to: URL(fileURLWithPath: maps.output("three/train/shard-000001.tar.part-4-7")))
    try job().run(output: maps.output("three"), format: .webdataset, shardBytes: bytes)
    #expect(try tree(maps.output("three")) == one)
    // Another job does not touch the folder.
    let other = try maps.job(Self.drawn[0], "seed=1", count: 23)
    #expect(
      message { try other.run(output: maps.output("one"), format: .webdataset) }
        .contains("belongs to another job"))
    #expect(try tree(maps.output("one")) == one)
  }

  @Test func zarrAndNpyHoldTheSameSamples() throws {
    let maps = try Maps(1)
    let job = try maps.job("samples.float16=[wrapped]", count: 3)
    try job.run(output: maps.output("npy"), format: .npy)
    try job.run(output: maps.output("zarr"), format: .zarr)
    let zarr = try Data(
      contentsOf: URL(fileURLWithPath: maps.output("zarr/train/wrapped/2.0.0")))
    let npy = try Data(
      contentsOf: URL(fileURLWithPath: maps.output("npy/train/shard-000000/wrapped.npy")))
    #expect(zarr.count == 24 * 24 * 2)
    #expect(npy.suffix(zarr.count) == zarr)
    let full = npy.suffix(3 * 24 * 24 * 2).withUnsafeBytes { bytes in
      (0..<3 * 24 * 24).map {
        Float(
          Float16(
            bitPattern: UInt16(
              littleEndian: bytes.loadUnaligned(fromByteOffset: 2 * $0, as: UInt16.self))))
      }
    }
    let exact = try NpyArray.read(maps.output("npy/train/shard-000000/unwrapped.npy")).values
    for (half, phase) in zip(full, exact) {
      let turns = (phase - half) / (2 * .pi)
      #expect(abs(turns - turns.rounded()) * 2 * .pi < 0.00098 + 1e-5)
    }
  }

  @Test func ratesGetTheAmplitudeThatIsAskedFor() throws {
    let maps = try Maps(3)
    let job = try maps.job(
      "rates={p995CMPerYear: 1.2, factor: {choice: [1, -1]}}", "samples.arrays=[rate]",
      "samples.validationFraction=0", "samples.testFraction=0", "samples.perMap=4")
    try job.run(output: maps.output("out"), format: .npy)
    let rates = try NpyArray.read(maps.output("out/train/shard-000000/rate.npy")).values
    var signs: Set<Bool> = []
    for sample in 0..<12 {
      let rate = Array(rates[sample * 576..<(sample + 1) * 576])
      #expect(abs(RateChanges.p995(of: rate) - 1.2) < 1e-5)
      signs.insert(rate[12 * 24 + 12] > 0)
    }
    #expect(signs == [true, false])
  }

  @Test func masksCoverWhatTheySayAndPhasesAreReferenced() throws {
    let maps = try Maps(1, size: 64)
    let job = try maps.job(
      "mask={borderFraction: 0.2, waterFraction: 0.1}", "reference.pixel=random",
      "samples.arrays=[unwrapped, rate, valid, coherence]", count: 6)
    try job.run(output: maps.output("out"), format: .npy)
    func read(_ name: String) throws -> [Float] {
      try NpyArray.read(maps.output("out/train/shard-000000/\(name).npy")).values
    }
    let (phase, valid, coherence) = (
      try read("unwrapped"), try read("valid"), try read("coherence")
    )
    #expect(try read("rate").allSatisfy(\.isFinite))
    #expect(zip(phase, valid).allSatisfy { $0.isFinite == ($1 == 1) })
    #expect(zip(coherence, valid).allSatisfy { $1 == 1 || $0 == 0 })
    for (sample, record) in try Self.records(maps.output("out/train")).enumerated() {
      let fraction = try #require(record["validFraction"] as? Double)
      #expect((0.69...0.81).contains(fraction))
      let row = try #require(record["referenceRow"] as? Int)
      let column = try #require(record["referenceColumn"] as? Int)
      #expect(phase[sample * 4096 + row * 64 + column] == 0)
    }
  }

  @Test func stacksHoldAllPairsOfANetwork() throws {
    let maps = try Maps(1)
    let job = try maps.job(
      "samples={content: stack, arrays: [wrapped, rate]}", "network.count=4",
      "network.maximumConnections=2", "network.everyRepeats={uniform: [1, 4]}", count: 2)
    try job.run(output: maps.output("out"), format: .npy)
    let shard = maps.output("out/train/shard-000000")
    #expect(try NpyArray.read("\(shard)/wrapped.npy").shape == [2, 5, 24, 24])
    #expect(try NpyArray.read("\(shard)/rate.npy").shape == [2, 24, 24])
    let record = try #require(try Self.records(maps.output("out/train")).first)
    #expect((record["pairs"] as? [Any])?.count == 5)
  }

  @Test func windowsOfALargeMapDiffer() throws {
    let maps = try Maps(1, size: 60)
    let job = try maps.job("samples.size=16", count: 30)
    try job.run(output: maps.output("out"), format: .npy)
    let records = try Self.records(maps.output("out/train"))
    let windows = records.map { [$0["windowRow"] as? Int ?? -1, $0["windowColumn"] as? Int ?? -1] }
    #expect(Set(windows).count > 25)
    #expect(windows.joined().allSatisfy { (0...44).contains($0) })
  }

  @Test func faultsSayWhatToDo() throws {
    let maps = try Maps(1)
    let small = maps.folder.file("dem.npy")
    try NpyArray(shape: [8, 8], values: [Float](repeating: 3, count: 64)).write(to: small)
    func fault(_ job: @autoclosure () throws -> DatasetJob) -> String {
      message { try job().run(output: maps.output("none"), format: .webdataset) }
    }
    #expect(fault(try maps.job(count: 0)).contains("0 samples were requested; give 1 or more"))
    #expect(fault(try maps.job("samples.size=64")).contains("fewer than samples of 64 x 64"))
    #expect(
      fault(try maps.job("model.components=[stratification]", dem: small))
        .contains("Give a larger DEM"))
    #expect(
      fault(try maps.job("samples.float16=[unwrapped]")).contains("float16 rounds 100 rad by up to")
    )
    #expect(
      fault(try maps.job("samples.arrays=[wraped]")).contains("must be one of wrapped, unwrapped"))
    #expect(
      fault(try maps.job("samples.perMap={uniform: [1, 2]}")).contains("the same for all samples"))
    #expect(fault(try maps.job("mask.borderFraction=1.5")).contains("fraction from 0 to 0.95"))
    #expect(!FileSystem.exists(maps.output("none")))
  }
}

@Suite struct DatasetPartsTests {
  @Test(arguments: [(100, 10), (7, 10), (1000, 3), (5, 1), (64, 2)])
  func everySampleHasOnePlace(_ count: Int, _ maps: Int) {
    let parts = DatasetParts(
      count: count, maps: maps, validationFraction: 0.2, testFraction: 0.1, seed: 3)
    var seen: Set<Int> = []
    for part in parts.parts {
      for position in 0..<part.count {
        let place = parts.place(position, in: part)
        #expect(part.maps.contains(place.map))
        #expect(seen.insert(place.index).inserted)
        #expect(DatasetParts.samples(of: place.map, count: count, maps: maps).contains(place.index))
      }
    }
    #expect(seen == Set(0..<count))
  }
}
