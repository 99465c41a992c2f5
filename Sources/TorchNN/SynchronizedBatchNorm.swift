import TorchCore

/// A module that can compute batch statistics over several processes.
protocol BatchSynchronized: Module {
  /// `nil`: only the statistics of this process's batch.
  var processes: ProcessGroup? { get set }
}

extension ProcessGroup: ModuleSetting {}

extension Module {
  /// Makes all batch norms in the module compute training statistics over all processes.
  package func synchronizeBatchNorm(over processes: ProcessGroup) throws {
    try forEachModule { ($0 as? any BatchSynchronized)?.processes = processes }
  }

  /// Makes batch norms use and update batch statistics while everything else stays in evaluation
  /// mode.
  package func setBatchNormTraining(_ isTraining: Bool) throws {
    try setTraining(false)
    try forEachModule {
      if $0 is any BatchSynchronized { ($0 as? any TrainingDependent)?.isTraining = isTraining }
    }
  }
}

extension BatchSynchronized {
  func normalized(
    _ input: Tensor, weight: Tensor?, bias: Tensor?, runningMean: Tensor, runningVariance: Tensor,
    training: Bool
  ) throws -> Tensor {
    if training, let processes {
      return try processes.batchNorm(
        input, weight: weight, bias: bias, runningMean: runningMean,
        runningVariance: runningVariance, momentum: batchNormMomentum, epsilon: batchNormEpsilon)
    }
    return try input.batchNorm(
      weight: weight, bias: bias, runningMean: runningMean, runningVariance: runningVariance,
      training: training, momentum: batchNormMomentum, epsilon: batchNormEpsilon)
  }
}
