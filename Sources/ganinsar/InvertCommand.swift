import ArgumentParser
import RasterIO
import RateInversion
import RunSupport
import StackIO

struct InvertCommand: ParsableCommand {
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
      Pixel whose phase is subtracted from every interferogram, ROW,COLUMN from 0; 'stack' for the \
      stack's own; by default phases are taken as they are.
      """)
  var reference: String?
  @Option(help: "tif, npy, h5, png; several with commas (default: tif, or npy without GDAL).")
  var format: String?
  @Flag(help: "Replace what an earlier invert wrote there.")
  var overwrite = false

  func run() throws {
    guard let weighting = Weighting(rawValue: weighting) else {
      throw ValidationError(
        "--weighting '\(weighting)' is unknown; choose from: "
          + Weighting.allCases.map(\.rawValue).joined(separator: ", ") + ".")
    }
    let formats = try ComposeCommand.list(
      format ?? (RasterFormat.tif.isAvailable ? "tif" : "npy"), of: RasterFormat.self,
      option: "--format")
    let source = try StackSource.open(stack)
    var settings = InversionSettings()
    settings.weighting = weighting
    settings.estimatesHeightError = !noHeightError
    var job = StackInversion(stack: source, settings: settings)
    if let looks { job.settings.looks = looks }
    job.usesWrappedPhases = wrapped
    job.search.rateLimitCMPerYear = rateLimit
    job.search.heightErrorLimitMeters = heightLimit
    job.reference = try referencePixel(source)
    job.formats = formats

    Interruption.install()
    let progress = ProgressReporter("inverting", total: source.geometry.height, unit: "rows")
    try job.run(
      output: output,
      existing: overwrite ? .replace(ifItHolds: StackInversion.manifestName) : .refuse
    ) { progress.update(to: $0) }
    progress.finish()
    print(output)
  }

  private func referencePixel(_ source: StackSource) throws -> (row: Int, column: Int)? {
    guard let reference else { return nil }
    if reference == "stack" {
      guard let pixel = source.referencePixel else {
        throw ValidationError("\(stack) states no reference pixel: give --reference ROW,COLUMN.")
      }
      return pixel
    }
    let numbers = reference.split(separator: ",").map { Int($0) }
    guard numbers.count == 2, let row = numbers[0], let column = numbers[1] else {
      throw ValidationError(
        "--reference '\(reference)' is no pixel: give ROW,COLUMN such as 12,40, or 'stack'.")
    }
    return (row, column)
  }
}
