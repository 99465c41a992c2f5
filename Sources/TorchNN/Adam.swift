import TorchCore

/// Adam over a fixed list of parameters, one fused step per call, with a state that can be saved.
///
/// Source: Kingma and Ba, "Adam: A Method for Stochastic Optimization", ICLR 2015; PyTorch's
/// arithmetic.
package final class Adam: Stateful {
  package var options: AdamOptions
  private let names: [String]
  private let parameters: [Tensor]
  private let firstMoments: [Tensor]
  private let secondMoments: [Tensor]
  private let steps: [Tensor]

  /// - Parameter module: all its parameters are optimized, on the device where they are now.
  package init(_ module: any Module, options: AdamOptions) throws {
    self.options = options
    let named = try module.namedTensors().filter(\.isParameter)
    names = named.map(\.name)
    parameters = named.map(\.tensor)
    // Zeros in the memory layout of their parameter, so that the fused step can process contiguous
    // memory.
    firstMoments = try parameters.map { try $0.detached().clone() * 0 }
    secondMoments = try firstMoments.map { try $0.clone() }
    steps = try parameters.map { try Tensor.zeros([], device: $0.device) }
  }

  /// One step with the gradients of `backward()`; parameters without a gradient do not change.
  package func step() throws {
    try ListUpdate.adamStep(
      parameters: parameters, firstMoments: firstMoments, secondMoments: secondMoments,
      steps: steps, options: options)
  }

  /// The gradients of `backward()`, in the order of the parameters; parameters without a gradient
  /// are skipped.
  package func gradients() throws -> [Tensor] { try parameters.compactMap { try $0.gradient } }

  package func clearGradients() throws {
    for parameter in parameters { try parameter.clearGradient() }
  }

  /// Moments and step counts by parameter name; the tensors are not copied.
  package func state() -> [String: Tensor] {
    var result: [String: Tensor] = [:]
    for (index, name) in names.enumerated() {
      result["\(name).exp_avg"] = firstMoments[index]
      result["\(name).exp_avg_sq"] = secondMoments[index]
      result["\(name).step"] = steps[index]
    }
    return result
  }

  /// Copies a state from `state()`; nothing is changed if names or shapes do not match.
  package func load(_ state: [String: Tensor]) throws {
    let own = self.state()
    try copy(state, into: own, names: own.keys.sorted())
  }
}
