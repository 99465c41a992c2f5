import TorchCore

/// max(x, 0).
public final class ReLU: Layer {
  public init() {}
  public func callAsFunction(_ input: Tensor) throws -> Tensor { try input.relu() }
}

/// A sequence of layers; their state is named by their position, as in PyTorch.
public final class Sequential: Layer {
  public let layers: [any Layer]
  public init(_ layers: [any Layer]) { self.layers = layers }

  public func callAsFunction(_ input: Tensor) throws -> Tensor {
    try layers.reduce(input) { value, layer in try layer(value) }
  }
}
