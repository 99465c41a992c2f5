import EvaluationTestSupport
import Foundation
import RasterIO
import Settings
import TestSupport
import Testing

@testable import Evaluation
@testable import FeatureMetrics

struct EvaluationJobTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// A job without a network.
  private func job(_ real: String, _ sets: [String], count: Int = 8) -> EvaluationJob {
    var settings = EvaluationSettings()
    settings.count = count
    settings.neighbors = 2
    settings.resamples = 0
    return EvaluationJob(
      real: real, sets: sets.enumerated().map { NamedPath(name: "set\($0)", path: $1) },
      settings: settings)
  }

  @Test("without weights the rest runs, and the record says what is missing")
  func noWeights() throws {
    let result = try job(
      writeStack("real.npy", count: 16, in: folder), [writeStack("a.npy", count: 8, in: folder)]
    ).run()
    #expect(result.record.network == nil && result.record.sets[0].features == nil)
    #expect(result.record.missing.count == 1 && result.record.missing[0].contains("no network"))
    #expect(result.real?.count == 8 && result.control?.count == 8 && result.sets[0].count == 8)
    #expect(result.control?.origins.first?.label == "item 8")
    #expect(result.record.real.clipShare == 0)
    #expect(result.record.table.contains("missing"))
    // metrics.json comes back as it was written.
    let json = try OrderedJSON.text(of: result.record)
    #expect(try JSONDecoder().decode(EvaluationRecord.self, from: Data(json.utf8)) == result.record)
  }

  @Test("a network that cannot be used ends the job")
  func unusableNetwork() throws {
    var job = try job(
      writeStack("real.npy", count: 4, in: folder), [writeStack("a.npy", count: 4, in: folder)])
    job.backend = FeatureBackend { _ in throw EvaluationError.noNetwork(reason: "damaged") }
    #expect(throws: EvaluationError.noNetwork(reason: "damaged")) { try job.run() }
  }

  @Test("features are compared, cached and laid out; twice the same")
  func network() throws {
    let real = try writeStack("real.npy", count: 24, in: folder)
    let other = try writeStack("other.npy", count: 12, in: folder, phase: 0.4)
    var job = job(real, [other], count: 12)
    job.settings.resamples = 4
    job.backend = QuarterMeans.backend
    job.cache = FeatureCache(folder: folder.file("cache"))
    var events: [EvaluationJob.Event] = []
    let first = try job.run { events.append($0) }
    // All pictures are counted together: real, set and control have 12 each.
    let pictures = events.compactMap {
      if case .features(let set, let done, let total) = $0 { (set, done, total) } else { nil }
    }
    #expect(pictures.map(\.1) == Array(1...36) && pictures.allSatisfy { $0.2 == 36 })
    #expect(pictures.map(\.0).filter { $0 == "set0" }.count == 12)
    #expect(events.contains(.comparing(set: "set0", done: 0, of: 2)))
    #expect(events.contains(.comparing(set: "control", done: 2, of: 2)))
    #expect(events.contains(.measuring(set: "control", done: 3, of: 3)))
    events = []
    let second = try job.run { events.append($0) }
    #expect(first.record == second.record)
    // From the cache.
    #expect(!events.contains { if case .features = $0 { true } else { false } })
    let record = first.record
    #expect(record.network?.name == "quarters" && record.missing.isEmpty)
    #expect(record.libTorch == "none")
    #expect(Set(first.features.keys) == ["real", "set0", "control"])
    let fid = try #require(record.sets[0].features?.fid)
    #expect(
      fid.value
        == (try FrechetDistance.between(
          first.features["real"]!, first.features["set0"]!, PlainAlgebra())))
    #expect(record.control?.features?.count == 12 && record.featureMap?.patchesPerSet == 12)
    #expect(record.warnings.contains { $0.contains("biased upward") })
    #expect(job.cache?.read(try #require(record.sets[0].featuresKey)) == first.features["set0"])
  }

  @Test("images need a network and are compared with one")
  func pictures() throws {
    let real = try writeStack("real.npy", count: 8, in: folder)
    let images = try job(real, [real]).run().images
    try images[0].write(folder: folder.file("a"))
    try images[1].write(folder: folder.file("b"))
    var job = job(folder.file("a"), [folder.file("b")])
    job.arePictures = true
    #expect(message { _ = try job.run() }.contains("no network"))
    job.backend = QuarterMeans.backend
    let result = try job.run()
    #expect(result.real == nil && result.record.real.kind == "pictures")
    #expect(result.record.sets[0].features.map { abs($0.fid.value) < 1e-6 } == true)
    #expect(result.record.sets[0].deformation == nil)
  }

  @Test("sets of unlike size are named with both sizes")
  func sizes() throws {
    let text = message {
      _ = try job(
        writeStack("real.npy", count: 4, in: folder),
        [writeStack("a.npy", count: 4, size: 8, in: folder)]
      ).run()
    }
    #expect(text.contains("8x8") && text.contains("16x16") && text.contains("set0"))
  }

  @Test("one patch, no set, a taken name and impossible settings are errors")
  func arguments() throws {
    let real = try writeStack("real.npy", count: 4, in: folder)
    let one = try writeStack("one.npy", count: 1, in: folder)
    #expect(message { _ = try job(real, [one]).run() }.contains("needs 2 or more"))
    #expect(message { _ = try job(real, []).run() }.contains("set: NAME=PATH"))
    #expect(message { _ = try job(real, [real], count: 1).run() }.contains("'count' is 1"))
    var twice = job(real, [real])
    twice.sets = [NamedPath(name: "real", path: real)]
    #expect(message { _ = try twice.run() }.contains("'real' is taken"))
    twice.sets = [NamedPath(name: "../a", path: real)]
    #expect(message { _ = try twice.run() }.contains("slash"))
    #expect(throws: EvaluationError.self) { try NamedPath(parsing: "a=") }
    #expect(try NamedPath(parsing: "runs/maps").name == "maps")
  }

  @Test("NaN is an error that names file and item")
  func notANumber() throws {
    let path = folder.file("nan.npy")
    var values = [Float](repeating: 1, count: 3 * 16)
    values[20] = .nan
    try NpyArray(shape: [3, 4, 4], values: values).write(to: path)
    let text = message { _ = try job(path, [path]).run() }
    #expect(text.contains("nan.npy, item 1") && text.contains("1 of its 16 values"))
  }

  @Test("constant and repeated patches are computed, with a warning")
  func constant() throws {
    let real = try writeStack("real.npy", count: 4, in: folder)
    let flat = folder.file("flat.npy")
    try NpyArray(
      shape: [4, 16, 16], values: (0..<4).flatMap { [Float](repeating: Float($0), count: 256) }
    ).write(to: flat)
    let same = folder.file("same.npy")
    try NpyArray(shape: [4, 16, 16], values: [Float](repeating: 2, count: 1024)).write(to: same)
    let warnings = try job(real, [flat, same]).run().record.warnings
    #expect(warnings.contains { $0.contains("4 of 4 samples of set0 are constant") })
    #expect(warnings.contains { $0.contains("all 4 samples of set1 are the same") })
    // A reference without variation measures nothing.
    for path in [flat, same] {
      let text = message { _ = try job(path, [real]).run() }
      #expect(text.contains(path) && text.contains("nothing to compare with"))
    }
  }

  @Test("few constant patches are counted")
  func someConstant() throws {
    let path = folder.file("some.npy")
    try NpyArray(
      shape: [4, 16, 16], values: (0..<4 * 256).map { $0 < 256 ? 3 : Float($0 % 23) }
    ).write(to: path)
    let warnings = try job(path, [path]).run().record.warnings
    #expect(warnings.contains { $0.contains("1 of 4 samples of set0 are constant") })
    #expect(warnings.contains { $0.contains("1 of 4 samples of real are constant") })
  }

  @Test("no-data values are refused, and rates beyond all ground motion warned of")
  func implausible() throws {
    func stack(_ value: Float) throws -> String {
      let path = folder.file("mark.npy")
      try NpyArray(
        shape: [4, 16, 16], values: (0..<4 * 256).map { $0 == 700 ? value : Float($0 % 23) }
      ).write(to: path)
      return path
    }
    let real = try writeStack("real.npy", count: 8, in: folder)
    let text = message { _ = try job(real, [stack(-1e20)]).run() }
    #expect(text.contains("item 2 of set0") && text.contains("mark.npy"))
    let warnings = try job(real, [stack(9999)]).run().record.warnings
    #expect(warnings.contains { $0.contains("1 of 4 patches of set0 hold rates beyond 1000") })
  }

  @Test("where real samples are few, their halves are the control")
  func halves() throws {
    let real = try writeStack("real.npy", count: 8, in: folder)
    let record = try job(real, [writeStack("a.npy", count: 8, in: folder, phase: 1)]).run().record
    let control = try #require(record.control)
    #expect(control.count == 4 && control.description.contains("half"))
    let deformation = try #require(control.deformation)
    #expect(deformation.statistics.patchCount == 4 && deformation.comparison != nil)
    #expect(deformation.memorisation?.nearest.allSatisfy { $0.reference < 4 } == true)
    #expect(!record.warnings.contains { $0.contains("control") })
    let three = try writeStack("three.npy", count: 3, in: folder)
    let none = try job(three, [three]).run().record
    #expect(none.control == nil && none.warnings.contains { $0.contains("too few real samples") })
  }

  @Test("no draws, no intervals")
  func noDraws() throws {
    let real = try writeStack("real.npy", count: 8, in: folder)
    let statistics = try job(real, [real]).run().record.real.deformation?.statistics
    #expect(statistics?.quietShare?.low == nil && statistics?.spectrum.power[0].high == nil)
  }

  @Test("sets are cut to the smallest, with a warning")
  func cut() throws {
    let result = try job(
      writeStack("real.npy", count: 9, in: folder),
      [writeStack("a.npy", count: 7, in: folder), writeStack("b.npy", count: 4, in: folder)]
    ).run()
    #expect(result.sets.map(\.count) == [4, 4] && result.real?.count == 4)
    #expect(result.control?.count == 4)
    #expect(result.record.warnings.contains { $0.contains("cut to 4 samples, as many as set1") })
  }
}
