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
      simulate write, or an .npy stack [N, H, W]. Writes metrics.json and the page report.html. Every \
      number comes with its interval and its control, real patches against real patches. Of sets with \
      several quantities the first one is compared, or that of --quantity; without that option, also how \
      the quantities depend on each other. See docs/evaluation.md.
      """.withExamples(
        "ganinsar evaluate --real dataset --set model=maps -o evaluation",
        "ganinsar evaluate --real dataset --held-out --set gan=maps --set sun=sun -o evaluation",
        "ganinsar evaluate --real real.npy --set model=maps.npy --count 512 --mode clean -o evaluation"
      ))

  @OptionGroup(title: "Sets") var sets: SetOptions
  @OptionGroup(title: "Units and sign") var units: MissingUnitOptions
  @OptionGroup(title: "Metrics") var metrics: MetricOptions
  @OptionGroup(title: "Inception network") var network: NetworkOptions
  @OptionGroup(title: "Output") var out: TargetOptions
  @OptionGroup(title: "Reproducibility") var reproducibility: SeedOptions
  @OptionGroup(title: "Messages") var messages: OutputOptions

  struct SetOptions: ParsableArguments {
    @Option(help: .init("The real set.", valueName: "path"))
    var real: String
    @Option(help: .init("A set to measure; repeatable.", valueName: "name=path"))
    var set: [String] = []
    @Option(help: .init("Largest number of samples of each set.", valueName: "number"))
    var count = 2048
    @Option(
      help: .init(
        "Side of patches drawn from datasets (default: that of the other sets, else 256).",
        valueName: "pixels"))
    var patchSize: Int?
    @Flag(
      inversion: .prefixedNo,
      help: "Apply the conditional filter to patches drawn from datasets.")
    var filter = true
    @Flag(help: "Draw patches from the held-out scenes of datasets.")
    var heldOut = false
    @Option(help: "What sets measure that do not say it (default: rate); all must be alike.")
    var quantity: Quantity?
    @Flag(help: "The sets are folders of PNG images.")
    var pictures = false
  }

  struct MetricOptions: ParsableArguments {
    @Option(help: .init("k of precision, recall, density and coverage.", valueName: "k"))
    var neighbors = 5
    @Option(
      help: .init("Number of resamples for each interval; 0 for no intervals.", valueName: "number")
    )
    var resamples = 40
    @Option(
      help: .init("The satellite, for the phase in which fringes are counted.", valueName: "name"))
    var sensor = Sensor.sentinel1
    @Option(help: .init("The time that this phase spans.", valueName: "days"))
    var days = 365.0
  }

  struct NetworkOptions: ParsableArguments {
    @Option(
      help: .init(
        "Inception weights, .pth or .safetensors (default: the file in GANINSAR_INCEPTION).",
        valueName: "file"))
    var weights: String?
    @Flag(help: "Accept weights whose values are not the published ones.")
    var unverifiedWeights = false
    @Option(help: "Preprocessing, as pytorch-fid (fid) or as clean-fid (clean).")
    var mode = PreprocessingMode.fid
    @Option(
      help: .init(
        "The rate that is white in the images for the network; its negative is black (default: 15; for other quantities, docs/components.md).",
        valueName: "cm/yr"))
    var limit: Double?
    @Option(
      help: .init(
        "Folder in which features are kept (default: the user's cache folder).", valueName: "folder"
      ))
    var cache: String?
    @Flag(help: "Neither use features from the cache nor keep any.")
    var noCache = false
  }

  struct TargetOptions: ParsableArguments {
    @Option(name: .shortAndLong, help: .init("The folder to create.", valueName: "folder"))
    var output: String
    @Flag(help: "Also write the images that the network sees, to OUT/pictures.")
    var writePictures = false
    @Flag(help: "Replace the output of an earlier evaluate.")
    var overwrite = false
  }

  struct SeedOptions: ParsableArguments {
    @Option(
      help: .init("The seed of patches drawn from datasets and of intervals.", valueName: "number"))
    var seed: UInt64 = 0
  }

  private static let recordName = "metrics.json"

  func run() throws {
    Interruption.install(endingWithin: 1)
    let job = try makeJob()
    try AtomicFolder.write(
      to: out.output, existing: out.overwrite ? .replace(ifItHolds: Self.recordName) : .refuse
    ) { folder in
      let result = try job.run(EvaluationProgress().show)
      let json = try OrderedJSON.text(of: result.record)
      try AtomicFile.write(Data(json.utf8), to: "\(folder)/\(Self.recordName)")
      let page = try EvaluationReport(
        result, command: "ganinsar " + Program.arguments.joined(separator: " "),
        created: Date().formatted(.iso8601))
      try page?.writeHTML(to: "\(folder)/report.html")
      try page?.writeJSON(to: "\(folder)/report.json")
      if out.writePictures {
        for images in result.images {
          try images.write(folder: "\(folder)/pictures/\(images.name)")
        }
      }
      print(messages.json ? json : Self.table(result.record), terminator: messages.json ? "" : "\n")
    }
    if messages.json { return }
    print("\nWrote \(out.output)" + (sets.pictures ? "." : ": open report.html in a browser."))
  }

  private static func table(_ record: EvaluationRecord) -> String {
    ([metrics(record)] + [MetricsTable(record).coupling].compactMap { $0 })
      .joined(separator: "\n\n")
  }

  /// Without the network, a table of features would be a table of dashes.
  private static func metrics(_ record: EvaluationRecord) -> String {
    guard record.network == nil, record.real.deformation != nil else { return record.table }
    let missing = record.missing.map { "missing: \($0)" }
    return ([MetricsTable(record).physics, ""] + missing).joined(separator: "\n")
  }

  private func makeJob() throws -> EvaluationJob {
    var settings = EvaluationSettings()
    settings.mode = network.mode
    settings.count = sets.count
    settings.seed = reproducibility.seed
    settings.patchSize = sets.patchSize
    settings.filter = sets.filter
    settings.heldOut = sets.heldOut
    settings.quantity = sets.quantity == .rate ? nil : sets.quantity
    settings.limit = network.limit
    settings.image = RateImageRule(sets.quantity ?? .rate, limit: network.limit)
    settings.neighbors = metrics.neighbors
    settings.resamples = metrics.resamples
    settings.unit = units.unit
    settings.losSign = units.losSign
    settings.sensor = metrics.sensor
    settings.days = metrics.days
    var job = EvaluationJob(
      real: sets.real, sets: try sets.set.map { try NamedPath(parsing: $0) }, settings: settings)
    job.arePictures = sets.pictures
    job.backend = .libTorch(
      weights: network.weights, allowUnverified: network.unverifiedWeights)
    job.cache =
      network.noCache ? nil : FeatureCache(folder: network.cache ?? FeatureCache.standardFolder())
    job.program = ProgramVersion.name
    return job
  }
}

/// Shows an evaluation's events on stderr.
private final class EvaluationProgress {
  private var step: (title: String, progress: ProgressReporter)?

  func show(_ event: EvaluationJob.Event) {
    switch event {
    case .features(let set, let done, let total):
      show("features", "pictures", done, total, set)
    case .comparing(let set, let done, let total):
      show("comparing", "sets", done, total, set)
    case .measuring(let set, let done, let total):
      show("measuring in physical units", "sets", done, total, set)
    case .embedding: printNote("laying out all sets (t-SNE)")
    case .warning(let text): printToStandardError("Warning: \(text)")
    }
  }

  private func show(_ title: String, _ unit: String, _ done: Int, _ total: Int, _ set: String) {
    if step?.title != title {
      step = (
        title, ProgressReporter(title, total: total, unit: unit, announcesTime: true)
      )
    }
    if done == total {
      step?.progress.update(to: done)
      step?.progress.finish(detail: "")
    } else {
      step?.progress.update(to: done, detail: set)
    }
  }
}
