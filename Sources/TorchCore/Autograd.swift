import CTorch

extension Tensor {
  package var requiresGradient: Bool { ct_requires_grad(handle) }

  @discardableResult package func requireGradient(_ on: Bool = true) throws -> Tensor {
    try check(ct_requires_grad_(handle, on), "require gradient")
    return self
  }
  /// The same values, detached from the graph.
  package func detached() throws -> Tensor { try Tensor.make("detach") { ct_detach(handle, $0) } }

  /// Adds d(self)/d(leaf) to the gradient of every leaf; `self` has one element.
  package func backward() throws { try check(ct_backward(handle), "backward") }

  /// The gradient that `backward()` has accumulated; `nil` if there is none.
  package var gradient: Tensor? {
    get throws {
      var out: ct_tensor?
      try check(ct_grad(handle, &out), "gradient")
      return out.map { Tensor(handle: $0) }
    }
  }
  package func clearGradient() throws { try check(ct_zero_grad(handle), "clear gradient") }
}

/// d(output)/d(input) for each input; `nil` for an input that the output does not depend on.
///
/// Accumulates nothing. `createGraph` keeps the result differentiable, as gradient penalties need.
package func gradients(of output: Tensor, for inputs: [Tensor], createGraph: Bool = false) throws
  -> [Tensor?]
{
  try withHandles(inputs) { handles, count in
    var out = [ct_tensor?](repeating: nil, count: inputs.count)
    try check(ct_gradients(output.handle, handles, count, createGraph, &out), "gradients")
    return out.map { $0.map { Tensor(handle: $0) } }
  }
}

/// Runs `body` without recording for autograd.
///
/// The setting belongs to the thread, so the closure must not suspend.
package func withoutGradients<Result>(_ body: () throws -> Result) rethrows -> Result {
  let was = ct_grad_enabled()
  ct_set_grad_enabled(false)
  defer { ct_set_grad_enabled(was) }
  return try body()
}

/// Runs `body` with convolutions and matrix products in `dtype`; losses and norms stay in float32.
package func withAutocast<Result>(
  _ device: Device, _ dtype: DType, enabled: Bool = true, _ body: () throws -> Result
) rethrows -> Result {
  guard enabled else { return try body() }
  let was = ct_autocast_begin(device.kind, dtype.rawValue)
  defer { ct_autocast_end(device.kind, was) }
  return try body()
}
