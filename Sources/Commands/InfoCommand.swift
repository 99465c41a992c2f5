import ArgumentParser
import Datasets
import Foundation
import RasterIO
import Rasters

struct InfoCommand: SpeakingCommand {
  static let configuration = CommandConfiguration(
    commandName: "info",
    abstract: "Show how raster files are interpreted: format, unit, no data, range, grid.",
    discussion: """
      Of a generator (.safetensors), it shows what its maps measure, their size and its scenes.

      A unit is read from the file or its format's convention, or given with --unit; the line \
      'unit' says which. Exits with 1 when a file cannot be read, after showing the others.
      """.withExamples(
        "ganinsar info velocity.h5", "ganinsar info scenes/*.tif --json",
        "ganinsar info subsidence.bin --width 640 --type float32 --unit mm/yr"))

  @Argument(
    help: "Raster files: GeoTIFF, MintPy .h5, LiCSBAS, ISCE, ROI_PAC, netCDF, .npy, flat binary.")
  var files: [String]
  @OptionGroup(title: "Reading") var reading: ReadingOptions
  @OptionGroup(title: "Units and sign") var units: UnitOptions
  @OptionGroup(title: "Messages") var messages: OutputOptions

  func run() throws {
    let options = reading.options(units)
    let json = messages.json
    var failed = false
    var reports = [FileReport]()
    for (index, path) in files.enumerated() {
      do {
        if path.hasSuffix(".safetensors") {
          let report = FileReport(model: try ModelSummary(path))
          if json { reports.append(report) } else { print((index > 0 ? "\n" : "") + report.text) }
          continue
        }
        let report = FileReport(path: path, scene: try RasterReader.read(path, options: options))
        if json {
          reports.append(report)
        } else {
          print((index > 0 ? "\n" : "") + report.text)
        }
      } catch {
        failed = true
        if json {
          reports.append(FileReport(path: path, error: "\(error)"))
        } else {
          printToStandardError("Error: \(error)")
        }
      }
    }
    if json {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      print(String(decoding: try encoder.encode(reports), as: UTF8.self))
    }
    if failed { throw ExitCode(1) }
  }
}

/// The facts about one file, as text and as JSON.
struct FileReport: Encodable {
  var path: String
  var error: String?
  var width: Int?
  var height: Int?
  var unit: String?
  var pixelSize: [Double]?
  var description: RasterDescription?
  var statistics: RasterStatistics?
  var flags: [String] = []
  var model: ModelSummary?
  private var georeference: Georeference?

  init(model: ModelSummary) {
    path = model.path
    self.model = model
  }

  enum CodingKeys: CodingKey {
    case model
    case path, error, width, height, unit, pixelSize, description, statistics, flags, georeference
  }

  init(path: String, error: String) {
    self.path = path
    self.error = error
  }

  init(path: String, scene: RasterScene) {
    self.path = path
    let raster = scene.raster
    width = raster.width
    height = raster.height
    unit = raster.unit?.rawValue
    georeference = raster.georeference
    pixelSize = raster.georeference?.pixelSize
    description = scene.description
    statistics = raster.statistics
    if scene.description.infiniteCount > 0 {
      flags.append("\(scene.description.infiniteCount) infinite values (--no-data inf masks them)")
    }
    if let statistics {
      if statistics.minimum == statistics.maximum { flags.append("every valid pixel is the same") }
    } else {
      flags.append("no valid pixel")
    }
  }

  private static func text(_ model: ModelSummary) -> String {
    let side = model.sizePixels.map { "\($0) x \($0) pixels" }
    let others = (model.companions ?? []).map { ", \($0.rawValue) (\($0.words))" }.joined()
    let units = ([model.quantity] + (model.companions ?? [])).map(\.unit.rawValue)
    return [
      model.path.printable,
      "  format       \(side == nil ? "detail" : "generator") of ganinsar",
      "  quantity     \(model.quantity.rawValue) (\(model.quantity.words))\(others)",
      "  unit         \(units.joined(separator: ", "))",
      "  shape        "
        + (side.map { model.drawsAnySize ? "any; trained on \($0)" : $0 }
          ?? "4 x 4 pixels for each pixel of a coarse map"),
      "  trained on   \(model.scenes.joined(separator: ", "))",
    ].joined(separator: "\n")
  }

  var text: String {
    if let model { return Self.text(model) }
    guard let description, let width, let height else { return "\(path.printable): \(error ?? "")" }
    var lines = [(String, String)]()
    var format = description.format
    if let dataset = description.dataset { format += ", dataset \(dataset)" }
    if description.bandCount > 1 {
      format += ", band \(description.band) of \(description.bandCount)"
    }
    lines.append(("format", "\(format), \(description.sampleType)"))
    lines.append(("shape", "\(height) x \(width) (rows x columns)"))
    if let quantity = description.quantity { lines.append(("quantity", quantity.rawValue)) }
    lines.append(("unit", "\(unit ?? "unknown") (\(description.unitSource))"))
    let percent = fixed(description.noDataShare * 100, 2)
    lines.append(
      ("no data", "\(percent) % (\(description.noDataCount) pixels): \(description.noDataSource)"))
    if let statistics {
      lines.append(
        ("range", "\(short(statistics.minimum)) to \(short(statistics.maximum))\(unitSuffix)"))
      lines.append(
        (
          "percentiles",
          "1 %: \(short(statistics.percentile1)), 50 %: \(short(statistics.median)), "
            + "99 %: \(short(statistics.percentile99)); "
            + "99.5 % of |v|: \(short(statistics.absolutePercentile995))"
        ))
    }
    lines.append(("pixel size", pixelText))
    lines.append(("CRS", description.crsName ?? "unknown"))
    lines.append(
      (
        "LOS sign",
        description.losConvention.map { "\($0.rawValue) (\(description.losSource))" }
          ?? description.losSource
      ))
    if let processor = description.processor { lines.append(("processor", processor)) }
    lines += flags.map { ("WARNING", $0) }
    lines += description.notes.map { ("note", $0) }
    return
      ([path.printable]
      + lines.map { "  " + $0.0.padding(toLength: 13, withPad: " ", startingAt: 0) + $0.1 })
      .joined(separator: "\n")
  }

  private var unitSuffix: String { unit.map { " \($0)" } ?? "" }

  private var pixelText: String {
    guard let georeference else {
      guard let size = description?.disbelievedPixelSize else { return "unknown (no georeference)" }
      return "unknown (\(short(size[0])) x \(short(size[1])) is stated and not believed)"
    }
    let size = georeference.pixelSize
    let meters = georeference.pixelSizeMeters
    guard georeference.isGeographic else {
      if georeference.crsWKT.isEmpty {
        return "\(short(size[0])) x \(short(size[1])) (x, y; taken as m, for want of a CRS)"
      }
      if meters == size { return "\(short(size[0])) x \(short(size[1])) m" }
      return "\(short(size[0])) x \(short(size[1])) (x, y; in the CRS's unit, "
        + "\(short(meters[0])) x \(short(meters[1])) m)"
    }
    return "\(short(size[0])) x \(short(size[1])) degrees (about \(fixed(meters[0], 1)) x "
      + "\(fixed(meters[1], 1)) m)"
  }

  private func fixed(_ value: Double, _ digits: Int) -> String {
    String(format: "%.\(digits)f", value)
  }
  private func short(_ value: Float) -> String { short(Double(value)) }
  private func short(_ value: Double) -> String { String(format: "%.6g", value) }
}
