import Foundation
import Kernel
import RasterIO
import Rasters

/// The processing of a raster to a scene of a dataset, in this order: conversion to the unit and the
/// sign of the quantity (rates: cm/yr, positive toward the satellite); check of its range; amplitude
/// harmonization; division into halves; upsampling.
public struct ScenePreparation: Sendable, Equatable, Codable {
  /// What the scenes measure; `nil`: rates, as in datasets of earlier versions.
  public var quantity: Quantity?
  /// Converts phases to delays and errors of displacements or rates to phases; `nil`: refused.
  public var wavelengthMeters: Double?

  /// Scales scenes of different amplitudes to a common one.
  public struct Harmonization: Sendable, Equatable, Codable {
    /// After subtraction of the median, this percentile of |rate| ...
    public var percentile: Double
    /// ... becomes this rate.
    public var toRateCMPerYear: Double

    public init(percentile: Double = 99.5, toRateCMPerYear: Double = 25) {
      self.percentile = percentile
      self.toRateCMPerYear = toRateCMPerYear
    }

    /// The median of the valid values, and the percentile of their distances from it; `nil` without
    /// valid values.
    package func reach(of values: [Float]) -> (median: Double, reach: Double)? {
      let sorted = values.filter { !$0.isNaN }.ascending()
      guard !sorted.isEmpty else { return nil }
      let median = RateStatistics.percentile(50, ofSorted: sorted)
      let magnitudes = sorted.map { abs(Float(Double($0) - median)) }.ascending()
      return (median, RateStatistics.percentile(percentile, ofSorted: magnitudes))
    }

    /// Subtracts `median` and scales `reach` to the rate.
    package func apply(to values: inout [Float], median: Double, reach: Double) {
      let factor = toRateCMPerYear / reach
      for index in values.indices {
        values[index] = Float((Double(values[index]) - median) * factor)
      }
    }
  }

  public enum Halves: String, Sendable, Codable, CaseIterable {
    case whole
    case leftOnly
    case rightOnly
    /// The left half for training, the right half held out.
    case split
  }

  public var harmonisation: Harmonization?
  /// The time span in years by which displacements are divided; `nil`: a displacement is an error.
  public var displacementYears: Double?
  public var halves: Halves
  /// Scenes with a shorter side, in pixels, are enlarged by a whole factor.
  public var minimumSize: Int?
  /// Whole factors by scene name, which override `minimumSize`.
  public var upsampling: [String: Int]

  public init(
    harmonisation: Harmonization? = nil, displacementYears: Double? = nil,
    halves: Halves = .whole, minimumSize: Int? = nil, upsampling: [String: Int] = [:]
  ) {
    self.harmonisation = harmonisation
    self.displacementYears = displacementYears
    self.halves = halves
    self.minimumSize = minimumSize
    self.upsampling = upsampling
  }

  public static let largestUpsampling = 16
  /// The largest allowed factor of harmonization; the smallest is its inverse. A factor outside
  /// means that the values have another unit or are not rates.
  public static let largestHarmonization = 1e4

  /// What the scenes measure.
  public var measured: Quantity {
    get { quantity ?? .rate }
    set { quantity = newValue == .rate ? nil : newValue }
  }

  /// All faults of the settings, in terms of the options of `ganinsar prepare`.
  public func faults() -> [String] {
    var faults: [String] = []
    if measured != .rate {
      let only = "is for rates, and these are \(measured.words): leave it out."
      if harmonisation != nil { faults.append("\(OptionName.harmonize) \(only)") }
      if displacementYears != nil { faults.append("\(OptionName.displacementAsRate) \(only)") }
    }
    if let wavelengthMeters, !(0.001...10).contains(wavelengthMeters) {
      faults.append("\(OptionName.wavelength) is \(wavelengthMeters); give 0.001 to 10 m.")
    }
    if let harmonisation {
      if !(harmonisation.percentile > 0 && harmonisation.percentile <= 100) {
        faults.append(
          "\(OptionName.harmonizePercentile) is \(harmonisation.percentile); give a percentile up to 100."
        )
      }
      if !(1e-6...1e6).contains(harmonisation.toRateCMPerYear) {
        faults.append(
          "\(OptionName.harmonizeTo) is \(harmonisation.toRateCMPerYear); give a rate above 0, up to 1e6 cm/yr."
        )
      }
    }
    if let displacementYears, !(1e-4...1000).contains(displacementYears) {
      faults.append(
        "\(OptionName.displacementAsRate) is \(displacementYears); give years above 0, up to 1000.")
    }
    if let minimumSize, !(1...65_536).contains(minimumSize) {
      faults.append("\(OptionName.minimumSize) is \(minimumSize); give 1 to 65536 pixels.")
    }
    for (name, factor) in upsampling.sorted(by: { $0.key < $1.key })
    where !(1...Self.largestUpsampling).contains(factor) {
      faults.append(
        "\(OptionName.upsample("\(name)=\(factor)")): give 1 to \(Self.largestUpsampling).")
    }
    return faults
  }

