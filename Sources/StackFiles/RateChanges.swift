import Foundation
import Kernel

/// What is done to a rate map before it is composed.
public struct RateChanges: Codable, Sendable, Equatable {
  /// The 99.5th percentile of a map's |rate| becomes this; `nil`: rates stay as they are.
  ///
  /// Training sets are often harmonized to one amplitude (`prepare --harmonize`), and so are the maps
  /// of a generator trained on them. This gives them an amplitude of the ground again.
  public var p995CMPerYear: Double?
  /// Every rate is multiplied by this, after that; -1 turns uplift into subsidence.
  public var factor = 1.0

  public init() {}

  func check(_ check: inout ParameterCheck) {
    if let p995CMPerYear { check.positive("rates.p995CMPerYear", p995CMPerYear) }
    check.require(
      factor.isFinite && factor != 0 && abs(factor) <= 1e6,
      "rates.factor is \(factor); give a number other than 0, from -1e6 to 1e6")
  }

  /// The percentile that `p995CMPerYear` sets, of the finite rates; 0 without any.
  package static func p995(of rates: [Float]) -> Double {
    let magnitudes = rates.filter(\.isFinite).map(abs)
    return magnitudes.isEmpty ? 0 : Percentile.value(0.995, of: magnitudes, rule: .weighted)
  }

  /// The factor for a map whose percentile is `p995`; a map without motion keeps it.
  package func factor(p995: Double) -> Double {
    guard let p995CMPerYear, p995 > 0 else { return factor }
    return factor * p995CMPerYear / p995
  }
}

/// The pixel whose phase is subtracted from an interferogram, as processors do.
public struct ReferenceChoice: Codable, Sendable, Equatable {
  public enum Pixel: String, Codable, Sendable, CaseIterable {
    /// Nothing is subtracted: phases are absolute, as only a simulation knows them.
    case none
    /// Any pixel with data.
    case random
    /// The pixel with data whose rate is nearest to 0.
    case still
  }

  public var pixel = Pixel.none

  public init() {}
}

/// Where measured rasters have no data, as in products.
public struct NoDataMask: Codable, Sendable, Equatable {
  /// Part of the scene beyond a slanted edge of the frame, 0 to below 1.
  public var borderFraction = 0.0
  /// Part of the scene in masked water bodies, 0 to below 1.
  public var waterFraction = 0.0
  /// Typical size of a water body in m.
  public var waterScaleMeters = 2000.0
  /// Phases of pixels with less coherence are masked, 0 to 1; 0: none.
  public var minimumCoherence = 0.0

  public init() {}

  func check(_ check: inout ParameterCheck) {
    for (name, value) in [("borderFraction", borderFraction), ("waterFraction", waterFraction)] {
      check.require(
        value >= 0 && value <= 0.95,
        "mask.\(name) is \(value); give a fraction from 0 to 0.95")
    }
    check.positive("mask.waterScaleMeters", waterScaleMeters)
    check.inside("mask.minimumCoherence", minimumCoherence, 0...1)
  }
}

extension RateChanges: DocumentedKeys {
  package static let keyDescriptions: KeyValuePairs = [
    "p995CMPerYear":
      "What the 99.5th percentile of a map's |rate| becomes in cm/yr, above 0; null: rates stay.",
    "factor": "Every rate is multiplied by this, after that; not 0.",
  ]
}

extension ReferenceChoice: DocumentedKeys {
  package static let keyDescriptions: KeyValuePairs = [
    "pixel":
      "The pixel whose phase is subtracted; still: the one whose rate is nearest to 0."
  ]
}

extension NoDataMask: DocumentedKeys {
  package static let keyDescriptions: KeyValuePairs = [
    "borderFraction": "Part of the scene beyond a slanted edge of the frame, 0 to 0.95.",
    "waterFraction": "Part of the scene in masked water bodies, 0 to 0.95.",
    "waterScaleMeters": "Typical size of a water body in m, above 0.",
    "minimumCoherence": "Phases of pixels with less coherence are masked, 0 to 1; 0: none.",
  ]
}
