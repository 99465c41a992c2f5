import Foundation

/// A rate in cm/yr and a height error in m.
struct Candidate: Equatable {
  var rate: Double
  var demError: Double
}

/// The grid of the first stage, and exp(-i phase) of every interferogram at every point.
struct PhasorGrid: Sendable {
  let rates: [Double]
  let demErrors: [Double]
  /// [interferograms, rates * demErrors]; DEM errors vary fastest.
  let cosines: [Float]
  let sines: [Float]

  var count: Int { rates.count * demErrors.count }

  init(_ design: DesignMatrix, _ search: RateSearch, withDEMError: Bool) throws {
    func axis(_ limit: Double, _ factors: [Double]) -> [Double] {
      let mean = factors.reduce(0, +) / Double(factors.count)
      let largest = factors.map { abs($0 - mean) }.max() ?? 0
      // Steps that change no phase by more than pi/2 relative to the mean.
      let steps = (2 * limit * largest / (.pi / 2)).rounded(.up)
      let count = max(2, min(steps, 1e6))
      return (0...Int(count)).map { -limit + 2 * limit * Double($0) / count }
    }
    rates = axis(search.rateLimitCMPerYear, design.radiansPerCMPerYear)
    demErrors =
      withDEMError ? axis(search.heightErrorLimitMeters, design.radiansPerMeter) : [0]
    guard rates.count * demErrors.count <= 200_000 else {
      throw InversionError.settings(faults: [
        "the grid has \(rates.count) rates and \(demErrors.count) height errors, more than "
          + "200000 points; lower rateLimitCMPerYear or heightErrorLimitMeters"
      ])
    }
    var cosines: [Float] = []
    var sines: [Float] = []
    for (a, b) in zip(design.radiansPerCMPerYear, design.radiansPerMeter) {
      for rate in rates {
        for height in demErrors {
          let phase = a * rate + b * height
          cosines.append(Float(cos(phase)))
          sines.append(Float(sin(phase)))
        }
      }
    }
    self.cosines = cosines
    self.sines = sines
  }

  func candidate(_ point: Int) -> Candidate {
    Candidate(
      rate: rates[point / demErrors.count], demError: demErrors[point % demErrors.count]
    )
  }
}

/// Weighted phasors of one pixel.
struct PixelPhases {
  var real: [Float]
  var imaginary: [Float]
  private(set) var phase: [Double]
  private(set) var weight: [Double]
  private(set) var used = 0

  init(count: Int) {
    real = [Float](repeating: 0, count: count)
    imaginary = real
    phase = [Double](repeating: 0, count: count)
    weight = phase
  }

  /// Interferograms without data get weight 0.
  mutating func load(_ input: StackInput, _ pixel: Int, _ weights: WeightTable) {
    used = 0
    for index in phase.indices {
      let value = input.phase[index][pixel] - input.reference[index]
      let coherence = input.coherence.map { $0[index][pixel] }
      let share = coherence.map { $0 >= 0 ? weights.weight($0) : 0 } ?? 1
      let isThere = value.isFinite && share > 0
      used += isThere ? 1 : 0
      phase[index] = isThere ? Double(value) : 0
      weight[index] = isThere ? Double(share) : 0
      real[index] = Float(weight[index] * cos(phase[index]))
      imaginary[index] = Float(weight[index] * sin(phase[index]))
    }
  }

  /// Whether the interferograms with data separate rate, common phase and DEM error. If rate and
  /// DEM error are almost proportional, noise determines the best value.
  func isSeparable(_ design: DesignMatrix, _ withDEMError: Bool) -> Bool {
    var (w, wa, wb, waa, wab, wbb) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    for index in phase.indices {
      let (a, b) = (design.radiansPerCMPerYear[index], design.radiansPerMeter[index])
      w += weight[index]
      wa += weight[index] * a
      wb += weight[index] * b
      waa += weight[index] * a * a
      wab += weight[index] * a * b
      wbb += weight[index] * b * b
    }
    // The common phase is eliminated.
    let (aa, ab, bb) = (waa - wa * wa / w, wab - wa * wb / w, wbb - wb * wb / w)
    guard aa > 1e-10 * waa else { return false }
    return !withDEMError || (bb > 1e-10 * wbb && aa * bb - ab * ab > 1e-4 * aa * bb)
  }

