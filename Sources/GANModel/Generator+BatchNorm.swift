extension Generator {
  /// Makes batch norm use and update batch statistics while everything else stays in evaluation
  /// mode.
  package func setBatchNormTraining(_ isTraining: Bool) throws {
    try setTraining(false)
    outputNorm.isTraining = isTraining
    for block in blocks {
      block.norm1.isTraining = isTraining
      block.norm2.isTraining = isTraining
    }
  }
}
