import Foundation
import RunSupport

/// Random numbers by the million, as a function of a key: eight xoshiro128++ generators side by side.
///
/// The lanes start from the key's first outputs, so that the numbers depend on (seed, streams) alone
/// and not on threads, batches or devices. Normals have 23-bit radii: none beyond 5.77.
/// Source: Blackman and Vigna, "Scrambled linear pseudorandom number generators", ACM TOMS 2021;
/// Box and Muller 1958; Marsaglia and Tsang, "A simple method for generating gamma variables", 2000.
struct VectorRandom {
  private typealias Bits = SIMD8<UInt32>
  private typealias Lanes = SIMD8<Float>

  private var s0: Bits
  private var s1: Bits
  private var s2: Bits
  private var s3: Bits
  private var key: CounterRandom

  init(_ key: CounterRandom) {
    var key = key
    func lanes() -> Bits {
      var bits = Bits()
      for lane in stride(from: 0, to: 8, by: 2) {
        let pair = key.next()
        bits[lane] = UInt32(truncatingIfNeeded: pair)
        bits[lane + 1] = UInt32(truncatingIfNeeded: pair >> 32)
      }
      return bits
    }
    s0 = lanes()
    s1 = lanes()
    s2 = lanes()
    s3 = lanes() | 1  // no lane's state may be all zero
    self.key = key
  }

  /// Numbers from N(0, 1).
  mutating func fillNormal(_ buffer: UnsafeMutableBufferPointer<Float>) {
    fill(buffer) { generator in
      let (x, y) = generator.normals()
      return (x, y)
    }
  }

  /// Numbers from U(0, 1), both ends excluded.
  mutating func fillUniform(_ buffer: UnsafeMutableBufferPointer<Float>) {
    fill(buffer) { generator in
      (Self.unit(generator.next()), Self.unit(generator.next()))
    }
  }

  /// Square roots of numbers from Gamma(`shape`, 1): amplitudes of `shape` looks. `shape` is 1 or
  /// more.
  mutating func fillGammaRoot(_ buffer: UnsafeMutableBufferPointer<Float>, shape: Double) {
    guard shape > 1 else {
      // One look: an exponential.
      return fill(buffer) { generator in
        let a = Self.negativeLog(Self.unit(generator.next()))
        let b = Self.negativeLog(Self.unit(generator.next()))
        return (a.squareRoot(), b.squareRoot())
      }
    }
    let d = shape - 1.0 / 3
    let c = 1 / (9 * d).squareRoot()
    let (df, cf) = (Float(d), Float(c))
    fill(buffer) { generator in
      let (x, y) = generator.normals()
      return (generator.gammaRoot(x, d: df, c: cf), generator.gammaRoot(y, d: df, c: cf))
    }
  }

  /// Marsaglia and Tsang's step for eight normals at once; the few that their squeeze turns down are
  /// settled one by one.
  private mutating func gammaRoot(_ x: Lanes, d: Float, c: Float) -> Lanes {
    let base = x * c + 1
    var v = base * base * base
    let square = x * x
    let u = Self.unit(next())
    let slack = Lanes(repeating: 1) - 0.0331 * square * square - u
    // A negative slack or v: told from the sign bits, because masks of lanes compile slowly.
    let doubtful =
      (unsafeBitCast(slack, to: Bits.self) | unsafeBitCast(v, to: Bits.self)) & 0x8000_0000
    let words = unsafeBitCast(doubtful, to: SIMD4<UInt64>.self)
    if words[0] | words[1] | words[2] | words[3] != 0 {
      for lane in 0..<8 where doubtful[lane] != 0 {
        v[lane] = Float(settle(Double(x[lane]), Double(u[lane]), d: Double(d), c: Double(c)))
      }
    }
    return (v * d).squareRoot()
  }

  private mutating func settle(_ x: Double, _ u: Double, d: Double, c: Double) -> Double {
    var (x, u) = (x, u)
    while true {
      let base = 1 + c * x
      let v = base * base * base
      if v > 0, log(u) < 0.5 * x * x + d - d * v + d * log(v) { return v }
      x = key.normal()
      u = 1 - key.uniform()
    }
  }

  // MARK: Eight at a time

  @inline(__always) private mutating func next() -> Bits {
    let result = Self.rotate(s0 &+ s3, 7) &+ s0
    let shifted = s1 &<< 9
    s2 ^= s0
    s3 ^= s1
    s1 ^= s2
    s0 ^= s3
    s2 ^= shifted
    s3 = Self.rotate(s3, 11)
    return result
  }

  @inline(__always) private static func rotate(_ bits: Bits, _ count: UInt32) -> Bits {
    (bits &<< Bits(repeating: count)) | (bits &>> Bits(repeating: 32 - count))
  }

