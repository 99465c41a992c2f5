import Foundation
import Kernel

/// A horizontal, circular crack under uniform pressure in an elastic half-space: a sill, a shallow
/// magma lens.
///
/// Solved for any ratio of radius to depth. Sun's closed form (1969) is not used because it needs a
/// depth of several radii, and published presets have radii as large as the depth.
/// Source: the boundary-value problem of Fialko, Khazan and Simons, Geophys. J. Int. 146, 2001; the
/// solution by quadrature is `PennyCrackSolution`.
public struct PennyCrack: DeformationSource, Equatable {
  public static let kind = "penny-crack"

  public let eastMeters: Double
  public let northMeters: Double
  public let depthMeters: Double
  public let radiusMeters: Double
  /// Growth of the pressure above that of the rock; negative if the crack closes.
  public let pressureRatePascalsPerYear: Double
  public let shearModulusPascals: Double
  public let poissonRatio: Double

  /// - Throws: `SimulatorError.badSource` for a radius, depth or shear modulus of 0 or less, a radius
  ///   above five depths, a Poisson ratio outside 0...0.5, or a number that is not finite.
  public init(
    eastMeters: Double, northMeters: Double, depthMeters: Double, radiusMeters: Double,
    pressureRatePascalsPerYear: Double, shearModulusPascals: Double = 2.3e10,
    poissonRatio: Double = 0.25
  ) throws {
    self.eastMeters = eastMeters
    self.northMeters = northMeters
    self.depthMeters = depthMeters
    self.radiusMeters = radiusMeters
    self.pressureRatePascalsPerYear = pressureRatePascalsPerYear
    self.shearModulusPascals = shearModulusPascals
    self.poissonRatio = poissonRatio
    try validate()
  }

  public func faults() -> [String] {
    var check = ParameterCheck(.finite)
    check.finite("eastMeters", eastMeters)
    check.finite("northMeters", northMeters)
    check.positive("depthMeters", depthMeters)
    check.positive("radiusMeters", radiusMeters)
    check.finite("pressureRatePascalsPerYear", pressureRatePascalsPerYear)
    check.positive("shearModulusPascals", shearModulusPascals)
    check.inside("poissonRatio", poissonRatio, 0...0.5)
    var faults = check.faults
    if depthMeters > 0, radiusMeters > 5 * depthMeters {
      faults.append("radiusMeters \(radiusMeters) is above five depths: a plate, not a crack")
    }
    return faults
  }

  private var solution: PennyCrackSolution {
    PennyCrackSolution(depthPerRadius: depthMeters / radiusMeters)
  }

  /// Pressure over mu / (2 (1 - nu)), times the radius, in cm/yr.
  private var strengthCMPerYear: Double {
    100 * radiusMeters * pressureRatePascalsPerYear * 2 * (1 - poissonRatio) / shearModulusPascals
  }

  /// Solves the crack for each call: use `add(to:)` for many points.
  public func rateCMPerYear(eastMeters: Double, northMeters: Double) -> SIMD3<Double> {
    let (east, north) = (eastMeters - self.eastMeters, northMeters - self.northMeters)
    let distance = hypot(east, north)
    let (outward, up) = solution.surface(distance / radiusMeters)
    let horizontal = distance == 0 ? 0 : outward / distance
    return strengthCMPerYear * SIMD3(horizontal * east, horizontal * north, up)
  }

  /// The radial profile is tabulated once, at steps of a hundredth of the depth or finer.
  public func add(to field: inout DeformationField) {
    let grid = field.grid
    let farthest = hypot(
      max(abs(eastMeters), abs(grid.widthMeters - eastMeters)),
      max(abs(northMeters), abs(grid.heightMeters - northMeters)))
    let count = min(max(Int(100 * farthest / depthMeters), 500), 20_000)
    let step = farthest / Double(count)
    let solution = solution
    let table = (0...count + 1).map { index in
      let (outward, up) = solution.surface(Double(index) * step / radiusMeters)
      return SIMD2(outward, up) * strengthCMPerYear
    }
    table.withUnsafeBufferPointer { table in
      field.add(within: nil) { east, north in
        let offset = SIMD2(east - eastMeters, north - northMeters)
        let distance = (offset * offset).sum().squareRoot()
        let position = min(distance / step, Double(count))
        let index = Int(position)
        let value = table[index] + (position - Double(index)) * (table[index + 1] - table[index])
        let horizontal = distance == 0 ? 0 : value.x / distance
        return SIMD3(horizontal * offset.x, horizontal * offset.y, value.y)
      }
    }
  }
}

/// The opening and sliding of a pressurized circular crack of radius 1 at depth h, and the surface
/// displacement they make, in units of pressure over mu / (2 (1 - nu)).
///
/// With the opening w(r) = integral of phi(s) / sqrt(s^2 - r^2) from r to 1 and the outward slip of
/// the upper side u(r) = integral of psi(s) r / (s sqrt(s^2 - r^2)), the conditions on the crack,
/// normal traction -1 and shear traction 0, become
///   pi/2 phi(t) = t + integral of (phi K11 - psi K12) ds,
///   pi/2 psi(t) = integral of (psi K22 - phi K21) ds, where, with f(x) = sin(x) / x - cos(x),
///   K11 = int e1 sin(kt) sin(ks) dk,  K12(t, s) = K21(s, t) = int c sin(kt) f(ks) dk,
///   K22 = int e2 f(kt) f(ks) dk,      e1, e2 = (1 +- 2kh + 2k^2h^2) exp(-2kh), c = 2k^2h^2 exp(-2kh).
/// Gauss-Legendre quadrature turns them into linear equations.
struct PennyCrackSolution {
  let depth: Double
  private let nodes: [Double]
  private let opening: [Double]  // weight times phi
  private let sliding: [Double]  // weight times psi

