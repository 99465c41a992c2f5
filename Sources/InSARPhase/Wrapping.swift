import CPhaseLoops

/// `radians` wrapped to [-pi, pi). NaN stays NaN; an infinite phase becomes NaN.
///
/// The turns are subtracted in double precision, so that a phase of thousands of radians keeps what
/// it had as `Float`. The upper end is open: `Float.pi` becomes `-Float.pi`.
public func wrapped(_ radians: Float) -> Float {
  var result: Float = 0
  withUnsafePointer(to: radians) { cpl_wrap($0, &result, 1) }
  return result
}

/// Each phase wrapped to [-pi, pi), bit for bit as by the scalar function.
public func wrapped(_ radians: [Float]) -> [Float] {
  Planes.filled(radians.count) { cpl_wrap(radians, $0, radians.count) }
}
