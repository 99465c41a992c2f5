import Foundation
import Kernel

/// Smooth random fields that depend only on position and seed, so that they need no grid and do not
/// change with the order or the window of evaluation.
///
/// Source: gradient noise with a quintic fade, Perlin, "Improving noise", SIGGRAPH 2002.
public struct SmoothNoise: Sendable, Equatable, Codable {
  public let seed: UInt64
  /// Size of a lattice cell of the first octave.
  public let wavelengthMeters: Double
  public let octaves: Int
  /// Ratio of the weight of an octave to that of the previous, coarser one.
  public let persistence: Double
  /// One for each octave.
  private let lattices: [RandomLattice]

  public init(
    seed: UInt64, wavelengthMeters: Double, octaves: Int = 3, persistence: Double = 0.5
  ) {
    self.seed = seed
    self.wavelengthMeters = wavelengthMeters
    self.octaves = octaves
    self.persistence = persistence
    // `check` reports octaves that are out of range.
    lattices = (0..<UInt64(min(max(0, octaves), 16))).map { RandomLattice(seed, .smoothNoise, $0) }
  }

  enum CodingKeys: CodingKey { case seed, wavelengthMeters, octaves, persistence }

  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      seed: try values.decode(UInt64.self, forKey: .seed),
      wavelengthMeters: try values.decode(Double.self, forKey: .wavelengthMeters),
      octaves: try values.decode(Int.self, forKey: .octaves),
      persistence: try values.decode(Double.self, forKey: .persistence))
  }

  func check(into check: inout ParameterCheck) {
    check.positive("wavelengthMeters of the noise", wavelengthMeters)
    check.inside("octaves of the noise", Double(octaves), 1...16)
    check.inside("persistence of the noise", persistence, 0...1)
  }

  /// A value in [-1.5, 1.5], with a standard deviation of about 0.5.
  public func value(eastMeters: Double, northMeters: Double) -> Double {
    var sum = 0.0
    var weights = 0.0
    var weight = 1.0
    var scale = 1 / wavelengthMeters
    for lattice in lattices {
      sum += weight * Self.gradientNoise(eastMeters * scale, northMeters * scale, lattice)
      weights += weight * weight
      weight *= persistence
      scale *= 2
    }
    return 2.5 * sum / weights.squareRoot()
  }

  private static func gradientNoise(_ x: Double, _ y: Double, _ lattice: RandomLattice) -> Double {
    let (left, below) = (x.rounded(.down), y.rounded(.down))
    let (u, v) = (x - left, y - below)
    func corner(_ dx: Double, _ dy: Double) -> Double {
      let bits = lattice.bits(left + dx, below + dy)
      // Gradients are drawn in a square, to avoid trigonometry in the innermost loop.
      let gradientX = Double(UInt32(truncatingIfNeeded: bits)) * 0x1p-31 - 1
      let gradientY = Double(UInt32(truncatingIfNeeded: bits >> 32)) * 0x1p-31 - 1
      return gradientX * (u - dx) + gradientY * (v - dy)
    }
    func fade(_ t: Double) -> Double { t * t * t * (t * (t * 6 - 15) + 10) }
    let (fu, fv) = (fade(u), fade(v))
    let bottom = corner(0, 0) + fu * (corner(1, 0) - corner(0, 0))
    let top = corner(0, 1) + fu * (corner(1, 1) - corner(0, 1))
    return bottom + fv * (top - bottom)
  }
}

/// Divides the ground into blocks: every point belongs to the nearest of randomly placed centers.
///
/// Source: Worley, "A cellular texture basis function", SIGGRAPH 1996.
public struct BlockNoise: Sendable, Equatable, Codable {
  public let seed: UInt64
  public let blockLengthMeters: Double
  private let east: RandomLattice
  private let north: RandomLattice
  private let values: RandomLattice

  public init(seed: UInt64, blockLengthMeters: Double) {
    self.seed = seed
    self.blockLengthMeters = blockLengthMeters
    east = RandomLattice(seed, .blockNoise, 0)
    north = RandomLattice(seed, .blockNoise, 1)
    values = RandomLattice(seed, .blockNoise, 2)
  }

  enum CodingKeys: CodingKey { case seed, blockLengthMeters }

  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      seed: try values.decode(UInt64.self, forKey: .seed),
      blockLengthMeters: try values.decode(Double.self, forKey: .blockLengthMeters))
  }

  /// The random number in [0, 1) of the block that contains this point.
  public func value(eastMeters: Double, northMeters: Double) -> Double {
    let x = eastMeters / blockLengthMeters
    let y = northMeters / blockLengthMeters
    let (left, below) = (x.rounded(.down), y.rounded(.down))
    var nearest = Double.infinity
    var value = 0.0
    for dx in [-1.0, 0, 1] {
      for dy in [-1.0, 0, 1] {
        let (cellX, cellY) = (left + dx, below + dy)
        let offsetX = cellX + east.uniform(cellX, cellY) - x
        let offsetY = cellY + north.uniform(cellX, cellY) - y
        let distance = offsetX * offsetX + offsetY * offsetY
        if distance < nearest {
          nearest = distance
          value = values.uniform(cellX, cellY)
        }
      }
    }
    return value
  }
}

/// Random numbers for the points of a lattice: SplitMix64's finalizer of a key and coordinates.
private struct RandomLattice: Sendable, Equatable {
  private let key: UInt64

  init(_ seed: UInt64, _ stream: RandomStream, _ index: UInt64) {
    var random = CounterRandom(seed, stream, index)
    key = random.next()
  }

  /// 64 random bits for a point.
  func bits(_ x: Double, _ y: Double) -> UInt64 {
    var z = key
    // Adding 0 converts -0 to +0, which is the same point.
    Self.fold(&z, (x + 0).bitPattern)
    Self.fold(&z, (y + 0).bitPattern)
    return z
  }

  /// A number in [0, 1) for a point.
  func uniform(_ x: Double, _ y: Double) -> Double { Double(bits(x, y) >> 11) * 0x1p-53 }

  private static func fold(_ z: inout UInt64, _ coordinate: UInt64) {
    z = (z ^ coordinate) &+ 0x9E37_79B9_7F4A_7C15
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    z ^= z >> 31
  }
}