  /// The residual of a candidate.
  struct Fit {
    var coherence: Double
    /// sum w exp(i residual), and its angle.
    var angle: Double
  }

  func fit(_ candidate: Candidate, _ design: DesignMatrix) -> Fit {
    var (x, y, total) = (0.0, 0.0, 0.0)
    for index in phase.indices {
      let residual = residual(index, candidate, design)
      x += weight[index] * cos(residual)
      y += weight[index] * sin(residual)
      total += weight[index]
    }
    return Fit(coherence: (x * x + y * y).squareRoot() / total, angle: atan2(y, x))
  }

  @inline(__always) private func residual(
    _ index: Int, _ candidate: Candidate, _ design: DesignMatrix
  ) -> Double {
    phase[index] - design.radiansPerCMPerYear[index] * candidate.rate
      - design.radiansPerMeter[index] * candidate.demError
  }

  /// One Newton step on sum w cos(residual - angle), halved until it raises the coherence; `nil` if
  /// that fails.
  func improved(
    _ candidate: Candidate, _ fit: Fit, _ design: DesignMatrix, _ withDEMError: Bool
  ) -> (Candidate, Fit)? {
    // Weighted sums of the curvature c = w cos and the slope s = w sin, around the common phase.
    var (c, ca, cb, caa, cab, cbb) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    var (s, sa, sb) = (0.0, 0.0, 0.0)
    for index in phase.indices {
      let rest = residual(index, candidate, design) - fit.angle
      // Interferograms with residuals of more than a quarter cycle would reverse the step.
      let curvature = weight[index] * max(0.05, cos(rest))
      let slope = weight[index] * sin(rest)
      let a = design.radiansPerCMPerYear[index]
      let b = design.radiansPerMeter[index]
      c += curvature
      ca += curvature * a
      cb += curvature * b
      caa += curvature * a * a
      cab += curvature * a * b
      cbb += curvature * b * b
      s += slope
      sa += slope * a
      sb += slope * b
    }
    // The common phase is eliminated.
    let (aa, ab, bb) = (caa - ca * ca / c, cab - ca * cb / c, cbb - cb * cb / c)
    let (ga, gb) = (sa - ca * s / c, sb - cb * s / c)
    var step: Candidate
    if withDEMError {
      let determinant = aa * bb - ab * ab
      guard determinant > 1e-12 * aa * bb else { return nil }
      step = Candidate(
        rate: (bb * ga - ab * gb) / determinant, demError: (aa * gb - ab * ga) / determinant)
    } else {
      guard aa > 0 else { return nil }
      step = Candidate(rate: ga / aa, demError: 0)
    }
    for _ in 0..<6 {
      let next = Candidate(
        rate: candidate.rate + step.rate, demError: candidate.demError + step.demError)
      let result = self.fit(next, design)
      if result.coherence > fit.coherence + 1e-12 { return (next, result) }
      step.rate /= 2
      step.demError /= 2
    }
    return nil
  }
}

/// Scratch space for the first stage.
struct GridSearch {
  private var real: [Float]
  private var imaginary: [Float]

  init(_ grid: PhasorGrid) {
    real = [Float](repeating: 0, count: grid.count)
    imaginary = real
  }

  /// The grid point of highest temporal coherence.
  mutating func best(_ pixel: PixelPhases, _ grid: PhasorGrid) -> Candidate {
    let count = grid.count
    for point in 0..<count {
      real[point] = 0
      imaginary[point] = 0
    }
    grid.cosines.withUnsafeBufferPointer { cosines in
      grid.sines.withUnsafeBufferPointer { sines in
        real.withUnsafeMutableBufferPointer { real in
          imaginary.withUnsafeMutableBufferPointer { imaginary in
            for index in pixel.real.indices {
              let (x, y) = (pixel.real[index], pixel.imaginary[index])
              let start = index * count
              for point in 0..<count {
                let (c, s) = (cosines[start + point], sines[start + point])
                // (x + i y) (c - i s)
                real[point] += x * c + y * s
                imaginary[point] += y * c - x * s
              }
            }
          }
        }
      }
    }
    var best = 0
    var highest: Float = -1
    for point in 0..<count {
      let square = real[point] * real[point] + imaginary[point] * imaginary[point]
      if square > highest { (best, highest) = (point, square) }
    }
    return grid.candidate(best)
  }
}
