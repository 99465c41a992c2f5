import Testing
import TorchCore

/// Expects |actual - expected| <= atol + rtol |expected| of every element, and equal shapes.
///
/// Reports the element that is worst off. Equal infinities are close; NaN is close to nothing.
package func expectClose(
  _ actual: Tensor, _ expected: Tensor, rtol: Double, atol: Double, _ name: String = "",
  sourceLocation: SourceLocation = #_sourceLocation
) throws {
  guard actual.shape == expected.shape else {
    Issue.record(
      "\(name): shape \(actual.shape), expected \(expected.shape)", sourceLocation: sourceLocation)
    return
  }
  for (part, actual, expected) in try zip3(components(actual), components(expected)) {
    expectClose(
      actual, expected, rtol: rtol, atol: atol, name + part, sourceLocation: sourceLocation)
  }
}

/// The same of plain numbers.
package func expectClose(
  _ actual: [Double], _ expected: [Double], rtol: Double, atol: Double, _ name: String = "",
  sourceLocation: SourceLocation = #_sourceLocation
) {
  guard actual.count == expected.count else {
    Issue.record(
      "\(name): \(actual.count) numbers, expected \(expected.count)",
      sourceLocation: sourceLocation)
    return
  }
  var worst: (index: Int, excess: Double)?
  for index in actual.indices where actual[index] != expected[index] {
    let difference = abs(actual[index] - expected[index])
    let excess = difference.isNaN ? .infinity : difference / (atol + rtol * abs(expected[index]))
    if excess > worst?.excess ?? 1 { worst = (index, excess) }
  }
  guard let worst else { return }
  Issue.record(
    """
    \(name): element \(worst.index) of \(actual.count) is \(actual[worst.index]), expected \
    \(expected[worst.index]): \(worst.excess) times what rtol \(rtol) and atol \(atol) allow
    """, sourceLocation: sourceLocation)
}

/// All values as Double, whatever the dtype but complex.
package func doubles(_ tensor: Tensor) throws -> [Double] {
  try tensor.detached().to(dtype: .float64).values()
}

private func components(_ tensor: Tensor) throws -> [(name: String, values: [Double])] {
  switch tensor.dtype {
  case .complex64, .complex128:
    let plain = try tensor.detached()
    return [
      (" (real)", try doubles(plain.real())), (" (imaginary)", try doubles(plain.imaginary())),
    ]
  default: return [("", try doubles(tensor))]
  }
}

private func zip3(
  _ a: [(name: String, values: [Double])], _ b: [(name: String, values: [Double])]
) -> [(String, [Double], [Double])] {
  zip(a, b).map { ($0.name, $0.values, $1.values) }
}
