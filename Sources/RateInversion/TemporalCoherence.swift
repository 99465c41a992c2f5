extension LinearRateInversion {
  /// Temporal coherence: how well an estimate explains the phases.
  ///
  /// |mean of exp(i residual)| of each pixel over the interferograms with data, 0 to 1; NaN without a
  /// rate. To 1e-6.
  /// Source: Pepe and Lanari, IEEE TGRS 2006, equation 5.
  ///
  /// - Parameters: the same planes and reference as for `invert`.
  /// - Throws: `InversionError` for a wrong number or size of planes.
  public func temporalCoherence(
    of estimate: RateEstimate, unwrappedRadians: [[Float]], referenceRadians: [Float]? = nil
  ) throws -> [Float] {
    let input = try StackInput(
      network, phase: unwrappedRadians, coherence: nil, reference: referenceRadians)
    guard estimate.rateCMPerYear.count == input.pixelCount else {
      throw InversionError.sizesDiffer(
        quantity: "the rates", expected: input.pixelCount, got: estimate.rateCMPerYear.count)
    }
    return try input.mapRanges(length: 2048, threads: settings.threads) { pixels in
      var sums = PhasorSums(count: pixels.count)
      let heights = estimate.demErrorMeters.isEmpty ? nil : estimate.demErrorMeters[pixels]
      for index in input.phase.indices {
        sums.add(
          input.phase[index][pixels], reference: input.reference[index],
          rates: estimate.rateCMPerYear[pixels], a: Float(design.radiansPerCMPerYear[index]),
          heights: heights ?? estimate.rateCMPerYear[pixels],
          b: heights == nil ? 0 : Float(design.radiansPerMeter[index]))
      }
      return zip(pixels, sums.lengths).map { pixel, length in
        estimate.rateCMPerYear[pixel].isNaN
          ? .nan : length / Float(estimate.interferogramCount[pixel])
      }
    }.flatMap { $0 }
  }
}

/// Sums of exp(i residual) of a range of pixels.
private struct PhasorSums {
  private var real: [Float]
  private var imaginary: [Float]

  init(count: Int) {
    real = [Float](repeating: 0, count: count)
    imaginary = real
  }

  var lengths: [Float] { zip(real, imaginary).map { ($0 * $0 + $1 * $1).squareRoot() } }

  /// Adds one interferogram; without branches and calls, so that the compiler can vectorize the
  /// loop.
  mutating func add(
    _ phase: ArraySlice<Float>, reference: Float, rates: ArraySlice<Float>, a: Float,
    heights: ArraySlice<Float>, b: Float
  ) {
    let count = real.count
    phase.withUnsafeBufferPointer { phase in
      rates.withUnsafeBufferPointer { rates in
        heights.withUnsafeBufferPointer { heights in
          real.withUnsafeMutableBufferPointer { real in
            imaginary.withUnsafeMutableBufferPointer { imaginary in
              guard let phase = phase.baseAddress, let rates = rates.baseAddress,
                let heights = heights.baseAddress, let real = real.baseAddress,
                let imaginary = imaginary.baseAddress
              else { return }
              for pixel in 0..<count {
                let residual = phase[pixel] - reference - a * rates[pixel] - b * heights[pixel]
                // For infinity and NaN the difference is NaN, not 0.
                let isThere = residual - residual == 0
                let (cosine, sine) = unitPhasor(isThere ? residual : 0)
                real[pixel] += isThere ? cosine : 0
                imaginary[pixel] += isThere ? sine : 0
              }
            }
          }
        }
      }
    }
  }
}

/// Cosine and sine to 2e-7 for phases up to about 10,000 rad; beyond that, single precision does
/// not resolve the phase.
@inline(__always)
func unitPhasor(_ radians: Float) -> (cosine: Float, sine: Float) {
  let turns = radians * (1 / (2 * Float.pi))
  // Adding and subtracting 1.5 * 2^23 rounds to an integer.
  let magic: Float = 12_582_912
  let y = (turns - ((turns + magic) - magic)) * Float.pi  // half the phase, in [-pi/2, pi/2]
  let z = y * y
  // Taylor's series of the half angle, then the double angle.
  let s5: Float = -1 / 39_916_800
  let s4 = 1 / 362_880 + z * s5
  let s3 = -1 / 5_040 + z * s4
  let s2 = 1 / 120 + z * s3
  let s1 = -1 / 6 + z * s2
  let sine = y + y * z * s1
  let c6: Float = 1 / 479_001_600
  let c5 = -1 / 3_628_800 + z * c6
  let c4 = 1 / 40_320 + z * c5
  let c3 = -1 / 720 + z * c4
  let c2 = 1 / 24 + z * c3
  let c1 = -1 / 2 + z * c2
  let cosine = 1 + z * c1
  return (1 - 2 * sine * sine, 2 * sine * cosine)
}
