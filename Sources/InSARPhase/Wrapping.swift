import CPhaseLoops
import TorchCore

/// `radians` brought into [-pi, pi) by whole turns. NaN stays NaN; an infinite phase becomes NaN.
///
/// The turns are taken off in double precision, so that a phase of thousands of radians keeps what
/// `Float` held of it. The upper end is open: `Float.pi` becomes `-Float.pi`.
public func wrapped(_ radians: Float) -> Float {
  let turn = 2 * Double.pi
  let value = Double(radians)
  let rest = Float(value - turn * ((value + .pi) / turn).rounded(.down))
  // Rounding to Float may step over either end by half an ulp; both ends are the same phase, and
  // keeping it at -Float.pi makes wrapping a wrapped phase change nothing.
  return rest >= .pi || rest < -.pi ? -Float.pi : rest
}

/// Each phase brought into [-pi, pi), bit for bit as one alone.
public func wrapped(_ radians: [Float]) -> [Float] {
  [Float](unsafeUninitializedCapacity: radians.count) { buffer, count in
    cpl_wrap(radians, buffer.baseAddress, radians.count)
    count = radians.count
  }
}

extension Tensor {
  /// Each phase in rad, float32, brought into [-pi, pi) exactly as `wrapped(_:)` does it.
  func wrappedPhase() throws -> Tensor {
    guard device == .cpu else { return try wrappedByOperations() }
    return try Tensor.filled(shape) { out in
      try withFloats { cpl_wrap($0.baseAddress, out.baseAddress, out.count) }
    }
  }

  /// The same in tensor operations, for any device.
  func wrappedByOperations() throws -> Tensor {
    let turn = 2 * Double.pi
    let value = try to(dtype: .float64)
    // Divided, not multiplied by 1 / turn, because `wrapped` divides.
    let turns = try ((value + .pi) / Tensor.full([1], turn, dtype: .float64, device: device))
      .floor()
    // The product is rounded before it is taken off, as `wrapped` has it; in place, to spare memory.
    try turns.multiply_(turn)
    try value.add_(turns, scale: -1)
    let rest = try value.to(dtype: .float32)
    let lower = Double(-Float.pi)
    let bound = try Tensor.full([1], lower, device: device)
    // Both ends are the same phase, and stand at -pi.
    let isOver = try rest .>= Double(Float.pi)
    return try Tensor.choose(isOver, bound, rest.maximum(bound))
  }
}
