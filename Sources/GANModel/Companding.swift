import TorchCore

/// Companding: the identity near zero, a square root for large values.
///
/// See docs/decisions/0013-compressed-amplitudes.md.
struct Companding {
  /// The value at which compression begins, in the unit of the values; positive.
  let knee: Double

  func compress(_ values: Tensor) throws -> Tensor {
    let root = try (values.abs() * (2 / knee) + 1).sqrt()
    return try values.sign() * (root - 1) * knee
  }

  /// Undoes `compress`.
  func expand(_ values: Tensor) throws -> Tensor {
    try values + values * values.abs() / (2 * knee)
  }
}
