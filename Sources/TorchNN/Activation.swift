import TorchCore

/// max(x, 0).
package final class ReLU: Layer {
  package init() {}
  package func callAsFunction(_ input: Tensor) throws -> Tensor { try input.relu() }
}

/// A sequence of layers; their state is named by their position, as in PyTorch.
package final class Sequential: Layer {
  package let layers: [any Layer]
  package init(_ layers: [any Layer]) { self.layers = layers }

  package func callAsFunction(_ input: Tensor) throws -> Tensor {
    try layers.reduce(input) { value, layer in try layer(value) }
  }
}
