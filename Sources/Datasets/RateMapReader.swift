import DurableFiles
import Foundation
import Kernel
import RasterIO
import Rasters
import Synchronization

/// A rate map in the unit and sign that all commands use, or a map of another quantity in its unit.
public struct RateMap: Sendable, Equatable {
  /// Rates in cm/yr, line of sight, positive toward the satellite; NaN where there is no data.
  public var raster: Raster
  /// The description of the file, before the unit and the sign were changed.
  public var description: RasterDescription
}

/// Reads rate maps for all commands, and converts them to cm/yr, positive toward the satellite.
///
/// A unit or a sign that the file does not state is taken from the manifest beside it, or else from
/// the caller's options. A missing unit is an error; a missing sign is assumed to be positive
/// toward the satellite, with a note.
public struct RateMapReader: Sendable {
  /// Facts about the files. A unit given here overrides that of the files.
  public var options: RasterReadOptions
  /// The unit of files that state none; `nil`: such a file is an error.
  public var unitWhereUnstated: RasterUnit?
  /// What is read; maps whose manifest states another quantity, or another kind of unit, are refused.
  public var quantity: Quantity
  /// Converts phases to delays, and errors to phases; `nil`: refused.
  public var wavelengthMeters: Double?
  /// Collects notes about assumptions and changes.
  public let notes: RateMapNotes

  public init(
    options: RasterReadOptions = RasterReadOptions(), unitWhereUnstated: RasterUnit? = nil,
    quantity: Quantity = .rate, notes: RateMapNotes = RateMapNotes()
  ) {
    self.options = options
    self.unitWhereUnstated = unitWhereUnstated
    self.quantity = quantity
    self.notes = notes
  }

  /// - Throws: `RasterError`, also `.doesNotFit` for a raster without a unit, one that is not a
  ///   rate, or one with undeclared values that look like no data.
  public func read(_ path: String) throws -> RateMap {
    let scene = try RasterReader.read(path, options: options)
    if let stated = scene.description.quantity, stated != quantity {
      throw RasterError.doesNotFit(
        path: path, reason: "it holds \(stated.words), not \(quantity.words)",
        remedy: "Give maps of one quantity.")
    }
    guard quantity == .rate else { return try readQuantity(scene, path) }
    guard let unit = scene.raster.unit ?? unitWhereUnstated else {
      throw RasterError.doesNotFit(
        path: path, reason: "it states no unit",
        remedy: "Give \(OptionName.unit("cm/yr")) (or m/yr, mm/yr).")
    }
    guard unit.kind == .rate else {
      throw RasterError.doesNotFit(
        path: path, reason: "its unit is \(unit.rawValue), which is not a rate",
        remedy: unit.kind == .displacement
          ? "Convert it to rates with ganinsar prepare \(OptionName.displacementAsRate("YEARS"))."
          : "Give a rate map, or state its unit with \(OptionName.unit).")
    }
    if let fills = scene.description.undeclaredFills {
      throw RasterError.doesNotFit(
        path: path, reason: fills.words(of: scene.raster.values.count),
        remedy: "If that means no data, pass \(fills.options) to ganinsar prepare or compose.")
    }
    notes.add(scene.description)
    let factor =
      try unit.factor(to: .centimetersPerYear) * scene.description.factorTowardSatellite
    var raster = scene.raster
    raster.unit = .centimetersPerYear
    if factor != 1 { raster.values = raster.values.map { Float(Double($0) * factor) } }
    return RateMap(raster: raster, description: scene.description)
  }

  private func readQuantity(_ scene: RasterScene, _ path: String) throws -> RateMap {
    let factor: Double
    do {
      factor =
        try quantity.factor(
          from: scene.raster.unit ?? unitWhereUnstated, wavelengthMeters: wavelengthMeters)
        * quantity.signFactor(scene.description.losConvention)
    } catch let problem as Quantity.UnitProblem {
      throw RasterError.doesNotFit(
        path: path, reason: problem.text(quantity), remedy: problem.remedy(quantity))
    }
    var raster = scene.raster
    raster.unit = quantity.unit
    if factor != 1 { raster.values = raster.values.map { Float(Double($0) * factor) } }
    _ = try QuantityRange(quantity).settle(&raster.values, path: path)
    return RateMap(raster: raster, description: scene.description)
  }
}

/// Collects what readers of rate maps assumed or changed, and reports each note once for all files
/// concerned.
///
/// All copies of a reader use the same object; a lock protects its lists.
public final class RateMapNotes: Sendable {
  private enum Kind { case turned, unstated, overruled, unitGiven, misplaced }
  private struct Names {
    var inOrder: [String] = []
    var all: Set<String> = []

    mutating func add(_ name: String) {
      if all.insert(name).inserted { inOrder.append(name) }
    }
  }
  private let files = Mutex<[Kind: Names]>([:])

  public init() {}

  /// - Parameter name: the name of the file in the notes; `nil` for its own name.
  public func add(_ description: RasterDescription, name: String? = nil) {
    let name = name ?? FilePath.name(description.path)
    files.withLock { files in
      func add(_ kind: Kind, _ why: String? = nil) {
        files[kind, default: Names()].add(why.map { "\(name) (\($0))" } ?? name)
      }
      if description.losConvention == nil { add(.unstated) }
      if description.losConvention == .awayFromSatellite { add(.turned, description.losSource) }
      if let overruled = description.losOverruled { add(.overruled, overruled) }
      if let size = description.disbelievedPixelSize {
        add(.misplaced, String(format: "pixels of %.6g x %.6g", size[0], size[1]))
      }
      if description.unitSource.hasPrefix("given (the file says") {
        files[.unitGiven, default: Names()].add("\(description.unitSource) in \(name)")
      }
    }
  }

  /// A sentence for each thing that was noted.
  public var sentences: [String] {
    signSentences + unitSentences + sentences(about: [.misplaced])
  }
  public var signSentences: [String] { sentences(about: [.turned, .unstated, .overruled]) }
  public var unitSentences: [String] { sentences(about: [.unitGiven]) }

  private func sentences(about kinds: [Kind]) -> [String] {
    let files = files.withLock { $0 }
    return kinds.compactMap { kind in
      guard let names = files[kind]?.inOrder, let first = names.first else { return nil }
      let list = names.count == 1 ? first : "\(first) and \(names.count - 1) more"
      switch kind {
      case .turned:
        return "\(list): positive away from the satellite; turned, so that toward is positive."
      case .unstated:
        return "\(list): the sign is not stated; taken as positive toward the satellite "
          + "(\(OptionName.losSign) says otherwise)."
      case .overruled: return "\(list): the format's convention gives way to \(OptionName.losSign)."
      case .misplaced:
        return
          "\(list): the place that is stated cannot be and is left out; ganinsar info says why."
      case .unitGiven: return "its unit is \(list)."
      }
    }
  }
}
