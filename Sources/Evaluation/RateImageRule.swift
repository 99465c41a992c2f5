import Kernel
import Patches
import Pictures
import Rasters

/// The conversion of rates, or values of another quantity, to 8-bit images for Inception.
///
/// The range is symmetric, so that 0 cm/yr is mid-gray in every set and does not depend on a set's
/// extreme values: level = round((rate + limit) / (2 limit) * 255), clipped to 0...255, in three
/// equal channels.
///
/// Values of quantities without a sign go from 0 (black) to the limit (white).
public struct RateImageRule: Sendable, Equatable, Codable {
  /// The rate in cm/yr that becomes white; its negative becomes black.
  /// Of other quantities, the value in their unit that becomes white.
  public var limitCMPerYear: Double
  /// What the values measure; `nil`: rates.
  public private(set) var quantity: Quantity?
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

  /// - Parameter limit: in the unit of the quantity; `nil` for the usual one: 15 cm/yr, 3 cm, 1500 m, 1 and
  ///   1.5 rad.
  public init(_ quantity: Quantity, limit: Double? = nil) {
    self.init(limitCMPerYear: limit ?? quantity.usualLimit)
    self.quantity = quantity == .rate ? nil : quantity
  }

  /// The value that becomes black, in the unit of the quantity.
  public var lowest: Double {
    (quantity ?? .rate).coloring == .diverging ? -limitCMPerYear : 0
  }

  func faults() -> [String] {
    (0.001...10_000).contains(limitCMPerYear)
      ? []
      : [
        "\(OptionName.limit) is \(limitCMPerYear): give 0.001 to 10000 \((quantity ?? .rate).unit.rawValue)"
      ]
  }

  /// The images of a set, and the fraction of its pixels beyond the range.
  public func images(of set: EvaluationSet) -> ImageSet {
    if lowest == 0 { return unsignedImages(of: set) }
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

  private func unsignedImages(of set: EvaluationSet) -> ImageSet {
    let limit = Float(limitCMPerYear)
    let values = set.patches.joined()
    let clipped = values.count { $0 < 0 || $0 > limit }
    let pixels = values.map { UInt8((min(max($0 / limit, 0), 1) * 255).rounded()) }
    return ImageSet(
      name: set.name, count: set.count, width: set.size, height: set.size, channels: .gray,
      pixels: pixels, clipShare: Double(clipped) / Double(max(1, pixels.count)))
  }
}
