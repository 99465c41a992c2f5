import CTorch

/// Settings of Adam. Source: Kingma and Ba, ICLR 2015.
package struct AdamOptions: Sendable, Equatable, Codable {
  package var learningRate: Double
  package var beta1: Double
  package var beta2: Double
  package var epsilon: Double
  package var weightDecay: Double

  package init(
    learningRate: Double, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8,
    weightDecay: Double = 0
  ) {
    self.learningRate = learningRate
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
    self.weightDecay = weightDecay
  }
}

/// Updates over lists of tensors in one call each.
package enum ListUpdate {
  /// One fused Adam step; `steps` are scalar float tensors and count up here.
  ///
  /// Parameters without a gradient are skipped, as in PyTorch.
  package static func adamStep(
    parameters: [Tensor], firstMoments: [Tensor], secondMoments: [Tensor], steps: [Tensor],
    options o: AdamOptions
  ) throws {
    let c = ct_adam_options(
      lr: o.learningRate, beta1: o.beta1, beta2: o.beta2, eps: o.epsilon,
      weight_decay: o.weightDecay)
    try withHandles(parameters) { p, count in
      try withHandles(firstMoments) { m, _ in
        try withHandles(secondMoments) { v, _ in
          try withHandles(steps) { s, _ in try check(ct_adam_step(p, m, v, s, count, c), "Adam") }
        }
      }
    }
  }

  /// `targets += (sources - targets) * weight`, for floating-point tensors.
  package static func lerp(_ targets: [Tensor], toward sources: [Tensor], weight: Double) throws {
    try withHandles(targets) { t, count in
      try withHandles(sources) { s, _ in
        try check(ct_lerp_many_(t, s, count, weight), "moving average")
      }
    }
  }
}
