import Foundation
import Kernel

/// Where a scene has which ground cover: what the coherence of any pair of dates follows from.
///
/// Bodies are where smooth random fields exceed a threshold, which is set so that they cover their
/// fraction of this scene; water lies where the ground is low if heights are known. All is made on
/// every second pixel and linear between: processors estimate coherence over windows that are wider.
struct CoherenceMap: Sendable {
  private let width: Int
  private let height: Int
  /// Of the grid of every second pixel.
  private let columns: Int
  private let rows: Int
  /// Fractions of a pixel under each cover, [rows x columns]; no array for a cover without bodies.
  private let vegetation: [Float]
  private let urban: [Float]
  private let water: [Float]
  /// t of `CoherenceScene.textureDeviation`, in [-1, 1]; empty without texture.
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
        settings.textureDeviation > 0 ? try field(settings.textureMeters, slope: 2.2) : nil
      covers = try [
        (settings.water, 4.0), (settings.vegetation, 3.2), (settings.urban, 2.8),
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
        try field.field(key(0), times: settings.textureDeviation).map { min(max($0, -1), 1) }
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
    // The threshold among the pixels that earlier covers leave, for the fraction of the scene.
    var candidates: [Float] = []
    var squares: Float = 0
    for row in stride(from: 0, to: score.count / columns, by: 2) {
      for column in stride(from: 0, to: columns - 1, by: 2) {
        let place = row * columns + column
        let step = score[place + 1] - score[place]
        squares += step * step
        if rest[place] > 0.5 { candidates.append(score[place]) }
      }
    }
    let sampled = (score.count / columns + 1) / 2 * (columns / 2)
    guard !candidates.isEmpty, sampled > 0 else { return score.map { _ in 0 } }
    let wanted = cover.fraction * Double(sampled)
    let exceeding = min(Int(wanted.rounded()), candidates.count)
    let threshold =
      exceeding == candidates.count
      ? -Float.greatestFiniteMagnitude
      : exceeding == 0
        ? Float.greatestFiniteMagnitude
        : Selection.value(&candidates, ascendingRank: candidates.count - exceeding)
    // Score per meter, so that the edge is as wide as asked, and at least as the nodes can show.
    let gradient = (squares / Float(sampled)).squareRoot() / Float(nodeMeters)
    let scale = 1 / max(Float(max(cover.edgeMeters, nodeMeters)) * gradient, 1e-6)
    return Planes.filled(score.count) { out in
      for place in 0..<score.count {
        let inside = min(max((score[place] - threshold) * scale + 0.5, 0), 1)
        out[place] = inside * rest[place]
        rest[place] -= out[place]
      }
    }
  }

  /// Adds to a score that it is high where the ground is low.
  private static func preferLow(
    _ score: inout [Float], _ heights: [Float], width: Int, height: Int, columns: Int
  ) {
    let mean = Float(Stratification.mean(heights))
    var squares: Float = 0
    for place in stride(from: 0, to: heights.count, by: 3) where heights[place].isFinite {
      squares += (heights[place] - mean) * (heights[place] - mean)
    }
    let deviation = (squares / Float((heights.count + 2) / 3)).squareRoot()
    guard deviation > 0 else { return }
    for place in score.indices {
      let row = min(place / columns * 2, height - 1)
      let column = min(place % columns * 2, width - 1)
      let value = heights[row * width + column]
      score[place] = 0.3 * score[place] - (value.isFinite ? (value - mean) / deviation : 0)
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
    let tangent = Float(tan(radar.incidenceDegrees * .pi / 180))
    let flat = Float(1 / radar.criticalBaselineMeters)
    return Planes.filled(heights.count) { out in
      for row in 0..<height {
        let (above, below) = (max(row - 1, 0), min(row + 1, height - 1))
        let rowScale = south / Float(max(below - above, 1))
        for column in 0..<width {
          let (left, right) = (max(column - 1, 0), min(column + 1, width - 1))
          let dx = heights[row * width + right] - heights[row * width + left]
          let dy = heights[below * width + column] - heights[above * width + column]
          let slope = dx * east / Float(max(right - left, 1)) + dy * rowScale
          // tan(theta - slope), as tangents.
          let local = (tangent - slope) / (1 + tangent * slope)
          let isVisible = slope < tangent && 1 + tangent * slope > 0
          let value = isVisible ? flat * tangent / local : hidden
          out[row * width + column] = slope.isFinite ? min(value, hidden) : flat
        }
      }
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
      texture.withUnsafeBufferPointer { texture in
        for place in 0..<texture.count {
          out[place] += texture[place] * out[place] * (1 - out[place])
        }
      }
      for place in 0..<rows * columns { out[place] = min(max(out[place], 0), 1) }
    }
    var plane = full(nodes)
    guard !slopes.isEmpty else {
      let geometric = Float(max(0, 1 - baseline / criticalBaselineMeters))
      if geometric != 1 { plane = Planes.scaled(plane, by: geometric) }
      return plane
    }
    // Not 0, so that layover and shadow have no coherence in any pair.
    let length = Float(max(baseline, 1e-3))
    return slopes.withUnsafeBufferPointer { slopes in
      plane.withUnsafeMutableBufferPointer { plane in
        for pixel in 0..<plane.count { plane[pixel] *= max(0, 1 - length * slopes[pixel]) }
      }
      return plane
    }
  }

  /// Values of every second pixel, and means of neighbors between them, [height x width].
  private func full(_ nodes: [Float]) -> [Float] {
    nodes.withUnsafeBufferPointer { nodes in
      Planes.filled(width * height) { out in
        var line = [Float](repeating: 0, count: columns)
        for row in 0..<height {
          let upper = nodes.baseAddress! + row / 2 * columns
          let lower = upper + row % 2 * columns
          for column in 0..<columns { line[column] = (upper[column] + lower[column]) * 0.5 }
          let place = out + row * width
          for column in 0..<width / 2 {
            place[2 * column] = line[column]
            place[2 * column + 1] = (line[column] + line[column + 1]) * 0.5
          }
          if width % 2 == 1 { place[width - 1] = line[width / 2] }
        }
      }
    }
  }

  var fractions: GroundCoverFractions {
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
  /// The value with `rank` smaller ones, 0 to count - 1; the array is reordered.
  /// Source: Hoare, "Algorithm 65: Find", Communications of the ACM 4, 1961.
  static func value(_ values: inout [Float], ascendingRank rank: Int) -> Float {
    values.withUnsafeMutableBufferPointer { values in
      var (low, high) = (0, values.count - 1)
      while low < high {
        let pivot = values[(low + high) / 2]
        var (i, j) = (low, high)
        while i <= j {
          while values[i] < pivot { i += 1 }
          while values[j] > pivot { j -= 1 }
          if i <= j {
            values.swapAt(i, j)
            i += 1
            j -= 1
          }
        }
        if rank <= j { high = j } else if rank >= i { low = i } else { break }
      }
      return values[rank]
    }
  }
}