  /// The scenes made from `source`: one, or two if it is split.
  ///
  /// - Parameter companions: further quantities of the scene, of its size. A pixel without data in one
  ///   map has none in all. They are divided and upsampled as the scene is; only the scene itself is
  ///   harmonized.
  /// - Throws: `DatasetError.unusableScene` for an unknown unit, a phase, a displacement without a
  ///   time span, no valid values, infinite or constant values, values outside the quantity's range,
  ///   companions of another size or without common pixels, or an excessive upsampling;
  ///   `.invalidConfiguration` for invalid settings.
  public func prepare(
    _ source: consuming SourceScene, with companions: consuming [CompanionSource] = []
  ) throws -> [PreparedScene] {
    let faults = faults() + faults(of: companions.map(\.quantity))
    guard faults.isEmpty else { throw DatasetError.invalidConfiguration(faults: faults) }
    var maps = [try converted(source, measured)]
    for companion in companions {
      maps.append(try converted(companion.source, companion.quantity))
    }
    let main = maps[0].source
    let lost = try Self.shareHoles(&maps)
    let notes = try maps.indices.flatMap { try settle(&maps[$0]) } + lost
    let (median, harmonisationFactor) = try harmonize(&maps[0].grid, path: main.path)
    return try pieces(width: maps[0].grid.width).map { half, columns in
      let name = halves == .split ? "\(main.name)-\(half?.rawValue ?? "")" : main.name
      let pieces = maps.map { $0.grid.columns(columns) }
      let upsampling = try upsamplingFactor(pieces[0], name: main.name, path: main.path)
      let final = pieces.map { Resampling.upsample($0, factor: upsampling) }
      let described = try zip(maps, final).map { map, grid in
        guard let statistics = RateStatistics(grid.values) else {
          throw DatasetError.unusableScene(
            path: main.path, problem: "its \(half?.rawValue ?? "whole") half has no data",
            remedy: "Leave the scene out, or prepare it whole.")
        }
        var origin = origin(of: map, half: half, upsampling: upsampling)
        if map.quantity == measured {
          origin.medianRemovedCMPerYear = median
          origin.harmonisationFactor = harmonisationFactor
        }
        return PreparedScene.Companion(
          quantity: map.quantity, origin: origin, statistics: statistics)
      }
      return PreparedScene(
        scene: RateScene(
          name: name, grid: final[0], companions: Array(final.dropFirst()),
          isHeldOut: main.isHeldOut || (halves == .split && half == .right)),
        origin: described[0].origin, statistics: described[0].statistics,
        companions: Array(described.dropFirst()), notes: notes)
    }
  }

  func converted(_ source: consuming SourceScene, _ quantity: Quantity) throws
    -> ConvertedMap
  {
    try source.checkValues()
    let (unit, magnitude) =
      try quantity == .rate ? factorToCMPerYear(source) : factorToUnit(source, quantity)
    let factor = magnitude * quantity.signFactor(source.losConvention)
    var source = source
    var grid = RateGrid(
      width: source.raster.width, height: source.raster.height, values: source.raster.values)
    source.raster.values = []  // so that a large scene is converted in place
    if factor != 1 {
      for index in grid.values.indices {
        grid.values[index] = Float(Double(grid.values[index]) * factor)
      }
    }
    return ConvertedMap(quantity: quantity, source: source, grid: grid, unit: unit, factor: factor)
  }

  /// Checks the range of a map's values.
  private func settle(_ map: inout ConvertedMap) throws -> [String] {
    let notes = try QuantityRange(map.quantity).settle(&map.grid.values, path: map.source.path)
    return map.quantity == measured ? notes : notes.map { "\(map.quantity.rawValue): \($0)" }
  }

  private func origin(of map: ConvertedMap, half: SceneHalf?, upsampling: Int)
    -> DatasetManifest.Origin
  {
    let (source, unit) = (map.source, map.unit)
    return DatasetManifest.Origin(
      source: source.path, sourceSHA256: source.sha256, sourceUnit: unit,
      unitSource: source.unitSource, sourceSign: source.losConvention,
      signSource: source.losSource,
      displacementYears: unit.kind == .displacement && map.quantity == .rate
        ? displacementYears : nil,
      wavelengthMeters: unit.kind == map.quantity.unit.kind ? nil : wavelengthMeters,
      factorToCMPerYear: map.factor, medianRemovedCMPerYear: 0, harmonisationFactor: 1, half: half,
      upsampling: upsampling, licence: source.licence,
      isSynthetic: SidecarManifest.isSynthetic(source.path))
  }

