import Foundation
import InSARPhase
import Kernel
import Rasters
import StackFiles

/// A rate map as a composition changes it: its amplitude, and where there are no data.
struct SceneSituation: Sendable {
  var ground: StackComposition.Ground
  /// The changed rates, also where the mask has no data, [height x width] in cm/yr.
  var rateCMPerYear: [Float]
  /// What the map's rates were multiplied by.
  var rateFactor: Double
  /// Part of the pixels with data.
  var validFraction: Double

  /// - Parameters:
  ///   - p995: the 99.5th percentile of the whole map's |rate|; used if the configuration sets it.
  ///   - index: of the sample, or of the map of a stack folder.
  /// - Throws: `InSARPhaseError`.
  init(
    _ ground: StackComposition.Ground, configuration: ComposeConfiguration, p995: Double,
    seed: UInt64, index: Int, fields: SharedFields
  ) throws {
    var ground = ground
    rateFactor = configuration.rates.factor(p995: p995)
    if rateFactor != 1 {
      ground.rate.values = Planes.scaled(ground.rate.values, by: Float(rateFactor))
    }
    rateCMPerYear = ground.rate.values
    let mask = configuration.mask
    if mask.borderFraction > 0 || mask.waterFraction > 0 {
      let isWithoutData = try SceneMask.isWithoutData(
        configuration.geometry(of: ground.rate), borderFraction: mask.borderFraction,
        waterFraction: mask.waterFraction, waterScaleMeters: mask.waterScaleMeters, seed: seed,
        index: index, fields: fields)
      for pixel in isWithoutData.indices where isWithoutData[pixel] {
        ground.rate.values[pixel] = .nan
      }
    }
    let valid = Planes.count(ground.rate.values) { $0 < 0x7f80_0000 }
    validFraction = Double(valid) / Double(max(1, ground.rate.values.count))
    self.ground = ground
  }

  /// The pixel to which phases are referenced; `nil` if they are not, or without data.
  func referencePixel(_ choice: ReferenceChoice, seed: UInt64, index: Int) -> Int? {
    let rates = ground.rate.values
    guard validFraction > 0 else { return nil }
    switch choice.pixel {
    case .none: return nil
    case .still:
      var best: Int?
      for pixel in rates.indices where rates[pixel].isFinite {
        if let found = best, abs(rates[found]) <= abs(rates[pixel]) { continue }
        best = pixel
      }
      return best
    case .random:
      var random = CounterRandom(seed, .sampleReference, UInt64(index))
      for _ in 0..<1000 {
        let pixel = random.integer(below: rates.count)
        if rates[pixel].isFinite { return pixel }
      }
      return rates.firstIndex { $0.isFinite }
    }
  }
}

extension ComposeConfiguration {
  /// The grid of a stack over `rate`.
  func geometry(of rate: Raster) throws -> StackGeometry {
    try stackGeometry(
      width: rate.width, height: rate.height,
      pixelSizeMeters: rate.georeference?.groundPixelSizeMeters)
  }
}

extension Interferogram {
  /// Referenced and masked as `configuration` says.
  func finished(_ configuration: ComposeConfiguration, referencePixel: Int?) throws
    -> Interferogram
  {
    var result = self
    if let referencePixel {
      result = try result.referenced(
        toPixel: referencePixel, filter: configuration.model.goldstein)
    }
    if configuration.mask.minimumCoherence > 0 {
      result = result.masked(coherenceBelow: configuration.mask.minimumCoherence)
    }
    return result
  }
}
