import Rasters
import TorchCore

// The same functions as those for single numbers, in the precision of the tensor.
extension QuantityTransform {
  func forward(_ x: Tensor) throws -> Tensor {
    switch self {
    case .identity: return x
    case .logit(let margin):
      let p = try x * (1 - 2 * margin) + margin
      return try (p / (p * -1 + 1)).log()
    case .softplus(let scale, let margin):
      let t = try x / scale + margin
      // exp(-t) is at most exp(-margin), so the difference from 1 is not small.
      return try (t + ((t * -1).exp() * -1 + 1).log()) * scale
    }
  }

  func inverse(_ y: Tensor) throws -> Tensor {
    switch self {
    case .identity: return y
    case .logit(let margin):
      return try ((y.sigmoid() - margin) / (1 - 2 * margin)).clamp(0, 1)
    case .softplus(let scale, let margin):
      return try (((y / scale).softplus() - margin) * scale).relu()
    }
  }
}
