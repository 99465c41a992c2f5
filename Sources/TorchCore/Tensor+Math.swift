import CTorch

// Elementwise operations with broadcasting as in NumPy.
extension Tensor {
  package static func + (a: Tensor, b: Tensor) throws -> Tensor {
    try make("add") { ct_add(a.handle, b.handle, $0) }
  }
  package static func - (a: Tensor, b: Tensor) throws -> Tensor {
    try make("subtract") { ct_sub(a.handle, b.handle, $0) }
  }
  package static func * (a: Tensor, b: Tensor) throws -> Tensor {
    try make("multiply") { ct_mul(a.handle, b.handle, $0) }
  }
  package static func / (a: Tensor, b: Tensor) throws -> Tensor {
    try make("divide") { ct_div(a.handle, b.handle, $0) }
  }
  package static func + (a: Tensor, s: Double) throws -> Tensor {
    try make("add") { ct_add_scalar(a.handle, s, $0) }
  }
  package static func - (a: Tensor, s: Double) throws -> Tensor { try a + (-s) }
  package static func - (s: Double, a: Tensor) throws -> Tensor { try (-a) + s }
  package static func * (a: Tensor, s: Double) throws -> Tensor {
    try make("multiply") { ct_mul_scalar(a.handle, s, $0) }
  }
  package static func * (s: Double, a: Tensor) throws -> Tensor { try a * s }
  package static func / (a: Tensor, s: Double) throws -> Tensor { try a * (1 / s) }
  package static prefix func - (a: Tensor) throws -> Tensor {
    try make("negate") { ct_neg(a.handle, $0) }
  }

  // Comparisons return Boolean tensors.
  package static func .< (a: Tensor, s: Double) throws -> Tensor {
    try make("less") { ct_lt_scalar(a.handle, s, $0) }
  }
  package static func .<= (a: Tensor, s: Double) throws -> Tensor {
    try make("less or equal") { ct_le_scalar(a.handle, s, $0) }
  }
  package static func .> (a: Tensor, s: Double) throws -> Tensor {
    try make("greater") { ct_gt_scalar(a.handle, s, $0) }
  }
  package static func .>= (a: Tensor, s: Double) throws -> Tensor {
    try make("greater or equal") { ct_ge_scalar(a.handle, s, $0) }
  }
  package static func .< (a: Tensor, b: Tensor) throws -> Tensor {
    try make("less") { ct_lt(a.handle, b.handle, $0) }
  }
  package static func .== (a: Tensor, b: Tensor) throws -> Tensor {
    try make("equal") { ct_eq(a.handle, b.handle, $0) }
  }
  package static func .& (a: Tensor, b: Tensor) throws -> Tensor {
    try make("and") { ct_logical_and(a.handle, b.handle, $0) }
  }
  package func not() throws -> Tensor { try Tensor.make("not") { ct_logical_not(handle, $0) } }

  package func abs() throws -> Tensor { try Tensor.make("abs") { ct_abs(handle, $0) } }
  package func exp() throws -> Tensor { try Tensor.make("exp") { ct_exp(handle, $0) } }
  package func log() throws -> Tensor { try Tensor.make("log") { ct_log(handle, $0) } }
  package func sqrt() throws -> Tensor { try Tensor.make("sqrt") { ct_sqrt(handle, $0) } }
  package func rsqrt() throws -> Tensor { try Tensor.make("rsqrt") { ct_rsqrt(handle, $0) } }
  package func square() throws -> Tensor { try Tensor.make("square") { ct_square(handle, $0) } }
  package func sin() throws -> Tensor { try Tensor.make("sin") { ct_sin(handle, $0) } }
  package func cos() throws -> Tensor { try Tensor.make("cos") { ct_cos(handle, $0) } }
  package func floor() throws -> Tensor { try Tensor.make("floor") { ct_floor(handle, $0) } }
  package func sign() throws -> Tensor { try Tensor.make("sign") { ct_sign(handle, $0) } }
  package func isFinite() throws -> Tensor {
    try Tensor.make("isFinite") { ct_isfinite(handle, $0) }
  }
  /// Whether all values are finite.
  package func isAllFinite() throws -> Bool { try isFinite().all().item() != 0 }
  package func isNaN() throws -> Tensor { try Tensor.make("isNaN") { ct_isnan(handle, $0) } }
  package func real() throws -> Tensor { try Tensor.make("real") { ct_real(handle, $0) } }
  package func imaginary() throws -> Tensor { try Tensor.make("imaginary") { ct_imag(handle, $0) } }
  package func pow(_ exponent: Double) throws -> Tensor {
    try Tensor.make("pow") { ct_pow_scalar(handle, exponent, $0) }
  }
  package func clamp(_ low: Double, _ high: Double) throws -> Tensor {
    try Tensor.make("clamp") { ct_clamp(handle, low, high, $0) }
  }
  /// `self + (other - self) * weight`.
  package func lerp(_ other: Tensor, _ weight: Double) throws -> Tensor {
    try Tensor.make("lerp") { ct_lerp(handle, other.handle, weight, $0) }
  }
  package func maximum(_ other: Tensor) throws -> Tensor {
    try Tensor.make("maximum") { ct_maximum(handle, other.handle, $0) }
  }
  package func minimum(_ other: Tensor) throws -> Tensor {
    try Tensor.make("minimum") { ct_minimum(handle, other.handle, $0) }
  }
  /// The angle of (x, y) in rad, with `self` as y.
  package func atan2(_ x: Tensor) throws -> Tensor {
    try Tensor.make("atan2") { ct_atan2(handle, x.handle, $0) }
  }
  /// - Throws: `TorchError.elementType` unless the parts are float32 or float64.
  package static func complex(_ real: Tensor, _ imaginary: Tensor) throws -> Tensor {
    for part in [real, imaginary] where part.dtype != .float32 && part.dtype != .float64 {
      throw TorchError.elementType(expected: .float32, got: part.dtype)
    }
    return try make("complex") { ct_complex(real.handle, imaginary.handle, $0) }
  }
  /// `a` where the condition holds, else `b`.
  package static func choose(_ condition: Tensor, _ a: Tensor, _ b: Tensor) throws -> Tensor {
    try make("choose") { ct_where(condition.handle, a.handle, b.handle, $0) }
  }

