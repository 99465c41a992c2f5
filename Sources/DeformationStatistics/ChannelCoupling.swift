import Kernel

/// How two quantities of the same ground depend on each other, over a set of maps that have both.
///
/// Every number comes with its control, in which the first quantity of each map is paired with the second
/// one of another map: what the same measure gives where nothing belongs together.
public struct ChannelCoupling: Sendable, Equatable, Codable {
  /// The names of the quantities.
  public let first: String
  public let second: String
  /// By wavelength, longest first.
  public let bands: [Band]
  /// Mutual information of the values of a pixel, in bits (`MutualInformation`).
  public let mutualInformationBits: WithControl
  /// The same after each map's mean is subtracted and its standard deviation divided out: without what maps
  /// of different scenes differ in as a whole.
  public let mutualInformationWithinMapsBits: WithControl

  /// A measure and its control.
  public struct WithControl: Sendable, Equatable, Codable {
    /// `nil` if no map has a value, because one of the quantities is constant.
    public let measured: Estimate?
    /// Of pairs of different maps.
    public let shuffled: Estimate?
  }

  /// An octave of wavelengths.
  public struct Band: Sendable, Equatable, Codable {
    public let longestPixels: Double
    public let shortestPixels: Double
    /// The mean over maps of the correlation of the two quantities at these wavelengths, -1 to 1.
    public let correlation: WithControl
    /// The mean over maps of its square, the squared coherence: also counts relations whose sign differs
    /// from map to map. Its control is above 0, more so at long wavelengths.
    public let squaredCoherence: WithControl
  }

  /// - Parameters:
  ///   - first, second: the quantities of the same maps, in the same order.
  /// - Throws: `DeformationStatisticsError` for sets of different sizes or numbers of maps, or fewer than
  ///   two maps, without which there is no control.
  public init(_ first: RatePatches, _ second: RatePatches, bootstrap: Bootstrap) throws {
    try first.checkSameSize(as: second)
    guard first.count == second.count, first.count >= 2 else {
      throw DeformationStatisticsError.tooFewPatches(
        set: second.name, count: second.count, needed: max(first.count, 2))
    }
    (self.first, self.second) = (first.name, second.name)
    let shifts = Self.shifts(first.count)
    bands = Self.bands(first, second, shifts, bootstrap)
    func information(withinMaps: Bool) -> WithControl {
      let pairs = MutualInformation(first, second, withinMaps: withinMaps)
      return WithControl(
        measured: pairs.bits(shifts: [0], bootstrap),
        shuffled: pairs.bits(shifts: shifts, bootstrap))
    }
    mutualInformationBits = information(withinMaps: false)
    mutualInformationWithinMapsBits = information(withinMaps: true)
  }

  /// By how many maps the second quantity is moved for the control: a third and two thirds of them.
  static func shifts(_ count: Int) -> [Int] {
    Set([max(1, count / 3), max(1, 2 * count / 3)]).sorted()
  }

  /// Cross-spectra: the correlation in a band is the sum of Re(A conj B) over its frequencies, divided by
  /// the root of the sums of |A|^2 and |B|^2. Means are subtracted and patches tapered as in
  /// `RadialSpectrum`. The imaginary part is no measure here: over all directions it sums to zero, since
  /// maps are real.
  private static func bands(
    _ first: RatePatches, _ second: RatePatches, _ shifts: [Int], _ bootstrap: Bootstrap
  ) -> [Band] {
    let size = first.size
    let transform = FourierTransform(length: size)
    let window = RadialSpectrum.hannWindow(size)
    // Band j has 2^j to 2^(j + 1) cycles per patch.
    let count = (size / 2).bitWidth - (size / 2).leadingZeroBitCount - 1
    let bandOfFrequency = (0..<size * size).map { place -> Int in
      let (row, column) = (place / size, place % size)
      let fy = Double(row <= size / 2 ? row : row - size)
      let fx = Double(column <= size / 2 ? column : column - size)
      let cycles = (fx * fx + fy * fy).squareRoot()
      return (0..<count).first { Double(1 << $0) <= cycles && cycles < Double(2 << $0) } ?? count
    }
    func spectrum(_ patch: [Float]) -> (real: [Double], imaginary: [Double]) {
      RadialSpectrum.transformed(patch, size: size, transform, window)
    }
    /// By shift, then by band; the first shift is 0.
    let correlations = Parallel.map(first.count) { map in
      let own = spectrum(first.patches[map])
      return ([0] + shifts).map { shift -> [Double?] in
        let other = spectrum(second.patches[(map + shift) % second.count])
        var sums = [(cross: Double, a: Double, b: Double)](
          repeating: (0, 0, 0), count: count + 1)
        for (place, band) in bandOfFrequency.enumerated() where band < count {
          let (ar, ai) = (own.real[place], own.imaginary[place])
          let (br, bi) = (other.real[place], other.imaginary[place])
          sums[band].cross += ar * br + ai * bi
          sums[band].a += ar * ar + ai * ai
          sums[band].b += br * br + bi * bi
        }
        return sums.prefix(count).map { sum in
          let norm = (sum.a * sum.b).squareRoot()
          return norm > 0 ? sum.cross / norm : nil
        }
      }
    }
    return (0..<count).map { band in
      func mean(_ shifts: Range<Int>, _ value: (Double) -> Double) -> Estimate? {
        bootstrap.mean(
          correlations.map { map in
            let found = shifts.compactMap { map[$0][band].map(value) }
            return found.isEmpty ? nil : found.reduce(0, +) / Double(found.count)
          }, of: .coupling)
      }
      func both(_ value: (Double) -> Double) -> WithControl {
        WithControl(measured: mean(0..<1, value), shuffled: mean(1..<shifts.count + 1, value))
      }
      return Band(
        longestPixels: Double(size) / Double(1 << band),
        shortestPixels: Double(size) / Double(2 << band), correlation: both { $0 },
        squaredCoherence: both { $0 * $0 })
    }
  }
}
