import Foundation
import InSARPhase
import RasterIO
import RateInversion
import RunSupport

/// Rates fitted to a stack in files: what `ganinsar invert` does.
public struct StackInversion: Sendable {
  public static let manifestName = "inversion.json"

  public var stack: StackSource
  /// Fit the wrapped phases instead of the unwrapped ones.
  public var usesWrappedPhases = false
  public var settings: InversionSettings
  /// What is searched with wrapped phases.
  public var search = RateSearch()
  /// The pixel whose phase is subtracted from each interferogram; `nil` to take phases as they are.
  public var reference: (row: Int, column: Int)?
  public var formats: [RasterFormat] = [.tif]
  /// Planes of so many bytes are held at a time.
  public var memoryBytes = 128 << 20

  /// - Parameter stack: its looks become those of the settings.
  public init(stack: StackSource, settings: InversionSettings = InversionSettings()) {
    self.stack = stack
    self.settings = settings
    self.settings.looks = max(1, stack.equivalentLooks)
  }

  /// A plane that comes out.
  struct Result {
    var name: String
    var unit: String
    var meaning: String
    var values: [Float] = []
  }

  /// Inverts and writes the folder `output`; it appears when everything in it is written.
  ///
  /// - Parameter progress: called with the number of rows that are done.
  /// - Throws: `StackIOError`, `InversionError`, `RasterError`, `RunError`.
  public func run(
    output: String, existing: AtomicFolder.Existing = .refuse, progress: (Int) -> Void = { _ in }
  ) throws {
    try validate()
    try AtomicFolder.write(to: output, existing: existing) { folder in
      let results = try invert(progress)
      for result in results { try write(result, to: folder) }
      let text = try OrderedJSON.text(of: Manifest(self, results))
      try AtomicFile.write(Data(text.utf8), to: "\(folder)/\(Self.manifestName)")
    }
  }

  private func validate() throws {
    var faults: [String] = []
    if formats.isEmpty { faults.append("no file format was given") }
    for format in formats where !format.isAvailable {
      faults.append("this build cannot write \(format.rawValue) (it has no GDAL); use npy or png")
    }
    if let reference {
      let (height, width) = (stack.geometry.height, stack.geometry.width)
      if !(0..<height).contains(reference.row) || !(0..<width).contains(reference.column) {
        faults.append(
          "the reference pixel \(reference.row),\(reference.column) lies outside the stack's "
            + "\(height) rows and \(width) columns, which count from 0")
      }
    }
    guard faults.isEmpty else { throw StackIOError.badJob(faults: faults) }
  }

  private func invert(_ progress: (Int) -> Void) throws -> [Result] {
    let phase = usesWrappedPhases ? StackSource.Plane.wrapped : .unwrapped
    try stack.verify([phase, .coherence])
    let pairs = stack.network.pairs.indices
    let reference = try reference.map { place in
      let row = try pairs.map { try stack.plane(phase, $0, rows: place.row..<place.row + 1) }
      return try referencePhases(of: row, pixel: place.column, network: stack.network)
    }
    let rowBytes = 2 * pairs.count * stack.geometry.width * 4
    let rowsAtOnce = max(1, memoryBytes / max(1, rowBytes))
    let inversion = try RowInversion(self)
    var results: [Result] = []
    for start in stride(from: 0, to: stack.geometry.height, by: rowsAtOnce) {
      try Interruption.check()
      let rows = start..<min(start + rowsAtOnce, stack.geometry.height)
      let part = try inversion.invert(
        phase: try pairs.map { try stack.plane(phase, $0, rows: rows) },
        coherence: try pairs.map { try stack.plane(.coherence, $0, rows: rows) },
        reference: reference)
      if results.isEmpty {
        results = part
      } else {
        for index in part.indices { results[index].values += part[index].values }
      }
      progress(rows.upperBound)
    }
    return results
  }

  private func write(_ result: Result, to folder: String) throws {
    let raster = Raster(
      width: stack.geometry.width, height: stack.geometry.height, values: result.values,
      unit: RasterUnit(parsing: result.unit), georeference: stack.georeference)
    for format in formats {
      // MintPy's velocity.h5 holds rates and nothing else.
      if format == .h5 && raster.unit?.quantity != .rate { continue }
      let options = RasterWriteOptions(
        losConvention: result.name == "rate" ? .towardSatellite : nil,
        metadata: format == .tif
          ? ["MEANING": result.meaning, "QUANTITY": result.name]
          : ["WAVELENGTH": "\(stack.geometry.radar.wavelengthMeters)"], title: result.name)
      try RasterWriter.write(
        raster, to: "\(folder)/\(result.name).\(format.rawValue)", format: format, options: options)
    }
  }

  private struct Manifest: Encodable {
    struct Plane: Encodable {
      var name: String
      var unit: String
      var meaning: String
    }
    var content = "inversion of an interferogram stack"
    var signConvention = "rates are in the line of sight, positive toward the satellite"
    var phases: String
    var settings: InversionSettings
    var search: RateSearch?
    var referenceRow: Int?
    var referenceColumn: Int?
    var network: InterferogramNetwork
    var geometry: StackGeometry
    var planes: [Plane]

    init(_ inversion: StackInversion, _ results: [Result]) {
      phases = inversion.usesWrappedPhases ? "wrapped" : "unwrapped"
      settings = inversion.settings
      search = inversion.usesWrappedPhases ? inversion.search : nil
      referenceRow = inversion.reference?.row
      referenceColumn = inversion.reference?.column
      network = inversion.stack.network
      geometry = inversion.stack.geometry
      planes = results.map { Plane(name: $0.name, unit: $0.unit, meaning: $0.meaning) }
    }
  }
}
