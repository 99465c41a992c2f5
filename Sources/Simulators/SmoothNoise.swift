import Foundation

/// Smooth random fields that are pure functions of a place and a seed, so that they need no grid
/// and do not change with the order or the window in which they are evaluated.
///
/// Source: gradient noise with a quintic fade, Perlin, "Improving noise", SIGGRAPH 2002.
public struct SmoothNoise: Sendable, Equatable, Codable {
  public let seed: UInt64
  /// Length of a lattice cell of the first octave.
  public let wavelengthMeters: Double
  public let octaves: Int
  /// Weight of an octave against the one before it, which is half as fine.
  public let persistence: Double

  public init(
    seed: UInt64, wavelengthMeters: Double, octaves: Int = 3, persistence: Double = 0.5
  ) {
    self.seed = seed
    self.wavelengthMeters = wavelengthMeters
    self.octaves = octaves
    self.persistence = persistence
  }

  func check(into check: inout ParameterCheck) {
    check.positive("wavelengthMeters of the noise", wavelengthMeters)
    check.inside("octaves of the noise", Double(octaves), 1...16)
    check.inside("persistence of the noise", persistence, 0...1)
  }

  /// A value of about standard deviation 0.5, within [-1.5, 1.5].
  public func value(eastMeters: Double, northMeters: Double) -> Double {
    var sum = 0.0
    var weights = 0.0
    var weight = 1.0
    var scale = 1 / wavelengthMeters
    for octave in 0..<UInt64(octaves) {
      sum += weight * Self.gradientNoise(eastMeters * scale, northMeters * scale, seed &+ octave)
      weights += weight * weight
      weight *= persistence
      scale *= 2
    }
    return 2.5 * sum / weights.squareRoot()
  }

  private static func gradientNoise(_ x: Double, _ y: Double, _ seed: UInt64) -> Double {
    let (left, below) = (x.rounded(.down), y.rounded(.down))
    let (u, v) = (x - left, y - below)
    func corner(_ dx: Double, _ dy: Double) -> Double {
      let bits = latticeBits(left + dx, below + dy, seed)
      // Gradients in a square: no trigonometry in the innermost loop.
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

/// Ground in blocks: every place belongs to the nearest of randomly scattered centres.
///
/// Source: Worley, "A cellular texture basis function", SIGGRAPH 1996.
public struct BlockNoise: Sendable, Equatable, Codable {
  public let seed: UInt64
  public let blockLengthMeters: Double

  public init(seed: UInt64, blockLengthMeters: Double) {
    self.seed = seed
    self.blockLengthMeters = blockLengthMeters
  }

  /// The number in [0, 1) that the block around this place carries.
  public func value(eastMeters: Double, northMeters: Double) -> Double {
    let x = eastMeters / blockLengthMeters
    let y = northMeters / blockLengthMeters
    let (left, below) = (x.rounded(.down), y.rounded(.down))
    var nearest = Double.infinity
    var value = 0.0
    for dx in [-1.0, 0, 1] {
      for dy in [-1.0, 0, 1] {
        let (cellX, cellY) = (left + dx, below + dy)
        let offsetX = cellX + latticeUniform(cellX, cellY, seed) - x
        let offsetY = cellY + latticeUniform(cellX, cellY, seed &+ 1) - y
        let distance = offsetX * offsetX + offsetY * offsetY
        if distance < nearest {
          nearest = distance
          value = latticeUniform(cellX, cellY, seed &+ 2)
        }
      }
    }
    return value
  }
}

/// A number in [0, 1) for a lattice point.
private func latticeUniform(_ x: Double, _ y: Double, _ seed: UInt64) -> Double {
  Double(latticeBits(x, y, seed) >> 11) * 0x1p-53
}

/// 64 random bits for a lattice point: SplitMix64's finaliser over its coordinates and a seed.
private func latticeBits(_ x: Double, _ y: Double, _ seed: UInt64) -> UInt64 {
  var z = seed &* 0x9E37_79B9_7F4A_7C15
  // Adding 0 turns -0 into +0, which is the same lattice point.
  fold(&z, (x + 0).bitPattern)
  fold(&z, (y + 0).bitPattern)
  return z
}

private func fold(_ z: inout UInt64, _ coordinate: UInt64) {
  z = (z ^ coordinate) &+ 0x9E37_79B9_7F4A_7C15
  z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
  z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
  z ^= z >> 31
}
