import CPhaseLoops
import Foundation
import Kernel

/// Where a scene has which ground cover: what the coherence of any pair of dates follows from.
///
/// Bodies are where smooth random fields exceed a threshold, which is set so that they cover their
/// fraction of this scene; water lies where the ground is low if heights are known. All is made on
/// every second pixel and linear between: processors estimate coherence over windows that are wider.
public struct CoherenceMap: Sendable {
  private let width: Int
  private let height: Int
  /// Of the grid of every second pixel.
  private let columns: Int
  private let rows: Int
  /// Fractions of a pixel under each cover, [rows x columns]; no array for a cover without bodies.
  private let vegetation: [Float]
  private let urban: [Float]
  private let water: [Float]
  /// t of `CoherenceScene.textureDeviation`, not yet bounded; empty without texture.
  private let texture: [Float]
  /// Reciprocals of the critical baseline in 1/m, [height x width], `hidden` in layover and shadow;
  /// empty where all are equal.
  private let slopes: [Float]
  private let settings: CoherenceScene
  private let ground: Decorrelation
  private let criticalBaselineMeters: Double

  private static let hidden: Float = 1e9

  /// What the fields of scenes of one size and one group of settings have in common.
  struct Fields: Sendable {
    fileprivate let texture: RandomField?
    fileprivate let covers: [RandomField?]
    fileprivate let rows: Int
    fileprivate let columns: Int

    init(_ settings: CoherenceScene, width: Int, height: Int, pixelSizeMeters: Double) throws {
      let (rows, columns) = ((height + 1) / 2 + 1, (width + 1) / 2 + 1)
      func field(_ size: Double, slope: Double) throws -> RandomField {
        // A body is half a wavelength.
        try RandomField(
          width: columns, height: rows, pixelSizeMeters: 2 * pixelSizeMeters,
          spectrum: TurbulenceSpectrum(slopes2D: [slope], outerScaleMeters: 2 * size),
          padding: 1.25)
      }
      texture =
        settings.textureDeviation > 0 ? try field(settings.textureMeters, slope: 2.8) : nil
      covers = try [
        (settings.water, 4.2), (settings.vegetation, 3.4), (settings.urban, 3.2),
      ].map { cover, slope in
        cover.fraction > 0 ? try field(cover.bodyMeters, slope: slope) : nil
      }
      (self.rows, self.columns) = (rows, columns)
    }
  }

  /// - Parameters:
  ///   - heightMeters: [height x width]; NaN where unknown.
  ///   - key: makes the key of a field from its number.
  init(
    _ settings: CoherenceScene, ground: Decorrelation, fields: Fields, width: Int, height: Int,
    pixelSizeMeters: Double, radar: RadarGeometry, heightMeters: [Float]?,
    key: (UInt64) -> CounterRandom
  ) throws {
    self.settings = settings
    self.ground = ground
    self.width = width
    self.height = height
    let (columns, rows) = (fields.columns, fields.rows)
    (self.columns, self.rows) = (columns, rows)
    criticalBaselineMeters = radar.criticalBaselineMeters
    let count = rows * columns

    texture =
      try fields.texture.map { field in
        try field.field(key(0), times: settings.textureDeviation)
      } ?? []
    let covers = [settings.water, settings.vegetation, settings.urban]
    var weights = [[Float]](repeating: [], count: 3)
    // What earlier covers leave.
    var rest = [Float](repeating: 1, count: count)
    for (index, cover) in covers.enumerated() {
      guard let field = fields.covers[index] else { continue }
      var score = try field.field(key(UInt64(index + 1)))
      if index == 0, let heightMeters {
        Self.preferLow(&score, heightMeters, width: width, height: height, columns: columns)
      }
      weights[index] = Self.bodies(
        score, cover, rest: &rest, columns: columns, nodeMeters: 2 * pixelSizeMeters)
    }
    water = weights[0]
    vegetation = weights[1]
    urban = weights[2]
    slopes =
      settings.usesSlopes
      ? heightMeters.map {
        Self.reciprocalBaselines(
          $0, width: width, height: height, pixelSizeMeters: pixelSizeMeters, radar: radar)
      } ?? [] : []
  }

