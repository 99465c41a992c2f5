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
    abstract: "Estimate a linear rate (cm/yr) and the DEM error from a stack of interferograms.",
    discussion: """
      Reads a folder that compose wrote, or MintPy's ifgramStack.h5. Writes the rate (positive toward \
      the satellite), the DEM error, their standard errors, the residual and the temporal coherence, \
      one file each, and inversion.json.
      """.withExamples(
        "ganinsar invert stack -o inversion",
        "ganinsar invert stack -o inversion --wrapped --rate-limit 10 --no-height-error",
        "ganinsar invert inputs/ifgramStack.h5 -o inversion --weighting coherence --format tif,png")
  )

  @Argument(help: "A stack folder, or MintPy's inputs/ifgramStack.h5.")
  var stack: String
  @OptionGroup(title: "Phases") var phases: PhaseOptions
  @OptionGroup(title: "Estimation") var estimation: EstimationOptions
  @OptionGroup(title: "Output") var out: TargetOptions
  @OptionGroup(title: "Messages") var messages: OutputOptions

  struct PhaseOptions: ParsableArguments {
    @Option(
      help: .init(
        """
        The phases to use: a dataset of MintPy's file such as unwrapPhase_bridging, or a layer of a \
        stack folder (default: the corrected phases if there are any).
        """, valueName: "name"))
    var dataset: String?
    @Option(
      help: .init(
        """
        The pixel whose phase is subtracted from every interferogram: ROW,COLUMN from 0, 'stack' for \
        that of the stack, or 'none' (default: MintPy's REF_Y and REF_X if the file has them, else \
        none).
        """, valueName: "pixel"))
    var reference: String?
    @Flag(help: "Use the wrapped phases: a search, then a refinement.")
    var wrapped = false
    @Option(
      help:
        "With --wrapped: a grid and its refinement, or simulated annealing (Duan et al., 2019), to compare with."
    )
    var method = RateSearchMethod.grid
    @Option(help: .init("With --method annealing: the random numbers.", valueName: "number"))
    var seed: UInt64 = 0
    @Option(help: .init("With --wrapped: the largest rate, in cm/yr.", valueName: "cm/yr"))
    var rateLimit = 26.0
    @Option(help: .init("With --wrapped: the largest DEM error, in m.", valueName: "m"))
    var heightLimit = 50.0
  }

  struct EstimationOptions: ParsableArguments {
    @Flag(help: "Assume a DEM error of 0.")
    var noHeightError = false
    @Option(help: "Weights of the interferograms.")
    var weighting = Weighting.inverseVariance
    @Option(
      help: .init(
        "Number of independent looks of each coherence (default: as the stack states).",
        valueName: "number"))
    var looks: Double?
  }

  struct TargetOptions: ParsableArguments {
    @Option(name: .shortAndLong, help: .init("The folder to create.", valueName: "folder"))
    var output: String
    @Option(
      help: .init(
        "File formats, separated by commas (default: tif, or npy in a build without GDAL).",
        valueName: "format,..."))
    var format: ChoiceList<RasterFormat>?
    @Flag(help: "Replace the output of an earlier invert.")
    var overwrite = false
  }

  func run() throws {
    let output = out.output
    let reference = phases.reference
    let source = try StackSource.open(stack, dataset: phases.dataset)
    var settings = InversionSettings()
    settings.weighting = estimation.weighting
    settings.estimatesHeightError = !estimation.noHeightError
    var job = StackInversion(stack: source, settings: settings)
    if let looks = estimation.looks { job.settings.looks = looks }
    job.usesWrappedPhases = phases.wrapped
    job.search.method = phases.method
    job.search.seed = phases.seed
    job.search.rateLimitCMPerYear = phases.rateLimit
    job.search.heightErrorLimitMeters = phases.heightLimit
    if let reference { job.reference = try referencePixel(reference, of: source) }
    job.formats = out.format?.choices ?? [RasterFormat.tif.isAvailable ? .tif : .npy]

    Interruption.install(endingWithin: 1)
    let stopwatch = Stopwatch()
    let progress = ProgressReporter("inverting", total: source.geometry.height, unit: "rows")
    var report = try job.run(
      output: output,
      existing: out.overwrite ? .replace(ifItHolds: StackInversion.manifestName) : .refuse
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
      let correlation =
        error.correlation.map { "correlation \(String(format: "%.3f", $0)) with the truth, " } ?? ""
      print(
        "\(error.name): \(correlation)rms error \(String(format: "%.4g", error.rootMeanSquare)) \(error.unit) "
          + "(\(error.pixels) pixels)")
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
        "--reference '\(reference)' is not a pixel: give ROW,COLUMN such as 12,40, 'stack' or 'none'."
      )
    }
    return (row, column)
  }
}
