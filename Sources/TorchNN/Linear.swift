import TorchCore

/// x @ weight.T + bias: [N, inputFeatures] -> [N, outputFeatures].
public final class Linear: Layer {
  let weight: Parameter
  let bias: Parameter?

  public init(
    inputFeatures: Int, outputFeatures: Int, hasBias: Bool = true, _ generator: RandomGenerator
  ) throws {
    weight = try Parameter(
      Initialization.orthogonal([outputFeatures, inputFeatures], generator))
    bias =
      hasBias
      ? try Parameter(
        Initialization.defaultBias(outputFeatures, fanIn: inputFeatures, generator)) : nil
  }

  public func callAsFunction(_ input: Tensor) throws -> Tensor {
    try input.linear(weight.tensor, bias: bias?.tensor)
  }
}
