import Datasets
import Foundation
import Jobs
import RasterIO
import TestSupport

@testable import GANTraining

/// A dataset of one smooth made-up scene, loud enough that most patches pass the filter.
func smallDataset(in folder: TemporaryFolder, name: String = "waves") throws -> RateDataset {
  let side = 160
  var values = [Float](repeating: 0, count: side * side)
  for row in 0..<side {
    for column in 0..<side {
      values[row * side + column] = 12 * sinf(Float(row) / 17) * cosf(Float(column) / 23) + 6
    }
  }
  let scene = folder.file("\(name).npy")
  try NpyArray(shape: [side, side], values: values).write(to: scene)
  var reading = RasterReadOptions()
  reading.unit = .centimetersPerYear
  let output = folder.file("dataset-\(name)")
  _ = try DatasetPreparation(reading: reading).run(files: [scene], output: output)
  return try RateDataset.open(output)
}

/// The smallest networks at 64 px; `iterations` in all.
func smallConfiguration(iterations: Int) -> TrainingConfiguration {
  var configuration = TrainingConfiguration()
  configuration.name = "test"
  configuration.architecture = .init(sizePixels: 64, channels: 1, latentSize: 8)
  configuration.batchSize = 2
  configuration.epochs = iterations
  configuration.data.patchesPerEpoch = 2
  configuration.data.filter.theta = 0.9
  configuration.cutMix.warmUpEpochs = 2
  configuration.average.calibrationBatches = 2
  configuration.output.statisticsEveryIterations = 2
  configuration.output.checkpointEveryEpochs = 1000
  configuration.output.snapshotEveryEpochs = 1000
  configuration.output.gridRows = 1
  configuration.output.gridColumns = 2
  configuration.execution.device = .cpu
  configuration.execution.threads = 1
  return configuration
}
