import ArgumentParser
import DurableFiles
import Foundation
import Jobs
import RasterIO
import RateInversion
import RunSupport
import StackFiles

struct InvertCommand: SpeakingCommand {
  static let configuration = CommandConfiguration(
    commandName: "invert",
    abstract: "Fit a linear rate (cm/yr) and the height error to a stack of interferograms.",
    discussion: """
      Reads a folder that compose wrote, or MintPy's ifgramStack.h5. Writes the rate (positive toward \
      the satellite), the height error, their standard errors, the residual and the temporal \
      coherence, one file each, and inversion.json.
      """)

  @Argument(help: "A stack folder, or MintPy's inputs/ifgramStack.h5.")
  var stack: String
  @Option(name: .shortAndLong, help: "The folder to make.")
  var output: String
  @Flag(help: "Fit the wrapped phases: search, then refinement.")
  var wrapped = false
  @Option(help: "Rates searched with --wrapped, plus and minus, in cm/yr.")
  var rateLimit = 26.0
  @Option(help: "Height errors searched with --wrapped, plus and minus, in m.")
  var heightLimit = 50.0
  @Flag(help: "Take the height error as 0.")
  var noHeightError = false
  @Option(help: "inverse_variance, fisher_information, coherence or uniform.")
  var weighting = Weighting.inverseVariance.rawValue
  @Option(help: "Independent looks behind each coherence (default: what the stack says).")
  var looks: Double?
  @Option(
    help: """
      Pixel whose phase is subtracted from every interferogram: ROW,COLUMN from 0, 'stack' for the \
      stack's own, or 'none' (default: MintPy's REF_Y and REF_X where the file has them, else none).
      """)
  var reference: String?
  @Option(
    help: """
      Which phases to take: a dataset of MintPy's file such as unwrapPhase_bridging, or a layer of a \
      stack folder (default: the corrected phases where there are any).
      """)
  var dataset: String?
  @Option(help: "tif, npy, h5, png; several with commas (default: tif, or npy without GDAL).")
  var format: String?
  @Flag(help: "Replace what an earlier invert wrote there.")
  var overwrite = false
  @OptionGroup(title: "Messages") var messages: OutputOptions

  func run() throws {
    guard let weighting = Weighting(rawValue: weighting) else {
      throw ValidationError(
        "--weighting '\(weighting)' is unknown; choose from: "
          + Weighting.allCases.map(\.rawValue).joined(separator: ", ") + ".")
    }
    let formats = try ComposeCommand.list(
      format ?? (RasterFormat.tif.isAvailable ? "tif" : "npy"), of: RasterFormat.self,
      option: "--format")
    let source = try StackSource.open(stack, dataset: dataset)
    var settings = InversionSettings()
    settings.weighting = weighting
    settings.estimatesHeightError = !noHeightError
    var job = StackInversion(stack: source, settings: settings)
    if let looks { job.settings.looks = looks }
    job.usesWrappedPhases = wrapped
    job.search.rateLimitCMPerYear = rateLimit
    job.search.heightErrorLimitMeters = heightLimit
    if let reference { job.reference = try referencePixel(reference, of: source) }
    job.formats = formats

    Interruption.install(endingWithin: 1)
    let stopwatch = Stopwatch()
    let progress = ProgressReporter("inverting", total: source.geometry.height, unit: "rows")
    var report = try job.run(
      output: output,
      existing: overwrite ? .replace(ifItHolds: StackInversion.manifestName) : .refuse
    ) { progress.update(to: $0) }
    progress.finish()
    if reference == nil, let pixel = job.reference {
      report.notes.append(
        "phases are referred to pixel \(pixel.row),\(pixel.column), as the file says; --reference none "
          + "takes them as they are")
    }
    for note in report.notes { printNote("Note: \(note)") }
    for warning in report.warnings { printToStandardError("Warning: \(warning)") }
    if messages.json {
      return try printJSON(
        Summary(
          path: output, count: source.network.pairs.count, seconds: stopwatch.seconds,
          truthErrors: report.truthErrors, notes: report.notes, warnings: report.warnings))
    }
    for error in report.truthErrors {
      print(
        "\(error.name): rms error \(String(format: "%.4g", error.rootMeanSquare)) \(error.unit) against "
          + "the stack's truth (\(error.pixels) pixels)")
    }
    print(output)
  }

  /// What `--json` prints.
  private struct Summary: Encodable {
    var path: String
    var count: Int
    var kind = "interferograms"
    var seconds: Double
    var truthErrors: [StackInversion.Report.TruthError]
    var notes: [String]
    var warnings: [String]
  }

  private func referencePixel(_ reference: String, of source: StackSource) throws -> (
    row: Int, column: Int
  )? {
    if reference == "none" { return nil }
    if reference == "stack" {
      guard let pixel = source.referencePixel else {
        throw ValidationError("\(stack) states no reference pixel: give --reference ROW,COLUMN.")
      }
      return pixel
    }
    let numbers = reference.split(separator: ",").map { Int($0) }
    guard numbers.count == 2, let row = numbers[0], let column = numbers[1] else {
      throw ValidationError(
        "--reference '\(reference)' is no pixel: give ROW,COLUMN such as 12,40, 'stack' or 'none'.")
    }
    return (row, column)
  }
}
