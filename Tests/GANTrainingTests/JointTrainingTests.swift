import Datasets
import Foundation
import Jobs
import RasterIO
import TestSupport
import Testing
import TorchCore

@testable import GANTraining

/// Training on scenes with several quantities.
@Suite struct JointTrainingTests {
  private func dataset(in folder: TemporaryFolder) throws -> RateDataset {
    let side = 160
    let waves = (0..<side * side).map { index in
      12 * sinf(Float(index / side) / 17) * cosf(Float(index % side) / 23)
    }
    let maps: [(String, [Float])] = [
      ("rate", waves.map { $0 + 6 }), ("coherence", waves.map { 0.5 + $0 / 26 }),
    ]
    for (name, values) in maps {
      try NpyArray(shape: [side, side], values: values).write(to: folder.file("\(name).npy"))
    }
    var reading = RasterReadOptions()
    reading.unit = .centimetersPerYear
    let output = folder.file("dataset")
    _ = try DatasetPreparation(reading: reading).run(
      files: [folder.file("rate.npy")],
      with: [CompanionFiles(.coherence, [folder.file("coherence.npy")])], output: output)
    return try RateDataset.open(output)
  }

  private func state(_ run: TrainingRun) throws -> [String: [Float]] {
    var state: [String: [Float]] = [:]
    for (name, object) in run.trainer.objects {
      for (key, tensor) in try object.state() { state["\(name).\(key)"] = try tensor.floats() }
    }
    return state
  }

  @Test func resumeIsExactAndEveryQuantityIsDrawn() throws {
    let folder = try TemporaryFolder()
    let dataset = try dataset(in: folder)
    let configuration = smallConfiguration(iterations: 6)
    let whole = try TrainingRun.start(configuration, dataset: dataset, root: folder.file("a"))
    try whole.run { _ in .continue }
    let half = try TrainingRun.start(configuration, dataset: dataset, root: folder.file("b"))
    try half.run { event in
      if case .iteration(3) = event { return .stop }
      return .continue
    }
    let rest = try TrainingRun.resume(half.folder.path, dataset: dataset)
    try rest.run { _ in .continue }
    #expect(try state(rest) == state(whole))

    #expect(whole.trainer.transform.quantities == [.rate, .coherence])
    let values = try NpyArray.read(whole.folder.file("snapshots/generated-00000006-coherence.npy"))
    #expect(values.shape == [2, 64, 64] && values.values.allSatisfy { (0...1).contains($0) })
    let real = try NpyArray.read(whole.folder.file("snapshots/real.npy")).values
    let realCoherence = try NpyArray.read(whole.folder.file("snapshots/real-coherence.npy")).values
    // The pictures show one window of both.
    for (rate, coherence) in zip(real, realCoherence) {
      #expect(abs((rate - 6) / 26 + 0.5 - coherence) < 1e-4)
    }
  }

  @Test func aRunContinuesOnlyWithItsQuantities() throws {
    let folder = try TemporaryFolder()
    let run = try TrainingRun.start(
      smallConfiguration(iterations: 2), dataset: dataset(in: folder), root: folder.file("runs"))
    try run.run { _ in .continue }
    let rates = try smallDataset(in: folder)
    let text = message { _ = try TrainingRun.resume(run.folder.path, dataset: rates) }
    #expect(text.contains("deformation rates, coherence"), "\(text)")
  }
}