  /// The upper 23 bits as the middles of 2^23 intervals of (0, 1).
  @inline(__always) private static func unit(_ bits: Bits) -> Lanes {
    let mantissa = (bits &>> Bits(repeating: 9)) | Bits(repeating: 0x3F80_0000)
    return unsafeBitCast(mantissa, to: Lanes.self) - Lanes(repeating: Float(1).nextDown)
  }

  /// Sixteen normals of sixteen uniforms (Box-Muller). The angle is drawn in a quarter turn around 0
  /// and carried to the other three by two spare bits.
  @inline(__always) private mutating func normals() -> (Lanes, Lanes) {
    let bits = next()
    let radius = (2 * Self.negativeLog(Self.unit(next()))).squareRoot()
    let angle = (Self.unit(bits) - 0.5) * (Float.pi / 2)
    let a = angle * angle
    // Taylor series; the first term left out is below 3e-8 at an eighth of a turn.
    var sine: Lanes = a * (1 / 362_880) - 1 / 5040
    sine = sine * a + 1 / 120
    sine = sine * a - 1 / 6
    sine = (sine * a + 1) * angle
    var cosine: Lanes = a * (1 / 40_320) - 1 / 720
    cosine = cosine * a + 1 / 24
    cosine = cosine * a - 0.5
    cosine = cosine * a + 1
    let cosineBits = unsafeBitCast(cosine, to: Bits.self) ^ (bits &<< Bits(repeating: 31))
    let sineBits = unsafeBitCast(sine, to: Bits.self)
    // All ones where bit 1 is set: those lanes change places.
    let swap = Bits(repeating: 0) &- ((bits &>> Bits(repeating: 1)) & 1)
    let difference = (cosineBits ^ sineBits) & swap
    return (
      radius * unsafeBitCast(cosineBits ^ difference, to: Lanes.self),
      radius * unsafeBitCast(sineBits ^ difference, to: Lanes.self)
    )
  }

  /// -ln u of u in (0, 1): exponent and the series of artanh, whose error is below 3e-8.
  @inline(__always) private static func negativeLog(_ u: Lanes) -> Lanes {
    let bits = unsafeBitCast(u, to: Bits.self)
    // 0x3F3504F3 is sqrt(1/2): mantissas end up in [sqrt(1/2), sqrt(2)).
    let offset = bits &- Bits(repeating: 0x3F35_04F3)
    let exponentBits = unsafeBitCast(offset, to: SIMD8<Int32>.self) &>> SIMD8(repeating: 23)
    let mantissaBits = bits &- unsafeBitCast(exponentBits &<< SIMD8(repeating: 23), to: Bits.self)
    let mantissa = unsafeBitCast(mantissaBits, to: Lanes.self)
    let exponent = Self.floats(exponentBits)
    let t = (mantissa - 1) / (mantissa + 1)
    let t2 = t * t
    var series: Lanes = t2 * (2.0 / 9) + 2.0 / 7
    series = series * t2 + 2.0 / 5
    series = series * t2 + 2.0 / 3
    series = series * t2 + 2
    // Never negative: -ln of the mantissa is at least -ln(2)/2, and 0 or more where exponent is 0.
    return exponent * (-0.693_147_18) - series * t
  }

  /// Small whole numbers as Float, without a conversion that would go element by element.
  @inline(__always) private static func floats(_ integers: SIMD8<Int32>) -> Lanes {
    // 2^23 * 1.5 + n holds n in its low bits.
    let magic: Float = 12_582_912
    let bits = integers &+ SIMD8(repeating: Int32(bitPattern: magic.bitPattern))
    return unsafeBitCast(bits, to: Lanes.self) - magic
  }

  @inline(__always) private mutating func fill(
    _ buffer: UnsafeMutableBufferPointer<Float>,
    _ pair: (inout VectorRandom) -> (Lanes, Lanes)
  ) {
    guard let start = buffer.baseAddress else { return }
    let raw = UnsafeMutableRawPointer(start)
    var generator = self
    var index = 0
    while index + 16 <= buffer.count {
      let (a, b) = pair(&generator)
      raw.storeBytes(of: a, toByteOffset: 4 * index, as: Lanes.self)
      raw.storeBytes(of: b, toByteOffset: 4 * index + 32, as: Lanes.self)
      index += 16
    }
    if index < buffer.count {
      let (a, b) = pair(&generator)
      for lane in 0..<(buffer.count - index) {
        buffer[index + lane] = lane < 8 ? a[lane] : b[lane - 8]
      }
    }
    self = generator
  }
}
