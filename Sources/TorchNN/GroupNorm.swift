import TorchCore

private let groupNormEpsilon = 1e-5

/// Normalization of equal groups of channels, with a learned gain and bias per channel:
/// [N, channels, H, W] -> the same shape. It has no running statistics.
///
/// Source: Wu and He, "Group Normalization", ECCV 2018.
package final class GroupNorm: Layer {
  let weight: Parameter
  let bias: Parameter
  let groups: Int

  /// - Parameter channels: a multiple of `groups`.
  package init(groups: Int, channels: Int) throws {
    weight = try Parameter(.ones([channels]))
    bias = try Parameter(.zeros([channels]))
    self.groups = groups
  }

  package func callAsFunction(_ input: Tensor) throws -> Tensor {
    try input.groupNorm(
      groups: groups, weight: weight.tensor, bias: bias.tensor, epsilon: groupNormEpsilon)
  }
}
