import Foundation

/// Points and weights of Gauss-Legendre quadrature over an interval, ascending.
///
/// Source: Newton's method on the Legendre polynomial's recurrence, as in Press et al., Numerical
/// Recipes, section 4.5.
func gaussLegendre(
  _ count: Int, from lower: Double, to upper: Double
) -> (nodes: [Double], weights: [Double]) {
  var nodes = [Double](repeating: 0, count: count)
  var weights = nodes
  let half = (upper - lower) / 2
  for i in 0..<count {
    var x = -cos(.pi * (Double(i) + 0.75) / (Double(count) + 0.5))
    var slope = 1.0
    for _ in 0..<100 {
      var (previous, current) = (0.0, 1.0)
      for n in 0..<count {
        let n = Double(n)
        (previous, current) = (current, ((2 * n + 1) * x * current - n * previous) / (n + 1))
      }
      slope = Double(count) * (x * current - previous) / (x * x - 1)
      let change = current / slope
      x -= change
      if abs(change) < 1e-15 { break }
    }
    nodes[i] = lower + half * (x + 1)
    weights[i] = half * 2 / ((1 - x * x) * slope * slope)
  }
  return (nodes, weights)
}

/// The solution of a system whose rows are the coefficients followed by the right-hand side, by
/// Gaussian elimination with partial pivoting; the system is regular.
func solveLinear(_ rows: [[Double]]) -> [Double] {
  var rows = rows
  let count = rows.count
  for column in 0..<count {
    let pivot = (column..<count).max { abs(rows[$0][column]) < abs(rows[$1][column]) }!
    rows.swapAt(column, pivot)
    for row in column + 1..<max(count, column + 1) {
      let factor = rows[row][column] / rows[column][column]
      if factor == 0 { continue }
      for k in column...count { rows[row][k] -= factor * rows[column][k] }
    }
  }
  var solution = [Double](repeating: 0, count: count)
  for row in (0..<count).reversed() {
    var sum = rows[row][count]
    for k in row + 1..<max(count, row + 1) { sum -= rows[row][k] * solution[k] }
    solution[row] = sum / rows[row][row]
  }
  return solution
}

/// A complex number with the operations that the crack's integrals need.
struct Complex: Equatable {
  var real: Double
  var imaginary: Double

  init(_ real: Double, _ imaginary: Double) {
    self.real = real
    self.imaginary = imaginary
  }

  static func + (a: Self, b: Self) -> Self { Self(a.real + b.real, a.imaginary + b.imaginary) }
  static func * (a: Self, b: Self) -> Self {
    Self(
      a.real * b.real - a.imaginary * b.imaginary, a.real * b.imaginary + a.imaginary * b.real)
  }
  static func / (a: Self, b: Self) -> Self {
    let norm = b.real * b.real + b.imaginary * b.imaginary
    return Self(
      (a.real * b.real + a.imaginary * b.imaginary) / norm,
      (a.imaginary * b.real - a.real * b.imaginary) / norm)
  }

  /// The root with a real part of 0 or more.
  func squareRoot() -> Self {
    let size = hypot(real, imaginary)
    let a = ((size + real) / 2).squareRoot()
    let b = ((size - real) / 2).squareRoot()
    return Self(a, imaginary < 0 ? -b : b)
  }
}