  /// Fraction of each pixel under a cover: 1 inside the bodies, 0 outside, of what `rest` leaves.
  private static func bodies(
    _ score: [Float], _ cover: GroundCover, rest: inout [Float], columns: Int, nodeMeters: Double
  ) -> [Float] {
    // The threshold among the nodes that earlier covers leave, for the fraction of the scene.
    // Thousands of nodes are enough.
    let rows = score.count / columns
    let stride = max(1, Int((Double(score.count) / 4000).squareRoot()))
    var candidates: [Float] = []
    var steps: [Float] = []
    candidates.reserveCapacity((rows / stride + 1) * (columns / stride + 1))
    steps.reserveCapacity(candidates.capacity)
    var sampled = 0
    score.withUnsafeBufferPointer { score in
      rest.withUnsafeBufferPointer { rest in
        for row in Swift.stride(from: 0, to: rows, by: stride) {
          for column in Swift.stride(from: 0, to: columns - 1, by: stride) {
            let place = row * columns + column
            sampled += 1
            guard rest[place] > 0.5 else { continue }
            candidates.append(score[place])
            steps.append(abs(score[place + 1] - score[place]))
          }
        }
      }
    }
    guard !candidates.isEmpty else { return [Float](repeating: 0, count: score.count) }
    let threshold = Selection.threshold(
      candidates, exceeding: Int((cover.fraction * Double(sampled)).rounded()))
    // Score per meter at the borders, so that the edge is as wide as asked, and at least as the nodes
    // can show. Plains and mountains have borders of their own.
    var (sum, count): (Float, Float) = (0, 0)
    for (candidate, step) in zip(candidates, steps) where abs(candidate - threshold) < 0.2 {
      sum += step
      count += 1
    }
    // The mean of |cos| over all directions is 2 / pi.
    let gradient = count > 0 ? sum / count * (.pi / 2) / Float(nodeMeters) : 0
    let scale = 1 / max(Float(max(cover.edgeMeters, nodeMeters)) * gradient, 1e-6)
    return Planes.filled(score.count) { out in
      rest.withUnsafeMutableBufferPointer {
        cpl_cover(score, threshold, scale, $0.baseAddress, out, score.count)
      }
    }
  }

  /// Adds to a score that it is high where the ground is low.
  private static func preferLow(
    _ score: inout [Float], _ heights: [Float], width: Int, height: Int, columns: Int
  ) {
    let rows = score.count / columns
    var nodes = [Float](repeating: 0, count: score.count)
    heights.withUnsafeBufferPointer { heights in
      nodes.withUnsafeMutableBufferPointer { nodes in
        for row in 0..<rows {
          let line = min(2 * row, height - 1) * width
          for column in 0..<columns {
            nodes[row * columns + column] = heights[line + min(2 * column, width - 1)]
          }
        }
      }
    }
    let mean = Float(Stratification.mean(nodes))
    var squares: Float = 0
    for value in nodes where value.isFinite { squares += (value - mean) * (value - mean) }
    guard squares > 0 else { return }
    let scale = 1 / (squares / Float(nodes.count)).squareRoot()
    nodes.withUnsafeBufferPointer { nodes in
      score.withUnsafeMutableBufferPointer { score in
        for place in 0..<nodes.count {
          let low = (mean - nodes[place]) * scale
          score[place] = 0.3 * score[place] + (low.isFinite ? low : 0)
        }
      }
    }
  }

  /// 1 / Bc of each pixel, from the slope in the direction of view: Bc = lambda R tan(theta - slope)
  /// bandwidth / c. Layover where the slope toward the satellite exceeds the incidence angle, shadow
  /// where the ground falls away more steeply than the line of sight.
  /// Source: Gatelli et al., "The wavenumber shift in SAR interferometry", IEEE TGRS 1994.
  private static func reciprocalBaselines(
    _ heights: [Float], width: Int, height: Int, pixelSizeMeters: Double, radar: RadarGeometry
  ) -> [Float] {
    let sign = radar.look == .right ? 1.0 : -1.0
    let azimuth = (radar.headingDegrees + sign * 90) * .pi / 180
    // Away from the satellite, per pixel to the east and per row to the south.
    let east = Float(sin(azimuth) / pixelSizeMeters)
    let south = Float(-cos(azimuth) / pixelSizeMeters)
    return Planes.filled(heights.count) { out in
      cpl_reciprocal_baselines(
        heights, height, width, east, south, Float(tan(radar.incidenceDegrees * .pi / 180)),
        Float(1 / radar.criticalBaselineMeters), hidden, out)
    }
  }

