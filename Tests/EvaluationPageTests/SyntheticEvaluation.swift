import Foundation
import Kernel
import RasterIO
import TestSupport

@testable import Evaluation
@testable import FeatureMetrics

/// A small evaluation of made-up maps: `copies`, whose patch 5 is real patch 3 turned, and `flat`,
/// of constant maps. Without weights; `withFeatures` makes features up.
struct SyntheticEvaluation {
  static let count = 24
  static let side = 16
  let folder: TemporaryFolder
  var result: EvaluationResult

  init() throws {
    folder = try TemporaryFolder()
    let (count, side) = (Self.count, Self.side)
    let real = Self.waves(2 * count, seed: 1)
    var copies = Self.waves(count, seed: 2)
    copies[5] = SquareSymmetry.all[3](real[3], side: side)
    let flat = (0..<count).map { [Float](repeating: Float($0 % 5) - 2, count: side * side) }
    for (name, patches) in [("real", real), ("copies", copies), ("flat", flat)] {
      try NpyArray(shape: [patches.count, side, side], values: patches.flatMap { $0 })
        .write(to: folder.file("\(name).npy"))
    }
    var settings = EvaluationSettings()
    settings.count = count
    settings.neighbors = 3
    settings.resamples = 10
    let job = EvaluationJob(
      real: folder.file("real.npy"),
      sets: ["copies", "flat"].map { [folder] name in
        NamedPath(name: name, path: folder.file("\(name).npy"))
      },
      settings: settings)
    result = try job.run()
  }

  /// Waves of a seeded length and direction, in cm/yr.
  private static func waves(_ count: Int, seed: UInt64) -> [[Float]] {
    (0..<count).map { item in
      var random = CounterRandom(seed, .testInput, UInt64(item))
      let (a, b) = (random.uniform(-0.8...0.8), random.uniform(-0.8...0.8))
      let (phase, height) = (random.uniform(0...6), random.uniform(2...12))
      return (0..<side * side).map { pixel in
        let angle = a * Double(pixel / side) + b * Double(pixel % side) + phase
        return Float(height * sin(angle))
      }
    }
  }

  /// The same with features of four numbers: `copies` beside the real ones, `flat` far away.
  func withFeatures() throws -> SyntheticEvaluation {
    var found = self
    let count = Self.count
    func features(_ shift: Double, _ seed: UInt64) -> FeatureSet {
      var random = CounterRandom(seed, .testInput)
      let values = (0..<count * 4).map { _ in Float(random.normal() + shift) }
      return FeatureSet(count: count, dimension: 4, values: values)
    }
    let sets = [features(0, 1), features(0.2, 2), features(9, 3)]
    let comparison = FeatureComparison(neighbors: 3, draws: 10)
    found.result.record.network = EvaluationRecord.Network(
      name: "made up", file: "weights", fileSHA256: "00ff", isVerified: false,
      preprocessing: "none")
    for place in 0..<2 {
      found.result.record.sets[place].features = try comparison.metrics(
        real: sets[0], generated: sets[place + 1], PlainAlgebra())
    }
    found.result.record.control?.features = try comparison.metrics(
      real: sets[0], generated: features(0, 4), PlainAlgebra())
    found.result.record.featureMap = try FeatureMap(sets, seed: 0)
    return found
  }
}
