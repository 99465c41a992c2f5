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

/// Each phase brought into [-pi, pi).
public func wrapped(_ radians: [Float]) -> [Float] { radians.map { wrapped($0) } }
