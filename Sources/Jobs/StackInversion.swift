import DurableFiles
import Foundation
import InSARPhase
import Kernel
import RasterIO
import Rasters
import RateInversion
import Settings
import StackFiles

/// Estimates rates from a stack in files, as `ganinsar invert` does.
package struct StackInversion: Sendable {
  package static let manifestName = "inversion.json"

  package var stack: StackSource
  /// Fit the wrapped phases instead of the unwrapped ones.
  package var usesWrappedPhases = false
  package var settings: InversionSettings
  /// The search grid for wrapped phases.
  package var search = RateSearch()
  /// The pixel whose phase is subtracted from each interferogram; `nil` for none. The initial value
  /// is the stack's reference pixel if its phases need one.
  package var reference: (row: Int, column: Int)?
  package var formats: [RasterFormat] = [.tif]
  /// Largest size of the planes in memory, in bytes.
  package var memoryBytes = 128 << 20

  /// - Parameter stack: its number of looks and its reference pixel are used as initial values.
  package init(stack: StackSource, settings: InversionSettings = InversionSettings()) {
    self.stack = stack
    self.settings = settings
    self.settings.looks = max(1, stack.equivalentLooks)
    reference = stack.needsReference ? stack.referencePixel : nil
  }

  /// An output plane.
  struct Result {
    var name: String
    var unit: String
    var meaning: String
    var values: [Float] = []
  }

  /// Inverts the stack and writes the folder `output` atomically.
  ///
  /// - Parameter progress: called with the number of finished rows.
  /// - Returns: information for the user.
  /// - Throws: `StackIOError`, `InversionError`, `RasterError`, `RunError`. It is also an error if
  ///   no pixel gets a rate.
  @discardableResult
  package func run(
    output: String, existing: AtomicFolder.Existing = .refuse, progress: (Int) -> Void = { _ in }
  ) throws -> Report {
    try validate()
    var report = Report()
    var job = self
    job.settings = plannedSettings(&report)
    try AtomicFolder.write(to: output, existing: existing) { folder in
      let results = try job.naming { try job.invert(progress, &report) }
      for result in results { try write(result, to: folder) }
      let text = try OrderedJSON.text(of: Manifest(job, results, report))
      try AtomicFile.write(Data(text.utf8), to: "\(folder)/\(Self.manifestName)")
    }
    return report
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
          "the reference pixel \(reference.row),\(reference.column) is outside the "
            + "\(height) rows and \(width) columns of \(stack.path), which count from 0; give "
            + "\(OptionName.reference("ROW,COLUMN")), or none to take the phases as they are")
      }
    }
    if needsCoherence && !stack.hasCoherence {
      faults.append(
        "\(stack.path) has no dataset 'coherence', from which the weights follow; give "
          + "\(OptionName.weighting("uniform")) to weigh all interferograms alike")
    }
    guard faults.isEmpty else { throw StackIOError.badJob(faults: faults) }
  }

  /// With equal weights the coherence is not needed and not read.
  private var needsCoherence: Bool { settings.weighting != .uniform }

  private func invert(_ progress: (Int) -> Void, _ report: inout Report) throws -> [Result] {
    let phase = usesWrappedPhases ? StackSource.Plane.wrapped : .unwrapped
    try stack.verify(needsCoherence ? [phase, .coherence] : [phase])
    let reference = try reference.map { place in
      try referencePhases(
        of: stack.phases(phase, row: place.row, column: place.column).map { [$0] }, pixel: 0,
        network: stack.network)
    }
    let rowBytes = 2 * stack.network.pairs.count * stack.geometry.width * 4
    let rowsAtOnce = max(1, memoryBytes / max(1, rowBytes))
    var inversion = try RowInversion(self)
    var results: [Result] = []
    for start in stride(from: 0, to: stack.geometry.height, by: rowsAtOnce) {
      try Interruption.check()
      let rows = start..<min(start + rowsAtOnce, stack.geometry.height)
      let part = try naming(firstRow: start) {
        try inversion.invert(
          phase: try planes(phase, rows: rows),
          coherence: needsCoherence ? try planes(.coherence, rows: rows) : nil,
          reference: reference)
      }
      if results.isEmpty {
        results = part
      } else {
        for index in part.indices { results[index].values += part[index].values }
      }
      progress(rows.upperBound)
    }
    try inversion.describe(results, &report)
    try check(results, report)
    try compareWithTruth(results, &report)
    return results
  }

  /// The same rows of each interferogram.
  private func planes(_ plane: StackSource.Plane, rows: Range<Int>) throws -> [[Float]] {
    try stack.network.pairs.indices.map { index in
      try Interruption.check()
      return try stack.plane(plane, index, rows: rows)
    }
  }

  private func write(_ result: Result, to folder: String) throws {
    let raster = Raster(
      width: stack.geometry.width, height: stack.geometry.height, values: result.values,
      unit: RasterUnit(parsing: result.unit), georeference: stack.georeference)
    for format in formats {
      // MintPy's velocity.h5 can hold only rates.
      if format == .h5 && raster.unit?.kind != .rate { continue }
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
    var program = ProgramVersion.name
    var signConvention = "rates are in the line of sight, positive toward the satellite"
    var phases: String
    var phaseDataset: String
    var settings: InversionSettings
    var search: RateSearch?
    var referenceRow: Int?
    var referenceColumn: Int?
    var network: InterferogramNetwork
    var geometry: StackGeometry
    var planes: [Plane]
    var errorsAgainstTruth: [Report.TruthError]?
    var notes: [String]

    init(_ inversion: StackInversion, _ results: [Result], _ report: Report) {
      phaseDataset = inversion.phaseDataset
      errorsAgainstTruth = report.truthErrors.isEmpty ? nil : report.truthErrors
      notes = report.notes + report.warnings
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
