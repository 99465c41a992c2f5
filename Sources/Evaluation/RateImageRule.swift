import InceptionFeatures
import Patches

/// How rates become the 8-bit pictures that Inception looks at.
///
/// A symmetric range, so that 0 cm/yr is mid-grey in every set and no set's own extremes matter:
/// level = round((rate + limit) / (2 limit) * 255), clipped to 0...255, in three equal channels.
public struct RateImageRule: Sendable, Equatable, Codable {
  /// The rate that becomes white; its negative becomes black.
  public var limitCMPerYear: Double
  /// Always 256.
  public let levels: Int
  /// Always 3, all equal.
  public let channels: Int

  /// - Parameter limitCMPerYear: 15 where the rates reach about 25 cm/yr, as in the paper.
  public init(limitCMPerYear: Double = 15) {
    self.limitCMPerYear = limitCMPerYear
    levels = 256
    channels = 3
  }

  func faults() -> [String] {
    (0.001...10_000).contains(limitCMPerYear)
      ? [] : ["--limit is \(limitCMPerYear): give a rate of 0.001 to 10000 cm/yr"]
  }

  /// The pictures of a set, and the share of its pixels that lie beyond the range.
  public func images(of set: EvaluationSet) -> ImageSet {
    let limit = Float(limitCMPerYear)
    let scale = 255 / (2 * limit)
    var clipped = 0
    var pixels: [UInt8] = []
    pixels.reserveCapacity(set.count * set.size * set.size)
    for patch in set.patches {
      for rate in patch {
        if abs(rate) > limit { clipped += 1 }
        let level = ((rate + limit) * scale).rounded()
        pixels.append(UInt8(min(max(level, 0), 255)))
      }
    }
    return ImageSet(
      name: set.name, count: set.count, width: set.size, height: set.size, channels: .gray,
      pixels: pixels, clipShare: Double(clipped) / Double(max(1, pixels.count)))
  }
}
