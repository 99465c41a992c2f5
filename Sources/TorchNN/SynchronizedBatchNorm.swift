import TorchCore

/// A module whose batch statistics may be those of several processes' batches together.
protocol BatchSynchronized: Module {
  /// `nil`: the statistics of the own batch.
  var processes: ProcessGroup? { get set }
}

extension ProcessGroup: ModuleSetting {}

extension Module {
  /// Lets every batch norm inside take its training statistics over all processes.
  public func synchronizeBatchNorm(over processes: ProcessGroup) throws {
    try forEachModule { ($0 as? any BatchSynchronized)?.processes = processes }
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
