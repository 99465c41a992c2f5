/// What is due after an iteration, counted from 1.
extension TrainingConfiguration {
  /// Whether the iteration completes an epoch whose number is a multiple of `interval`.
  private func completesEpoch(ofEvery interval: Int, _ iteration: Int) -> Bool {
    let before = Int(epoch(atIteration: iteration - 1))
    let now = Int(epoch(atIteration: iteration))
    return now / interval > before / interval
  }

  func evaluates(after iteration: Int) -> Bool {
    evaluation.everyEpochs > 0
      && (iteration >= totalIterations
        || completesEpoch(ofEvery: evaluation.everyEpochs, iteration))
  }

  func reportsStatistics(after iteration: Int) -> Bool {
    iteration % output.statisticsEveryIterations == 0
  }

  /// Checkpoints of the epochs that are kept for good, and those by which a run resumes.
  func savesCheckpoint(after iteration: Int) -> Bool {
    output.keptCheckpointEpochs.contains { self.iteration(completingEpoch: $0) == iteration }
      || completesEpoch(ofEvery: output.checkpointEveryEpochs, iteration)
  }

  func drawsSnapshot(after iteration: Int) -> Bool {
    completesEpoch(ofEvery: output.snapshotEveryEpochs, iteration)
  }
}
