import TorchCore

private let layerNormEpsilon = 1e-5

/// Normalization over the last dimension with a learned gain and bias per feature:
/// [..., features] -> the same shape. It has no running statistics.
///
/// Source: Ba, Kiros and Hinton, "Layer Normalization", 2016.
package final class LayerNorm: Layer {
  let weight: Parameter
  let bias: Parameter

  package init(features: Int) throws {
    weight = try Parameter(.ones([features]))
    bias = try Parameter(.zeros([features]))
  }

  package func callAsFunction(_ input: Tensor) throws -> Tensor {
    try input.layerNorm(weight: weight.tensor, bias: bias.tensor, epsilon: layerNormEpsilon)
  }
}
