import Kernel
import Patches
import Pictures

/// The conversion of rates to 8-bit images for Inception.
///
/// The range is symmetric, so that 0 cm/yr is mid-gray in every set and does not depend on a set's
/// extreme values: level = round((rate + limit) / (2 limit) * 255), clipped to 0...255, in three
/// equal channels.
public struct RateImageRule: Sendable, Equatable, Codable {
  /// The rate in cm/yr that becomes white; its negative becomes black.
  public var limitCMPerYear: Double
  /// Always 256.
  public let levels: Int
  /// Always 3, all equal.
  public let channels: Int

  /// - Parameter limitCMPerYear: 15 for rates that reach about 25 cm/yr, as in the paper.
  public init(limitCMPerYear: Double = 15) {
    self.limitCMPerYear = limitCMPerYear
    levels = 256
    channels = 3
  }

  func faults() -> [String] {
    (0.001...10_000).contains(limitCMPerYear)
      ? [] : ["\(OptionName.limit) is \(limitCMPerYear): give a rate of 0.001 to 10000 cm/yr"]
  }

  /// The images of a set, and the fraction of its pixels beyond the range.
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