  init(depthPerRadius depth: Double, nodeCount count: Int = 24) {
    self.depth = depth
    let (nodes, weights) = gaussLegendre(count, from: 0, to: 1)
    // exp(-2kh) (kh)^2 has fallen below 1e-12 at kh = 18.
    let (k, kWeights) = gaussLegendre(64 + 2 * Int(9 / depth), from: 0, to: 18 / depth)
    func f(_ x: Double) -> Double { x < 1e-3 ? x * x / 3 : sin(x) / x - cos(x) }
    let sines = nodes.map { t in k.map { sin($0 * t) } }
    let fs = nodes.map { t in k.map { f($0 * t) } }
    let x = k.map { $0 * depth }
    func kernel(_ a: [Double], _ b: [Double], _ weight: (Double) -> Double) -> Double {
      var sum = 0.0
      for i in k.indices { sum += kWeights[i] * weight(x[i]) * exp(-2 * x[i]) * a[i] * b[i] }
      return sum
    }
    var matrix = [[Double]](
      repeating: [Double](repeating: 0, count: 2 * count + 1), count: 2 * count)
    for i in 0..<count {
      for j in 0..<count {
        matrix[i][j] = -weights[j] * kernel(sines[i], sines[j]) { 1 + 2 * $0 + 2 * $0 * $0 }
        matrix[i][count + j] = weights[j] * kernel(sines[i], fs[j]) { 2 * $0 * $0 }
        matrix[count + i][j] = weights[j] * kernel(fs[i], sines[j]) { 2 * $0 * $0 }
        matrix[count + i][count + j] =
          -weights[j] * kernel(fs[i], fs[j]) { 1 - 2 * $0 + 2 * $0 * $0 }
      }
      matrix[i][i] += .pi / 2
      matrix[count + i][count + i] += .pi / 2
      matrix[i][2 * count] = nodes[i]
    }
    let solution = solveLinear(matrix)
    self.nodes = nodes
    opening = (0..<count).map { weights[$0] * solution[$0] }
    sliding = (0..<count).map { weights[$0] * solution[count + $0] }
  }

  /// Volume of the opening, in units of the radius cubed.
  var volume: Double { 2 * .pi * zip(nodes, opening).reduce(0) { $0 + $1.0 * $1.1 } }

  /// The opening, and the outward slip of the upper side, at a distance below 1.
  func opening(at distance: Double) -> (open: Double, slide: Double) {
    // The density is smooth: a polynomial through the nodes would do; its integral is taken after
    // s^2 = r^2 + (1 - r^2) y^2, which removes the square root.
    let (ys, weights) = gaussLegendre(nodes.count, from: 0, to: 1)
    let span = (1 - distance * distance).squareRoot()
    let quadrature = gaussLegendre(nodes.count, from: 0, to: 1).weights
    var sum = (open: 0.0, slide: 0.0)
    for (y, weight) in zip(ys, weights) {
      let s = (distance * distance + span * span * y * y).squareRoot()
      let density = interpolate(s, quadrature)
      sum.open += weight * span / s * density.x
      sum.slide += weight * span * distance / (s * s) * density.y
    }
    return sum
  }

  /// phi and psi at s, by Lagrange's polynomial in barycentric form.
  private func interpolate(_ s: Double, _ quadrature: [Double]) -> SIMD2<Double> {
    var upper = SIMD2<Double>.zero
    var lower = 0.0
    for (index, node) in nodes.enumerated() {
      let density = SIMD2(opening[index], sliding[index]) / quadrature[index]
      if s == node { return density }
      // Barycentric weights of Gauss-Legendre points: alternating sqrt(x (1 - x) w).
      let weight =
        (node * (1 - node) * quadrature[index]).squareRoot() * (index % 2 == 0 ? 1 : -1)
        / (s - node)
      upper += weight * density
      lower += weight
    }
    return upper / lower
  }

  /// Displacement of the surface at a distance: outward and up.
  ///
  /// uz = int k (W (1 + kh) - U kh) exp(-kh) J0(kr) dk, ur = int k (W kh + U (1 - kh)) exp(-kh) J1(kr)
  /// dk; the transforms W and U are sums of sines and cosines of ks, so that each integral is the
  /// real or imaginary part of int k^n exp(-kz) J(kr) dk at z = h - is, which is elementary.
  func surface(_ r: Double) -> (outward: Double, up: Double) {
    var outward = 0.0
    var up = 0.0
    for (index, s) in nodes.enumerated() {
      let z = Complex(depth, -s)
      let root = (Complex(r * r, 0) + z * z).squareRoot()
      let inverse = Complex(1, 0) / root
      let inverse3 = inverse * inverse * inverse
      // int k^n exp(-kz) J0 dk for n = 0, 1; and with J1 for n = -1, 0, 1, where (root - z) / r and
      // (1 - z / root) / r are written without their cancellation at small r.
      let a0 = inverse
      let a1 = z * inverse3
      let bBefore = Complex(r, 0) / (root + z)
      let b0 = bBefore * inverse
      let b1 = Complex(r, 0) * inverse3
      up += opening[index] * (a0.imaginary + depth * a1.imaginary)
      up -= sliding[index] * depth * (a0.imaginary / s - a1.real)
      outward += opening[index] * depth * b1.imaginary
      let near = bBefore.imaginary / s - b0.real
      outward += sliding[index] * (near - depth * (b0.imaginary / s - b1.real))
    }
    return (outward, up)
  }
}