  // In place, outside autograd; the names are those of LibTorch.
  // swift-format-ignore: AlwaysUseLowerCamelCase
  package func add_(_ other: Tensor, scale: Double = 1) throws {
    try check(ct_add_(handle, other.handle, scale), "add in place")
  }
  // swift-format-ignore: AlwaysUseLowerCamelCase
  package func multiply_(_ s: Double) throws {
    try check(ct_mul_scalar_(handle, s), "multiply in place")
  }
  // swift-format-ignore: AlwaysUseLowerCamelCase
  package func fill_(_ s: Double) throws { try check(ct_fill_(handle, s), "fill") }
}

// Reductions; over all elements if no dimension is given.
extension Tensor {
  package func sum(_ dims: [Int] = [], keepDims: Bool = false) throws -> Tensor {
    try reduce("sum", dims, keepDims, ct_sum)
  }
  package func mean(_ dims: [Int] = [], keepDims: Bool = false) throws -> Tensor {
    try reduce("mean", dims, keepDims, ct_mean)
  }
  package func max(_ dims: [Int] = [], keepDims: Bool = false) throws -> Tensor {
    try reduce("max", dims, keepDims, ct_amax)
  }
  package func min(_ dims: [Int] = [], keepDims: Bool = false) throws -> Tensor {
    try reduce("min", dims, keepDims, ct_amin)
  }
  /// Standard deviation with `correction` degrees of freedom subtracted.
  package func std(_ dims: [Int] = [], correction: Int = 1, keepDims: Bool = false) throws -> Tensor
  {
    try reduce("std", dims, keepDims) { ct_std($0, $1, $2, Int32(correction), $3, $4) }
  }
  /// The Euclidean norm of all elements.
  package func norm() throws -> Tensor { try Tensor.make("norm") { ct_norm(handle, $0) } }
  package func all() throws -> Tensor { try Tensor.make("all") { ct_all(handle, $0) } }
  package func any() throws -> Tensor { try Tensor.make("any") { ct_any(handle, $0) } }
  package func argmax(_ dim: Int) throws -> Tensor {
    try Tensor.make("argmax") { ct_argmax(handle, Int64(dim), $0) }
  }
  /// Stable sort along a dimension, with the sorting indices.
  package func sorted(_ dim: Int, descending: Bool = false) throws -> (
    values: Tensor, indices: Tensor
  ) {
    var indices: ct_tensor?
    let values = try Tensor.make("sort") { ct_sort(handle, Int64(dim), descending, $0, &indices) }
    return (values, Tensor(handle: indices!))
  }

  private func reduce(
    _ name: String, _ dims: [Int], _ keep: Bool,
    _ body: (ct_ctensor?, UnsafePointer<Int64>?, Int32, Bool, UnsafeMutablePointer<ct_tensor?>?) ->
      ct_err?
  ) throws -> Tensor {
    let d = dims.map(Int64.init)
    return try Tensor.make(name) { body(handle, d, Int32(d.count), keep, $0) }
  }
}
