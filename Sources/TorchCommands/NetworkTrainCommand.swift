import ArgumentParser
import Commands
import Datasets
import DurableFiles
import Foundation
import InSARPhase
import Jobs
import NetworkRuns
import PhaseNetworks
import RasterIO
import RunSupport
import Settings
import StackFiles
import TorchProcesses

struct NetworkTrainCommand: SpeakingCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Train a network that unwraps interferograms, or one that removes the atmosphere.",
    discussion: """
      Takes a dataset that 'ganinsar dataset --recipe networks' wrote; or what 'ganinsar dataset' takes \
      (rate maps, a preset, a generator), and composes every sample when it is needed, without \
      writing any. Writes a numbered folder below RUNS: config.yaml, log.txt, stats.jsonl, \
      checkpoints/ (the last two) and network.safetensors, which 'ganinsar network apply' reads. \
      Ctrl-C and --minutes save; --resume continues exactly there.

      --task atmosphere trains a network that removes the atmosphere from maps of unwrapped phase, \
      displacement or rate: two generators and two discriminators learn from maps with atmosphere and \
      maps without, of which no two belong together. Both sets are composed with the recipe \
      'atmosphere'; or SOURCE are measured maps, and --without names clean ones.

      Several processes train one network together when torchrun or srun starts them, as in \
      'ganinsar train --help'; batchSize is the total over all of them.
      """.withExamples(
        "ganinsar network train maps -o runs --seed 1",
        "ganinsar network train mixed -o runs --maps 200 --map-size 256 --iterations 2000",
        "ganinsar network train training -o runs --set architecture.stages=twoStage",
        "ganinsar network train maps --resume runs/00000-network --minutes 30",
        "ganinsar network train maps --task atmosphere --atmosphere delays -o runs",
        "ganinsar network train unwrapped --task atmosphere --without clean --size 64"))

  @Argument(
    help: .init(
      "A dataset; or rate maps or folders of them; or a preset; or a generator.",
      valueName: "source"))
  var sources: [String] = []
  @OptionGroup(title: "Output") var out: TargetOptions
  @OptionGroup(title: "Settings") var settings: SettingOptions
  @OptionGroup(title: "Samples that are composed") var samples: SampleOptions
  @OptionGroup(title: "Measured maps (--task atmosphere)") var measured: MeasuredOptions
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
    @Option(help: "What the network learns: to filter and unwrap, or to remove the atmosphere.")
    var task = NetworkTask.unwrapping
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
      help: .init(
        "A recipe that ships, or a YAML file (default: networks, or atmosphere).",
        valueName: "recipe"))
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

    @Option(
      help: .init(
        "Delays (m, cm, mm or rad) in place of drawn turbulence: a map, or a folder of maps.",
        valueName: "path"))
    var atmosphere: String?

    var areGiven: Bool { areComposed || size != nil }

    /// Options of samples that are composed, besides their size.
    var areComposed: Bool {
      recipe != nil || !recipeSet.isEmpty || maps != nil || mapSize != nil || atmosphere != nil
    }
  }

  struct MeasuredOptions: ParsableArguments {
    @Option(
      help: .init(
        "A map without atmosphere, or a folder of them; repeatable. SOURCE are maps with it.",
        valueName: "path"))
    var without: [String] = []
    @Option(help: .init("For phases in files that do not state it.", valueName: "m"))
    var wavelength: Double?
  }

  struct StartOptions: ParsableArguments {
    @Option(
      help: .init(
        """
        A run folder to continue, with the same sources; --set may change execution.* and output.*, and \
        --iterations raise their number.
        """,
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
    try require("--wavelength", measured.wavelength, in: 1e-4...100, unit: "m")
    let task = settings.task
    let areMeasured = !measured.without.isEmpty
    if task != .atmosphere, areMeasured || measured.wavelength != nil {
      throw ValidationError("--without and --wavelength are for --task atmosphere.")
    }
    if measured.wavelength != nil, !areMeasured {
      throw ValidationError("--wavelength is for measured maps: give clean ones with --without.")
    }
    if areMeasured, samples.areComposed {
      throw ValidationError(
        "With --without, nothing is composed: leave out --recipe, --recipe-set, --maps, --map-size "
          + "and --atmosphere.")
    }
    if let path = samples.atmosphere, ModelSummary.isModel(path) {
      throw ValidationError(
        "\(path) is a model: draw maps with 'ganinsar generate', and give their folder to "
          + "--atmosphere.")
    }
    if start.resume != nil, settings.config != nil {
      throw ValidationError(
        "--resume continues with the settings of the run: leave out --config.")
    }
  }

  func run() throws {
    Interruption.install()
    let processes = try execution.processes()
    do {
      switch settings.task {
      case .unwrapping:
        try train(
          prepared(
            NetworkTrainer.self, NetworkConfiguration(), phaseMaterial(processes), processes),
          processes)
      case .atmosphere:
        try train(
          prepared(
            AtmosphereTrainer.self, AtmosphereConfiguration(), atmosphereMaterial(processes),
            processes), processes)
      }
    } catch  where !(error is ExitCode) {
      throw processes.explained(error)
    }
  }

  /// The samples for training and for evaluation during it, and what they are made of.
  private typealias Material<Samples> = (
    training: Samples, validation: Samples?, sources: [String]
  )

  private func prepared<Trainer: NetworkTraining>(
    _: Trainer.Type, _ defaults: Trainer.Settings, _ material: Material<Trainer.Samples>,
    _ processes: TrainingProcesses
  ) throws -> NetworkTrainingRun<Trainer> {
    let shortcuts = [
      settings.iterations.map { "iterations=\($0)" }, settings.seed.map { "seed=\($0)" },
    ].compactMap { $0 }
    if let resume = start.resume {
      return try .resume(
        resume, samples: material.training, validation: material.validation,
        sources: material.sources, sets: settings.set + shortcuts, processes: processes)
    }
    return try .start(
      ConfigurationOverlay.resolve(
        defaults: defaults, yamlFile: settings.config, sets: settings.set + shortcuts),
      samples: material.training, validation: material.validation, sources: material.sources,
      root: out.output, processes: processes)
  }

  private func train<Trainer: NetworkTraining>(
    _ run: NetworkTrainingRun<Trainer>, _ processes: TrainingProcesses
  ) throws {
    let task = settings.task == .unwrapping ? "" : " --task \(settings.task.rawValue)"
    try run.train(
      processes, minutes: start.minutes, printsJSON: messages.json,
      resumption: "ganinsar network train \(sources.joined(separator: " "))\(task)")
  }

  private func phaseMaterial(_ processes: TrainingProcesses) throws -> Material<PhaseSamples> {
    if let (dataset, training, validation) = try givenDataset() {
      return (
        try PhaseSamples(dataset: dataset, part: training),
        try validation.map { try PhaseSamples(dataset: dataset, part: $0) }, [dataset]
      )
    }
    let job = try composed("networks", PhaseSamples.recipeSets, processes)
    guard let training = try PhaseSamples(job, part: "train") else { throw Self.noMap }
    return (training, try PhaseSamples(job, part: "validation"), sources)
  }

  private func atmosphereMaterial(_ processes: TrainingProcesses) throws
    -> Material<AtmosphereSamples>
  {
    if !measured.without.isEmpty {
      let sets = try AtmosphereSamples(
        with: sources, without: measured.without, size: samples.size ?? 64,
        seed: settings.seed ?? 0,
        options: RasterReadOptions(unit: units.unit, losConvention: units.losSign),
        wavelengthMeters: measured.wavelength
      ) { note in
        if processes.isFirst { printNote("Note: \(note)") }
      }
      return (sets, nil, sources + measured.without.map { "without: \($0)" })
    }
    if let (dataset, training, validation) = try givenDataset() {
      return (
        try AtmosphereSamples(dataset: dataset, part: training),
        try validation.map { try AtmosphereSamples(dataset: dataset, part: $0) }, [dataset]
      )
    }
    let job = try composed("atmosphere", AtmosphereSamples.recipeSets, processes)
    guard let training = try AtmosphereSamples(job, part: "train") else { throw Self.noMap }
    return (
      training, try AtmosphereSamples(job, part: "validation"),
      sources + (samples.atmosphere.map { ["atmosphere: \($0)"] } ?? [])
    )
  }

  private static var noMap: ValidationError {
    ValidationError("There is no rate map to train on.")
  }

  /// A dataset on disk, if that is the only source, and the names of its parts.
  private func givenDataset() throws -> (path: String, training: String, validation: String?)? {
    guard sources.count == 1, let dataset = dataset(sources[0]) else { return nil }
    if samples.areGiven {
      throw ValidationError(
        "\(dataset) is a dataset: --recipe, --recipe-set, --size, --maps, --map-size and "
          + "--atmosphere are for samples that are composed.")
    }
    return (
      dataset, SampleDataset.isDataset("\(dataset)/train") ? "train" : "",
      SampleDataset.isDataset("\(dataset)/validation") ? "validation" : nil
    )
  }

  private func dataset(_ path: String) -> String? {
    SampleDataset.isDataset("\(path)/train") || SampleDataset.isDataset(path) ? path : nil
  }

  private func composed(_ recipe: String, _ sets: [String], _ processes: TrainingProcesses) throws
    -> DatasetJob
  {
    // The first process writes the maps of a generator before the others look for them.
    var made: DatasetJob?
    _ = try processes.first("samples") {
      made = try job(recipe, sets)
      return "ready"
    }
    let found = try made ?? job(recipe, sets)
    if processes.isFirst { for note in found.notes { printNote("Note: \(note)") } }
    return found
  }

  private func job(_ recipeName: String, _ sets: [String]) throws -> DatasetJob {
    let shortcuts = [
      settings.seed.map { "seed=\($0)" }, samples.size.map { "samples.size=\($0)" },
    ].compactMap { $0 }
    let recipe = try ConfigurationOverlay.resolveDrawn(
      defaults: DatasetRecipe(),
      yamlFile: ShippedConfigurations.path(of: samples.recipe ?? recipeName, kind: .recipe),
      sets: samples.recipeSet + sets + shortcuts, fixed: DatasetRecipe.fixedKeys)
    var given = RateSources(sources)
    (given.maps, given.mapSize) = (samples.maps, samples.mapSize)
    given.options = RasterReadOptions(unit: units.unit, losConvention: units.losSign)
    given.rasters.atmosphere = samples.atmosphere
    return try DatasetJob(
      maps: given.resolved(
        recipe.typical, folder: FilePath.trimmed(out.output) + ".maps", count: nil,
        size: recipe.typical.samples.size),
      recipe: recipe)
  }
}

/// What a network learns.
enum NetworkTask: String, CaseIterable, ChoiceArgument {
  case unwrapping, atmosphere
}
