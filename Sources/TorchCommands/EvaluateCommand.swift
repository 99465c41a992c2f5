import ArgumentParser
import Commands
import DurableFiles
import Evaluation
import EvaluationPage
import Foundation
import HTMLReport
import InSARPhase
import InceptionFeatures
import Rasters
import RunSupport
import Settings

struct EvaluateCommand: SpeakingCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: TorchPart.evaluate.abstract,
    discussion: """
      A set is a dataset (patches are drawn from it), a folder of rasters such as generate and \
      simulate write, or an .npy stack [N, H, W]. Writes metrics.json; every number stands beside \
      its interval and its control, real against real. See docs/evaluation.md.
      """)

  @Option(help: "The real set: a dataset, a folder of rasters, or an .npy stack.")
  var real: String
  @Option(help: "NAME=PATH: a set to measure. Repeat for more.")
  var set: [String] = []
  @Option(name: .shortAndLong, help: "The folder to make.")
  var output: String
  @Option(help: "Inception weights, .pth or .safetensors (default: GANINSAR_INCEPTION).")
  var weights: String?
  @Flag(help: "Take weights whose values are not the published ones.")
  var unverifiedWeights = false
  @Option(help: "fid (as pytorch-fid) or clean (as clean-fid).")
  var mode = "fid"
  @Option(help: "The most samples of each set.")
  var count = 2048
  @Option(help: "The seed of patches drawn from datasets and of intervals.")
  var seed: UInt64 = 0
  @Option(help: "Pixels a side of patches from datasets (default: as the other sets, else 256).")
  var patchSize: Int?
  @Flag(inversion: .prefixedNo, help: "Draw from datasets with the conditional filter.")
  var filter = true
  @Flag(help: "Draw from the held-out scenes of datasets.")
  var heldOut = false
  @Option(
    help: "The rate in cm/yr that is white in the pictures for the network; its negative is black.")
  var limit = 15.0
  @Option(help: "k of precision, recall, density and coverage.")
  var neighbors = 5
  @Option(help: "Draws behind each interval; 0 for none.")
  var resamples = 40
  @Option(help: "Unit of files that state none, such as cm/yr.")
  var unit: String?
  @Option(help: LOSConvention.optionHelp)
  var losSign: String?
  @Option(help: "Satellite of the phase that fringes and residues are counted in.")
  var sensor = "sentinel-1"
  @Option(help: "Days that the phase spans.")
  var days = 365.0
  @Flag(help: "The sets are folders of PNG pictures.")
  var pictures = false
  @Flag(help: "Also write the pictures that the network saw, into OUT/pictures.")
  var writePictures = false
  @Option(help: "Where features are kept (default: the user's cache folder).")
  var cache: String?
  @Flag(help: "Keep no features and use none that were kept.")
  var noCache = false
  @Flag(help: "Replace what an earlier evaluate wrote there.")
  var overwrite = false
  @OptionGroup(title: "Messages") var messages: OutputOptions

  private static let recordName = "metrics.json"

  func run() throws {
    Interruption.install(endingWithin: 1)
    let job = try self.job()
    try AtomicFolder.write(
      to: output, existing: overwrite ? .replace(ifItHolds: Self.recordName) : .refuse
    ) { folder in
      let result = try job.run(EvaluationProgress().show)
      let json = try OrderedJSON.text(of: result.record)
      try AtomicFile.write(Data(json.utf8), to: "\(folder)/\(Self.recordName)")
      let page = try EvaluationReport(
        result, command: "ganinsar " + Program.arguments.joined(separator: " "),
        created: Date().formatted(.iso8601))
      try page?.writeHTML(to: "\(folder)/report.html")
      try page?.writeJSON(to: "\(folder)/report.json")
      if writePictures {
        for images in result.images {
          try images.write(folder: "\(folder)/pictures/\(images.name)")
        }
      }
      print(messages.json ? json : result.record.table, terminator: messages.json ? "" : "\n")
    }
    if messages.json { return }
    print("\nWrote \(output)" + (pictures ? "." : ": open report.html in a browser."))
  }

  private func job() throws -> EvaluationJob {
    guard let mode = PreprocessingMode(rawValue: mode) else {
      throw ValidationError("--mode \(mode) is unknown; use fid or clean.")
    }
    guard let sensor = Sensor(rawValue: sensor) else {
      throw ValidationError(
        "--sensor \(sensor) is unknown; use "
          + Sensor.allCases.map(\.rawValue).joined(separator: ", ") + ".")
    }
    var settings = EvaluationSettings()
    settings.mode = mode
    settings.count = count
    settings.seed = seed
    settings.patchSize = patchSize
    settings.filter = filter
    settings.heldOut = heldOut
    settings.image = RateImageRule(limitCMPerYear: limit)
    settings.neighbors = neighbors
    settings.resamples = resamples
    settings.unit = try unit.map(RasterUnit.parse)
    settings.losSign = try losSign.map { try LOSConvention(option: $0) }
    settings.sensor = sensor
    settings.days = days
    var job = EvaluationJob(
      real: real, sets: try set.map { try NamedPath(parsing: $0) }, settings: settings)
    job.arePictures = pictures
    job.backend = .libTorch(weights: weights, allowUnverified: unverifiedWeights)
    job.cache = noCache ? nil : FeatureCache(folder: cache ?? FeatureCache.standardFolder())
    job.program = ProgramVersion.name
    return job
  }
}

/// Shows an evaluation's events on stderr.
private final class EvaluationProgress {
  private var reporter: (set: String, progress: ProgressReporter)?

  func show(_ event: EvaluationJob.Event) {
    switch event {
    case .features(let set, let done, let total):
      if reporter?.set != set {
        reporter = (set, ProgressReporter("features of \(set)", total: total, unit: "pictures"))
      }
      reporter?.progress.update(to: done)
      if done == total { reporter?.progress.finish() }
    case .comparing(let set): printNote("comparing \(set)")
    case .measuring(let set): printNote("measuring \(set) in physical units")
    case .embedding: printNote("laying out all sets (t-SNE)")
    case .warning(let text): printToStandardError("Warning: \(text)")
    }
  }
}
