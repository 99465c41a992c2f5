import Kernel

/// A fractal surface, for scenes without a DEM.
///
/// Real relief has profiles with spectral slopes of about 2 to 2.6; the difference of height at a
/// distance says how rough it is: 20 m at 1 km for hills, 150 m for mountains.
/// Source: Turcotte, Fractals and Chaos in Geology and Geophysics, 1997, chapter 7.
public struct SyntheticHeights: Sendable, Equatable, Codable {
  /// Root mean square difference of height between points `distanceMeters` apart.
  public var rmsDifferenceMeters = 60.0
  public var distanceMeters = 1000.0
  /// Of the two-dimensional power spectrum; that of a profile is smaller by one.
  public var slope2D = 3.4
  /// Wavelength above which the spectrum is flat.
  public var outerScaleMeters = 20_000.0

  public init() {}

  /// - Throws: `InSARPhaseError.settings` with all faults.
  public func validate() throws {
    var check = ParameterCheck()
    check.notNegative("rmsDifferenceMeters", rmsDifferenceMeters)
    check.inside("distanceMeters", distanceMeters, 100...1e7)
    check.inside("slope2D", slope2D, 0...8)
    check.positive("outerScaleMeters", outerScaleMeters)
    try check.throwFaults()
  }

  /// Heights in m of a stack's seed, [height x width], lowest 0.
  /// - Parameter fields: of other stacks; `nil`: makes its own.
  /// - Throws: `InSARPhaseError.settings`, `.outOfMemory`.
  package func meters(_ geometry: StackGeometry, stackSeed: UInt64, fields: SharedFields? = nil)
    throws -> [Float]
  {
    try validate()
    let spectrum = TurbulenceSpectrum(slopes2D: [slope2D], outerScaleMeters: outerScaleMeters)
    let scale = RandomField.Scale.difference(rmsDifferenceMeters, meters: distanceMeters)
    let key = CounterRandom(stackSeed, .stackHeights)
    let surface =
      try fields?.field(geometry, spectrum, scale).field(key)
      ?? RandomField(
        width: geometry.width, height: geometry.height, pixelSizeMeters: geometry.pixelSizeMeters,
        spectrum: spectrum, scale: scale
      ).field(key)
    return surface.withUnsafeBufferPointer { surface in
      var lowest = SIMD8<Float>(repeating: .greatestFiniteMagnitude)
      for pixel in stride(from: 0, through: surface.count - 8, by: 8) {
        var values = SIMD8<Float>()
        for lane in 0..<8 { values[lane] = surface[pixel + lane] }
        lowest = pointwiseMin(lowest, values)
      }
      var least = lowest.min()
      for pixel in surface.count / 8 * 8..<surface.count { least = min(least, surface[pixel]) }
      return Planes.filled(surface.count) { out in
        for pixel in 0..<surface.count { out[pixel] = surface[pixel] - least }
      }
    }
  }
}
