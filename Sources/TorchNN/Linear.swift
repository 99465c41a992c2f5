import TorchCore

/// x @ weight.T + bias: [N, inputFeatures] -> [N, outputFeatures].
package final class Linear: Layer {
  let weight: Parameter
  let bias: Parameter?

  package init(
    inputFeatures: Int, outputFeatures: Int, hasBias: Bool = true, _ generator: RandomGenerator
  ) throws {
    weight = try Parameter(
      Initialization.orthogonal([outputFeatures, inputFeatures], generator))
    bias =
      hasBias
      ? try Parameter(
        Initialization.defaultBias(outputFeatures, fanIn: inputFeatures, generator)) : nil
  }

  package func callAsFunction(_ input: Tensor) throws -> Tensor {
    try input.linear(weight.tensor, bias: bias?.tensor)
  }
}