  /// Coherence in [0, 1] of a pair of dates, [height x width].
  ///
  /// - Parameter day: days since 1 January of any year, of the middle between the dates.
  func coherence(days: Double, perpendicularBaselineMeters: Double, day: Double) -> [Float] {
    let baseline = abs(perpendicularBaselineMeters)
    let season =
      Season.factor(
        day: day, peakDayOfYear: settings.growthPeakDayOfYear, fraction: 1) - 1
    func decayed(_ cover: GroundCover) -> Float {
      let speed = max(0, 1 + cover.seasonalFraction * season)
      let decay = exp(-abs(days) * speed / cover.decayDays)
      return Float(
        (cover.initialCoherence - cover.finalCoherence) * decay + cover.finalCoherence)
    }
    let open = Float(ground.coherence(days: days))
    let nodes = Planes.filled(rows * columns) { out in
      for place in 0..<rows * columns { out[place] = open }
      for (weights, cover) in [
        (water, settings.water), (vegetation, settings.vegetation), (urban, settings.urban),
      ] where !weights.isEmpty {
        let difference = decayed(cover) - open
        weights.withUnsafeBufferPointer { weights in
          for place in 0..<rows * columns { out[place] += weights[place] * difference }
        }
      }
      if !texture.isEmpty { cpl_texture(texture, out, texture.count) }
    }
    // Not 0, so that layover and shadow have no coherence in any pair.
    let length = Float(max(baseline, 1e-3))
    let geometric = slopes.isEmpty ? Float(max(0, 1 - baseline / criticalBaselineMeters)) : 1
    return Planes.filled(width * height) { out in
      withUnsafeTemporaryAllocation(of: Float.self, capacity: columns) { line in
        slopes.withUnsafeBufferPointer { slopes in
          cpl_spread(
            nodes, columns, slopes.isEmpty ? nil : slopes.baseAddress, length, geometric,
            line.baseAddress, out, height, width)
        }
      }
    }
  }

  /// What is covered, counted.
  public var fractions: GroundCoverFractions {
    func fraction(_ weights: [Float]) -> Double {
      weights.isEmpty ? 0 : weights.reduce(0.0) { $0 + Double($1) } / Double(weights.count)
    }
    return GroundCoverFractions(
      vegetation: fraction(vegetation), urban: fraction(urban), water: fraction(water))
  }
}

/// Fractions of a scene under each ground cover, counted; the rest is open ground.
public struct GroundCoverFractions: Sendable, Equatable, Codable {
  public let vegetation: Double
  public let urban: Double
  public let water: Double
}

/// Values by their rank.
enum Selection {
  /// The value that `exceeding` of the values exceed, 0 to their number: counted in 512 bins between
  /// the smallest and the largest, and linear within a bin; a bin with many values is divided again.
  static func threshold(_ values: [Float], exceeding: Int) -> Float {
    guard exceeding > 0 else { return .greatestFiniteMagnitude }
    guard exceeding < values.count else { return -.greatestFiniteMagnitude }
    return place(values, exceeding: exceeding)
  }

  /// Of 1 to all values.
  private static func place(_ values: [Float], exceeding: Int) -> Float {
    guard let least = values.min(), let greatest = values.max() else { return 0 }
    let width = (greatest - least) / 512
    guard width > 0 else { return least }
    var counts = [Int32](repeating: 0, count: 513)
    values.withUnsafeBufferPointer { values in
      counts.withUnsafeMutableBufferPointer { counts in
        for value in values { counts[Int((value - least) / width)] += 1 }
      }
    }
    var above = 0
    for bin in stride(from: 512, through: 0, by: -1) where counts[bin] > 0 {
      let count = Int(counts[bin])
      if above + count >= exceeding {
        if count > 64, count < values.count {
          let inside = values.filter { Int(($0 - least) / width) == bin }
          return place(inside, exceeding: exceeding - above)
        }
        let part = Float(exceeding - above) / Float(count)
        return least + (Float(bin + 1) - part) * width
      }
      above += count
    }
    return least
  }
}
