import Foundation
import Kernel
import RasterIO
import Rasters

/// A map of unwrapped phase, displacement or rate in a raster file, and what its numbers are in cm.
package struct UnwrappedMap: Sendable {
  package let path: String
  /// In the unit and sign of the file; NaN where there are no data.
  package let raster: Raster
  /// What one unit of the values is in cm of displacement in the line of sight. Rates count as what moves in
  /// a year. The sign of a phase is left out: networks are trained with both.
  package let centimetersPerUnit: Double
  package let losConvention: LOSConvention?
  /// What a user may not expect, one sentence each.
  package private(set) var notes: [String] = []

  /// Keys under which processors state the wavelength, and what their values are in m.
  private static let wavelengthKeys: KeyValuePairs = [
    "WAVELENGTH": 1.0, "WAVELENGTH_METRES": 1, "WAVELENGTH_METERS": 1, "wavelength": 1,
  ]
  private static let lightMetersPerSecond = 299_792_458.0

  /// - Parameters:
  ///   - unitWhereUnstated: of a file that states none.
  ///   - wavelengthMeters: for phases in files that do not state it.
  /// - Throws: `PhaseNetworkError.map` for a wrapped phase, another quantity, an unknown unit or
  ///   wavelength, or a map without data; `RasterError`.
  package init(
    _ path: String, options: RasterReadOptions = .init(), unitWhereUnstated: RasterUnit? = nil,
    wavelengthMeters: Double? = nil
  ) throws {
    let scene = try RasterReader.read(path, options: options)
    let description = scene.description
    var raster = scene.raster
    raster.unit = raster.unit ?? unitWhereUnstated
    func fail(_ reason: String, _ remedy: String) -> PhaseNetworkError {
      .map(path: path, reason: reason, remedy: remedy)
    }
    switch description.quantity {
    case .height?, .coherence?, .phaseDeviation?:
      throw fail(
        "it holds \(description.quantity!.words)",
        "Give a map of unwrapped phase, displacement or rate.")
    case .rate?, .atmosphere?, nil: break
    }
    if description.sampleType.hasPrefix("complex") {
      throw fail("it holds complex numbers, so its phase is wrapped", Self.unwrapFirst)
    }
    if description.infiniteCount > 0 {
      throw RasterError.infinite(path: path, count: description.infiniteCount)
    }
    guard raster.values.contains(where: \.isFinite) else {
      throw fail(
        "no pixel has data (\(description.noDataSource) means none)",
        "Give a map of unwrapped phase, displacement or rate.")
    }
    if let fills = description.undeclaredFills {
      throw fail(
        fills.words(of: raster.values.count), "If that means no data, give \(fills.options).")
    }
    self.path = path
    self.raster = raster
    losConvention = description.losConvention
    switch raster.unit?.kind {
    case .displacement: centimetersPerUnit = try raster.unit!.factor(to: .centimeters)
    case .rate:
      centimetersPerUnit = try raster.unit!.factor(to: .centimetersPerYear)
      notes.append("its rates are taken as the displacements of a year")
    case .phase:
      if Self.isWrapped(raster) {
        throw fail("its phase is wrapped: it lies within -pi and pi and jumps", Self.unwrapFirst)
      }
      guard let wavelength = wavelengthMeters ?? Self.wavelength(description) else {
        throw fail(
          "its unit is rad, and it does not state the wavelength",
          "Give \(OptionName.wavelength("0.0555")) (in m; this is Sentinel-1).")
      }
      centimetersPerUnit = 100 * wavelength / (4 * Double.pi)
    case .number:
      throw fail("its unit is 1", "Give a map of unwrapped phase, displacement or rate.")
    case nil:
      throw fail(
        "its unit is unknown", "Give \(OptionName.unit("cm")) (or m, mm, cm/yr, rad).")
    }
  }

  private static let unwrapFirst =
    "Unwrap it first, for example with 'ganinsar network apply' and the network that ships."

  private static func wavelength(_ description: RasterDescription) -> Double? {
    func number(_ key: String) -> Double? {
      description.metadata[key]?.split(whereSeparator: \.isWhitespace).first
        .flatMap { Double($0) }.flatMap { $0 > 0 && $0.isFinite ? $0 : nil }
    }
    for (key, factor) in wavelengthKeys { if let value = number(key) { return value * factor } }
    return number("radar_frequency").map { lightMetersPerSecond / $0 }
  }

  /// Whether a phase in rad lies within -pi and pi and jumps by more than half a turn: an unwrapped one
  /// that is small does not.
  static func isWrapped(_ raster: Raster) -> Bool {
    let (values, width) = (raster.values, raster.width)
    let half = Float.pi + 1e-3
    guard values.allSatisfy({ $0.isNaN || abs($0) <= half }) else { return false }
    var (jumps, edges) = (0, 0)
    func add(_ a: Float, _ b: Float) {
      guard a.isFinite, b.isFinite else { return }
      edges += 1
      if abs(a - b) > .pi { jumps += 1 }
    }
    for pixel in values.indices {
      if (pixel + 1) % width != 0 { add(values[pixel], values[pixel + 1]) }
      if pixel + width < values.count { add(values[pixel], values[pixel + width]) }
    }
    let fillsTheRange = values.contains { $0 < -3.1 } && values.contains { $0 > 3.1 }
    return jumps > 0 && (fillsTheRange || Double(jumps) > 1e-3 * Double(edges))
  }

  /// The values in cm; NaN where there are no data.
  package var centimeters: [Float] {
    raster.values.map { Float(Double($0) * centimetersPerUnit) }
  }
}
