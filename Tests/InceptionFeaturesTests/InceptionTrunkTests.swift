import EvaluationTestSupport
import Foundation
import Pictures
import RasterIO
import TestSupport
import Testing
import TorchCore
import TorchTestSupport

@testable import Evaluation
@testable import InceptionFeatures

@Suite(.enabled(if: SharedData.has(weightsPath), "needs shared/weights"), .serialized)
struct InceptionTrunkTests {
  private let weights: InceptionWeights

  init() throws { weights = try InceptionWeights.read(SharedData.path(weightsPath)) }

  /// The formula of `inception-golden.json`.
  private func goldenImages() -> ImageSet {
    var pixels: [UInt8] = []
    for k in 0..<8 {
      for i in 0..<256 {
        for j in 0..<256 {
          for c in 0..<3 {
            let sum =
              (k + 1) * i * i + (2 * k + 3) * j * j + (k + 5) * i * j + 17 * (c + 1) * (i ^ j)
            pixels.append(UInt8((sum >> 6) & 255))
          }
        }
      }
    }
    return ImageSet(
      name: "golden", count: 8, width: 256, height: 256, channels: .rgb, pixels: pixels)
  }

  @Test("golden features agree to 1e-4", .tags(.weights))
  func golden() throws {
    #expect(weights.isVerified)
    let found = try InceptionExtractor(weights: weights, mode: .fid)
      .features(of: goldenImages()) { _ in }
    let golden = try NpyArray.read(SharedData.path("weights/inception-golden-8x2048.npy"))
    expectClose(
      found.values.map(Double.init), golden.values.map(Double.init), rtol: 0, atol: 1e-4)
  }

  @Test(
    "one channel gives what three equal ones give", .tags(.weights),
    arguments: [
      PreprocessingMode.fid, .clean,
    ])
  func gray(mode: PreprocessingMode) throws {
    let extractor = try InceptionExtractor(weights: weights, mode: mode)
    let gray: [UInt8] = (0..<2 * 32 * 32).map { (place: Int) -> UInt8 in
      let sum = place * 37 + place / 32 * 11
      return UInt8(sum & 255)
    }
    let one = ImageSet(
      name: "a", count: 2, width: 32, height: 32, channels: .gray, pixels: gray)
    let three = ImageSet(
      name: "a", count: 2, width: 32, height: 32, channels: .rgb,
      pixels: gray.flatMap { [$0, $0, $0] })
    let a = try extractor.features(of: one) { _ in }.values.map(Double.init)
    let b = try extractor.features(of: three) { _ in }.values.map(Double.init)
    expectClose(a, b, rtol: 0, atol: 2e-5)
  }

  @Test("an evaluation is the same twice, taken anew and from the cache", .tags(.weights))
  func job() throws {
    let folder = try TemporaryFolder()
    let real = try writeStack("real.npy", count: 12, in: folder)
    let other = try writeStack("other.npy", count: 6, in: folder, phase: 0.4)
    var settings = EvaluationSettings()
    settings.neighbors = 2
    settings.resamples = 4
    settings.count = 6
    var job = EvaluationJob(
      real: real, sets: [NamedPath(name: "other", path: other)], settings: settings)
    job.backend = .libTorch(weights: SharedData.path(weightsPath))
    job.cache = FeatureCache(folder: folder.file("cache"))
    let first = try job.run()
    var taken = 0
    let second = try job.run { event in
      if case .features(_, let done, _) = event, done > 0 { taken += 1 }
    }
    #expect(first.record == second.record)
    #expect(taken == 0)  // from the cache
    let record = first.record
    #expect(record.sets[0].features!.fid.value > 0)
    #expect(record.control?.count == 6)
    #expect(record.network?.isVerified == true)
    #expect(record.missing.isEmpty)
    #expect(Set(first.features.keys) == ["real", "other", "control"])
    #expect(
      record.warnings.contains { $0.contains("biased upward") })
  }
}