  /// Of quantities other than rates.
  private func factorToUnit(_ source: SourceScene, _ quantity: Quantity) throws -> (
    RasterUnit, Double
  ) {
    let unit = source.raster.unit
    do {
      return (
        unit ?? quantity.unit, try quantity.factor(from: unit, wavelengthMeters: wavelengthMeters)
      )
    } catch let problem as Quantity.UnitProblem {
      let isCompanion = quantity != measured && problem == .unknown
      throw DatasetError.unusableScene(
        path: source.path, problem: problem.text(quantity),
        remedy: isCompanion
          ? "State it, such as \(OptionName.unitOf("\(quantity.rawValue)=\(quantity.unit.rawValue)"))."
          : problem.remedy(quantity))
    }
  }

  private func factorToCMPerYear(_ source: SourceScene) throws -> (RasterUnit, Double) {
    func unusable(_ problem: String, _ remedy: String) -> DatasetError {
      .unusableScene(path: source.path, problem: problem, remedy: remedy)
    }
    guard let unit = source.raster.unit else {
      throw unusable("its unit is unknown", "State it, such as \(OptionName.unit("mm/yr")).")
    }
    switch unit.kind {
    case .rate: return (unit, try unit.factor(to: .centimetersPerYear))
    case .displacement:
      guard let displacementYears else {
        throw unusable(
          "it is a displacement (\(unit.rawValue)), not a rate",
          "Say over how many years with \(OptionName.displacementAsRate("YEARS")), or correct the unit with "
            + "\(OptionName.unit).")
      }
      return (unit, try unit.factor(to: .centimeters) / displacementYears)
    case .phase:
      throw unusable(
        "it is a phase (rad), not a rate",
        "Unwrap it and convert it to a rate first, or correct the unit with \(OptionName.unit).")
    case .number:
      throw unusable(
        "its unit is 1, which is not a rate",
        "Say what it measures, such as \(OptionName.quantity("coherence")), or correct the unit with "
          + "\(OptionName.unit).")
    }
  }

  /// Removes the median and scales, in place.
  private func harmonize(_ grid: inout RateGrid, path: String) throws -> (Double, Double) {
    guard let harmonisation else { return (0, 1) }
    // Scenes without valid values were refused before.
    guard let (median, reach) = harmonisation.reach(of: grid.values), reach > 0 else {
      throw DatasetError.unusableScene(
        path: path,
        problem: "\(harmonisation.percentile) % of its pixels equal its median, so there is "
          + "nothing to harmonize",
        remedy: "Give a higher \(OptionName.harmonizePercentile), or leave the scene out.")
    }
    let factor = harmonisation.toRateCMPerYear / reach
    guard (1 / Self.largestHarmonization...Self.largestHarmonization).contains(factor) else {
      throw DatasetError.unusableScene(
        path: path,
        problem: "\(harmonisation.percentile) % of its pixels lie within "
          + "\(Self.text(reach)) cm/yr of its median, and \(OptionName.harmonize) would multiply them by "
          + Self.text(factor),
        remedy:
          "Check the unit (\(OptionName.unit)) and for unmarked no-data values (\(OptionName.noData)): ganinsar info "
          + "shows both.")
    }
    harmonisation.apply(to: &grid.values, median: median, reach: reach)
    return (median, factor)
  }

  private static func text(_ number: Double) -> String { String(format: "%.3g", number) }

  /// The columns of each piece.
  private func pieces(width: Int) -> [(half: SceneHalf?, columns: Range<Int>)] {
    let middle = width / 2
    let left = (SceneHalf.left as SceneHalf?, 0..<middle)
    let right = (SceneHalf.right as SceneHalf?, middle..<width)
    return switch halves {
    case .whole: [(nil, 0..<width)]
    case .leftOnly: [left]
    case .rightOnly: [right]
    case .split: [left, right]
    }
  }

  private func upsamplingFactor(_ grid: RateGrid, name: String, path: String) throws -> Int {
    if let factor = upsampling[name] { return factor }
    let shorter = min(grid.width, grid.height)
    guard let minimumSize, shorter > 0 else { return 1 }
    let factor = (minimumSize + shorter - 1) / shorter
    guard factor <= Self.largestUpsampling else {
      throw DatasetError.unusableScene(
        path: path,
        problem: "\(grid.width)x\(grid.height) pixels would have to be enlarged \(factor) times "
          + "to reach \(OptionName.minimumSize("\(minimumSize)"))",
        remedy: "Leave the scene out; it would be mostly interpolated.")
    }
    return factor
  }
}
