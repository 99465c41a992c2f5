import ArgumentParser
import Commands
import DurableFiles
import Foundation
import InSARPhase
import Jobs
import PhaseNetworks
import RasterIO
import RunSupport
import Settings
import StackFiles
import TorchProcesses

struct NetworkTrainCommand: SpeakingCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Train a network that filters and unwraps interferograms.",
    discussion: """
      Takes a dataset that 'ganinsar dataset --recipe networks' wrote; or what 'ganinsar dataset' takes \
      (rate maps, a preset, a generator), and composes every sample when it is needed, without \
      writing any. Writes a numbered folder below RUNS: config.yaml, log.txt, stats.jsonl, \
      checkpoints/ (the last two) and network.safetensors, which 'ganinsar network apply' reads. \
      Ctrl-C and --minutes save; --resume continues exactly there.

      Several processes train one network together when torchrun or srun starts them, as in \
      'ganinsar train --help'; batchSize is the total over all of them.
      """.withExamples(
        "ganinsar network train maps -o runs --seed 1",
        "ganinsar network train mixed -o runs --maps 200 --map-size 256 --iterations 2000",
        "ganinsar network train training -o runs --set architecture.stages=twoStage",
        "ganinsar network train maps --resume runs/00000-network --minutes 30"))

  @Argument(
    help: .init(
      "A dataset; or rate maps or folders of them; or a preset; or a generator.",
      valueName: "source"))
  var sources: [String] = []
  @OptionGroup(title: "Output") var out: TargetOptions
  @OptionGroup(title: "Settings") var settings: SettingOptions
  @OptionGroup(title: "Samples that are composed") var samples: SampleOptions
  @OptionGroup(title: "Units and sign") var units: UnitOptions
  @OptionGroup(title: "Starting point") var start: StartOptions
  @OptionGroup(title: "Execution") var execution: ProcessOptions
  @OptionGroup(title: "Messages") var messages: OutputOptions

  struct TargetOptions: ParsableArguments {
    @Option(
      name: .shortAndLong,
      help: .init("The folder in which run folders are numbered.", valueName: "runs"))
    var output = "runs"
  }

  struct SettingOptions: ParsableArguments {
    @Option(help: .init("A YAML file of settings.", valueName: "file"))
    var config: String?
    @Option(
      name: .long, parsing: .singleValue,
      help: .init(
        "One setting, such as architecture.channels=8; repeatable.", valueName: "key=value"))
    var set: [String] = []
    @Option(
      help: .init("Length of the run; the same as --set iterations=N.", valueName: "number"))
    var iterations: Int?
    @Option(
      help: .init(
        "The seed of the network and of composed samples.", valueName: "number"))
    var seed: UInt64?
  }

  struct SampleOptions: ParsableArguments {
    @Option(
      help: .init("A recipe that ships, or a YAML file (default: networks).", valueName: "recipe"))
    var recipe: String?
    @Option(
      help: .init(
        "One setting of the recipe, such as model.decorrelation.looks=5; repeatable.",
        valueName: "key=value"))
    var recipeSet: [String] = []
    @Option(
      help: .init("Width and height of a sample (default: the recipe's).", valueName: "pixels"))
    var size: Int?
    @Option(help: .init("Number of maps of a preset or a generator.", valueName: "number"))
    var maps: Int?
    @Option(
      help: .init("Width and height of those maps (default: of a sample).", valueName: "pixels"))
    var mapSize: Int?

    var areGiven: Bool {
      recipe != nil || !recipeSet.isEmpty || size != nil || maps != nil || mapSize != nil
    }
  }

  struct StartOptions: ParsableArguments {
    @Option(
      help: .init(
        "A run folder to continue, with the same sources; --set may change execution.* and output.*.",
        valueName: "run"))
    var resume: String?
    @Option(
      help: .init("Save and stop after this time; --resume continues.", valueName: "minutes"))
    var minutes: Double?
  }

  func validate() throws {
    if sources.isEmpty {
      throw ValidationError("Give a dataset, rate maps, a preset or a generator.")
    }
    try require("--iterations", settings.iterations, in: 1...1_000_000_000)
    try require("--size", samples.size, in: 4...8192, unit: "pixels")
    try require("--maps", samples.maps, in: 1...1_000_000_000)
    try require("--map-size", samples.mapSize, in: 4...65_536, unit: "pixels")
    try require("--minutes", start.minutes, in: 0.001...1_000_000, unit: "minutes")
    if start.resume != nil, settings.config != nil || settings.iterations != nil {
      throw ValidationError(
        "--resume continues with the settings of the run: leave out --config and --iterations.")
    }
  }

  func run() throws {
    Interruption.install()
    let processes = try execution.processes()
    do {
      try train(try prepared(processes), processes)
    } catch  where !(error is ExitCode) {
      throw processes.explained(error)
    }
  }

  private func prepared(_ processes: TrainingProcesses) throws -> NetworkRun {
    let (training, validation, names) = try material(processes)
    if let resume = start.resume {
      return try .resume(
        resume, samples: training, validation: validation, sources: names, sets: settings.set,
        processes: processes)
    }
    let shortcuts = [
      settings.iterations.map { "iterations=\($0)" }, settings.seed.map { "seed=\($0)" },
    ].compactMap { $0 }
    return try .start(
      ConfigurationOverlay.resolve(
        defaults: NetworkConfiguration(), yamlFile: settings.config,
        sets: settings.set + shortcuts),
      samples: training, validation: validation, sources: names, root: out.output,
      processes: processes)
  }

  private func train(_ run: NetworkRun, _ processes: TrainingProcesses) throws {
    let stopwatch = Stopwatch()
    // Only one of several processes speaks.
    let progress: ProgressReporter? =
      processes.isFirst
      ? ProgressReporter(
        "training", total: run.iterations, unit: "iterations", startingAt: run.iteration) : nil
    if processes.isFirst {
      printNote("\(run.folder.path): \(try run.parameterCount()) parameters")
    }
    let limit = start.minutes.map { $0 * 60 }
    var detail = ""
    try run.run { event in
      switch event {
      case .iteration(let iteration): progress?.update(to: iteration, detail: detail)
      case .statistics(let line):
        detail = "phase \(line.phaseLoss.decimals(3))  edges \(line.edgeLoss.decimals(4))"
      }
      return !Interruption.isRequested && limit.map { stopwatch.seconds < $0 } ?? true
    }
    progress?.finish()
    if processes.isFirst {
      if messages.json {
        try printJSON(
          Summary(
            path: run.folder.path, iterations: run.iteration, isFinished: run.isFinished,
            seconds: stopwatch.seconds))
      } else {
        print(run.folder.path)
      }
    }
    guard !run.isFinished else { return }
    if processes.isFirst {
      printNote(
        "saved; continue with: ganinsar network train \(sources.joined(separator: " ")) --resume "
          + run.folder.path)
    }
    if start.minutes == nil || Interruption.isRequested {
      throw ExitCode(RunExitCode.interrupted.rawValue)
    }
  }

  /// What `--json` prints.
  private struct Summary: Encodable {
    var path: String
    var iterations: Int
    var isFinished: Bool
    var seconds: Double
  }

  /// The samples for training and for evaluation during it, and what they are made of.
  private func material(_ processes: TrainingProcesses) throws -> (
    PhaseSamples, PhaseSamples?, [String]
  ) {
    if sources.count == 1, let dataset = dataset(sources[0]) {
      if samples.areGiven {
        throw ValidationError(
          "\(dataset) is a dataset: --recipe, --recipe-set, --size, --maps and --map-size are for "
            + "samples that are composed.")
      }
      let hasParts = SampleDataset.isDataset("\(dataset)/train")
      let validation =
        SampleDataset.isDataset("\(dataset)/validation")
        ? try PhaseSamples(dataset: dataset, part: "validation") : nil
      return (
        try PhaseSamples(dataset: dataset, part: hasParts ? "train" : ""), validation, [dataset]
      )
    }
    // The first process writes the maps of a generator before the others look for them.
    var made: DatasetJob?
    _ = try processes.first("samples") {
      made = try self.job()
      return "ready"
    }
    let job = try made ?? self.job()
    if processes.isFirst { for note in job.notes { printNote("Note: \(note)") } }
    guard let training = try PhaseSamples(job, part: "train") else {
      throw ValidationError("There is no rate map to train on.")
    }
    return (training, try PhaseSamples(job, part: "validation"), sources)
  }

  private func dataset(_ path: String) -> String? {
    SampleDataset.isDataset("\(path)/train") || SampleDataset.isDataset(path) ? path : nil
  }

  private func job() throws -> DatasetJob {
    let shortcuts = [
      settings.seed.map { "seed=\($0)" }, samples.size.map { "samples.size=\($0)" },
    ].compactMap { $0 }
    let recipe = try ConfigurationOverlay.resolveDrawn(
      defaults: DatasetRecipe(),
      yamlFile: ShippedConfigurations.path(of: samples.recipe ?? "networks", kind: .recipe),
      sets: samples.recipeSet + PhaseSamples.recipeSets + shortcuts,
      fixed: DatasetRecipe.fixedKeys)
    var given = RateSources(sources)
    (given.maps, given.mapSize) = (samples.maps, samples.mapSize)
    given.options = RasterReadOptions(unit: units.unit, losConvention: units.losSign)
    return try DatasetJob(
      maps: given.resolved(
        recipe.typical, folder: FilePath.trimmed(out.output) + ".maps", count: nil,
        size: recipe.typical.samples.size),
      recipe: recipe)
  }
}
