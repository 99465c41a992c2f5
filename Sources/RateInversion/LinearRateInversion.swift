import InSARPhase

/// Estimates linear rates from unwrapped interferograms, pixel by pixel, by weighted least squares;
/// optionally with the DEM error.
///
/// Minimizes sum_k w_k (phi_k - a_k rate - b_k demError)^2; a and b are those of `DesignMatrix`.
/// Standard errors are s sqrt(diag N^-1), with N the normal matrix and s^2 the weighted sum of
/// squared residuals divided by (interferograms - unknowns).
/// Source: paper GANInSAR, equation 3; Berardino et al., IEEE TGRS 2002; weights after Yunjun,
/// Fattahi and Amelung, Computers & Geosciences 2019.
public struct LinearRateInversion: Sendable {
  public let network: InterferogramNetwork
  public let settings: InversionSettings
  let design: DesignMatrix
  private let weights: WeightTable

  /// - Throws: `InversionError` for invalid settings, too few interferograms, or a network whose
  ///   baselines do not separate the DEM error.
  public init(
    network: InterferogramNetwork, radar: RadarGeometry,
    settings: InversionSettings = InversionSettings()
  ) throws {
    let faults = settings.faults()
    guard faults.isEmpty else { throw InversionError.settings(faults: faults) }
    self.network = network
    self.settings = settings
    design = DesignMatrix(network, radar)
    try design.check(
      estimatesHeightError: settings.estimatesHeightError, hasFreeOffset: false)
    weights = try WeightTable(settings.weighting, looks: settings.looks)
  }

  /// Inverts planes in the order of `network.pairs`: whole interferograms, or the same rows of each.
  ///
  /// - Parameters:
  ///   - unwrappedRadians: one plane per interferogram, in rad; NaN and infinity are no data.
  ///   - coherence: one plane per interferogram, in [0, 1]; `nil` for equal weights. NaN is no
  ///     data.
  ///   - referenceRadians: phase of the reference pixel in each interferogram (`referencePhases`);
  ///     `nil` when the planes are referenced already.
  /// - Throws: `InversionError` for a wrong number or size of planes, or a coherence outside 0...1.
  public func invert(
    unwrappedRadians: [[Float]], coherence: [[Float]]? = nil, referenceRadians: [Float]? = nil
  ) throws -> RateEstimate {
    let input = try StackInput(
      network, phase: unwrappedRadians, coherence: coherence, reference: referenceRadians)
    // The sums of a range fit into a core's cache.
    let parts = try input.mapRanges(length: 2048, threads: settings.threads) { estimate(input, $0) }
    var whole = RateEstimate()
    for part in parts { whole.append(part) }
    return whole
  }

  private func estimate(_ input: StackInput, _ pixels: Range<Int>) -> RateEstimate {
    var sums = NormalSums(count: pixels.count)
    for index in design.radiansPerCMPerYear.indices {
      sums.add(
        input.phase[index][pixels], reference: input.reference[index],
        coherence: input.coherence?[index][pixels], weights: weights,
        a: design.radiansPerCMPerYear[index], b: design.radiansPerMeter[index])
    }
    return sums.solve(withDEMError: settings.estimatesHeightError)
  }
}

/// The weighted sums of a range of pixels, in double precision, one row per sum.
private struct NormalSums {
  /// Rows of `sums`.
  private enum Row: Int, CaseIterable { case aa, ab, bb, ay, by, yy, w, n }

  private let count: Int
  private var sums: [Double]
  private var pixelWeights: [Float]

  init(count: Int) {
    self.count = count
    sums = [Double](repeating: 0, count: Row.allCases.count * count)
    pixelWeights = [Float](repeating: 1, count: count)
  }

  /// Adds one interferogram. The loops use raw memory without branches, so that the compiler can
  /// vectorize them.
  mutating func add(
    _ phase: ArraySlice<Float>, reference: Float, coherence: ArraySlice<Float>?,
    weights: WeightTable, a: Double, b: Double
  ) {
    if let coherence {
      for (pixel, value) in coherence.enumerated() {
        pixelWeights[pixel] = value >= 0 ? weights.weight(value) : 0
      }
    }
    let (squareA, product, squareB, count) = (a * a, a * b, b * b, count)
    phase.withUnsafeBufferPointer { phase in
      pixelWeights.withUnsafeBufferPointer { pixelWeights in
        sums.withUnsafeMutableBufferPointer { sums in
          guard let start = sums.baseAddress, let phase = phase.baseAddress,
            let pixelWeights = pixelWeights.baseAddress
          else { return }
          func row(_ row: Row) -> UnsafeMutablePointer<Double> { start + row.rawValue * count }
          let (aa, ab, bb, ay) = (row(.aa), row(.ab), row(.bb), row(.ay))
          let (by, yy, w, n) = (row(.by), row(.yy), row(.w), row(.n))
          for pixel in 0..<count {
            let y = phase[pixel] - reference
            // For infinity and NaN the difference is NaN, not 0.
            let isThere = (y - y == 0) && pixelWeights[pixel] > 0
            let value = isThere ? Double(y) : 0
            let weight = isThere ? Double(pixelWeights[pixel]) : 0
            let weighted = weight * value
            aa[pixel] += weight * squareA
            ab[pixel] += weight * product
            bb[pixel] += weight * squareB
            ay[pixel] += weighted * a
            by[pixel] += weighted * b
            yy[pixel] += weighted * value
            w[pixel] += weight
            n[pixel] += isThere ? 1 : 0
          }
        }
      }
    }
  }

  private func sum(_ row: Row, _ pixel: Int) -> Double { sums[row.rawValue * count + pixel] }

  func solve(withDEMError: Bool) -> RateEstimate {
    var estimate = RateEstimate()
    let unknowns = withDEMError ? 2.0 : 1.0
    for pixel in 0..<count {
      let (aa, ab, bb) = (sum(.aa, pixel), sum(.ab, pixel), sum(.bb, pixel))
      let (ay, by, n) = (sum(.ay, pixel), sum(.by, pixel), sum(.n, pixel))
      var (rate, height) = (Double.nan, Double.nan)
      // Diagonal of the inverse of the normal matrix.
      var (rateFactor, heightFactor) = (Double.nan, Double.nan)
      if withDEMError {
        let determinant = aa * bb - ab * ab
        if n >= 2, determinant > 1e-10 * aa * bb {
          rate = (bb * ay - ab * by) / determinant
          height = (aa * by - ab * ay) / determinant
          rateFactor = bb / determinant
          heightFactor = aa / determinant
        }
      } else if n >= 1, aa > 0 {
        rate = ay / aa
        height = 0
        rateFactor = 1 / aa
      }
      let squares = rate.isFinite ? max(0, sum(.yy, pixel) - rate * ay - height * by) : .nan
      let variance = n > unknowns ? squares / (n - unknowns) : .nan
      estimate.rateCMPerYear.append(Float(rate))
      estimate.rateStandardErrorCMPerYear.append(Float((variance * rateFactor).squareRoot()))
      estimate.residualRadians.append(Float((squares / sum(.w, pixel)).squareRoot()))
      estimate.interferogramCount.append(Int32(n))
      if withDEMError {
        estimate.demErrorMeters.append(Float(height))
        estimate.demErrorStandardErrorMeters.append(
          Float((variance * heightFactor).squareRoot()))
      }
    }
    return estimate
  }
}
