import ArgumentParser
import Commands
import Datasets
import DurableFiles
import Foundation
import GANTraining
import Jobs
import RunSupport
import Settings
import TorchProcesses

struct TrainCommand: SpeakingCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: TorchPart.train.abstract,
    discussion: """
      Writes a numbered folder below RUNS: config.yaml, log.txt, stats.jsonl, TensorBoard events, \
      snapshots/, checkpoints/ (the last two) and model.safetensors, which 'ganinsar generate' \
      reads; model-best.safetensors is the best by evaluation.everyEpochs. Ctrl-C and --minutes \
      finish the step and save; --resume continues exactly there.

      --model field trains a field model, for maps of any size (docs/field-models.md): 64 px, or \
      features of up to 256 px with --set level=coarse and detail from a model, which --set \
      level=detail trains. --from begins with a field model; '--from shipped' with the one that \
      ships, which takes a quarter of an hour.

      Several processes train one model together when torchrun or srun starts them: \
      'torchrun --no-python --standalone --nproc-per-node 2 ganinsar train ...'. batchSize is the \
      total over all processes. See docs/scaling.md.
      """.withExamples(
        "ganinsar train dataset -o runs --config configs/small.yaml --dry-run",
        "ganinsar train dataset -o runs --config configs/small.yaml --seed 1",
        "ganinsar train dataset --resume runs/00000-small --set epochs=200",
        "ganinsar train dataset -o runs --model field --set iterations=2000",
        "ganinsar train dataset -o runs --set batchSize=16 --set execution.device=cpu"))

  @Argument(help: "The folder that 'ganinsar prepare' wrote.")
  var dataset: String
  @OptionGroup(title: "Output") var out: TargetOptions
  @OptionGroup(title: "Settings") var settings: SettingOptions
  @OptionGroup(title: "Starting point") var start: StartOptions
  @OptionGroup(title: "Execution") var execution: ExecutionOptions
  @OptionGroup(title: "Messages") var messages: OutputOptions

  struct TargetOptions: ParsableArguments {
    @Option(
      name: .shortAndLong,
      help: .init("The folder in which run folders are numbered.", valueName: "runs"))
    var output = "runs"
  }

  struct SettingOptions: ParsableArguments {
    @Option(help: "The paper's generator, for maps of one size; or a field model.")
    var model = TrainedModel.paper
    @Option(
      help: .init("A YAML file of settings, such as configs/small.yaml.", valueName: "file"))
    var config: String?
    @Option(
      name: .long, parsing: .singleValue,
      help: .init("One setting, which overrides the file; repeatable.", valueName: "key=value"))
    var set: [String] = []
    @Option(
      help: .init("The seed of everything random; the same as --set seed=N.", valueName: "number"))
    var seed: UInt64?
  }

  struct StartOptions: ParsableArguments {
    @Option(
      help: .init(
        """
        A run folder to continue. --set may then change execution.*, output.* and evaluation.*, and \
        raise epochs, or iterations of a field model.
        """, valueName: "run"))
    var resume: String?
    @Option(
      help: .init(
        "A checkpoint of another run to start from, with the settings given here; or a field model, or 'shipped'.",
        valueName: "file"))
    var from: String?
    @Option(
      help: .init(
        "A model that adds the detail to a field model's coarse level (default: the one that ships).",
        valueName: "model"))
    var detail: String?
  }

  struct ExecutionOptions: ParsableArguments {
    @OptionGroup var together: ProcessOptions
    @Option(
      help: .init("Save and stop after this time; --resume continues.", valueName: "minutes"))
    var minutes: Double?
    @Flag(help: "Check the settings and the data, print what would run, and stop.")
    var dryRun = false
  }

  func validate() throws {
    if start.resume != nil
      && (settings.config != nil || settings.seed != nil || start.from != nil)
    {
      throw ValidationError(
        "--resume continues with the settings of the run: leave out --config, --seed and --from.")
    }
    try require("--minutes", execution.minutes, in: 0.001...1_000_000, unit: "minutes")
    if start.detail != nil, settings.model == .paper, start.resume == nil {
      throw ValidationError("--detail is for --model field.")
    }
  }

  func run() throws {
    if execution.dryRun, start.resume != nil {
      throw ValidationError("--dry-run and --resume do not go together.")
    }
    if trainsField { return try trainField() }
    if execution.dryRun {
      // Settings first: their faults are told without a dataset too.
      let configuration = try configuration()
      let data = try RateDataset.open(dataset)
      try describe(configuration.suited(to: data.quantity), data)
      return
    }
    let processes = try execution.together.processes()
    do {
      try train(try prepared(processes), processes)
    } catch  where !(error is ExitCode) {
      throw processes.explained(error)
    }
  }

  private func configuration() throws -> TrainingConfiguration {
    try ConfigurationOverlay.resolve(
      defaults: TrainingConfiguration(), yamlFile: settings.config,
      sets: settings.set + (settings.seed.map { ["seed=\($0)"] } ?? []))
  }

  private func prepared(_ processes: TrainingProcesses) throws -> TrainingRun {
    let data = try RateDataset.open(dataset)
    if let resume = start.resume {
      return try .resume(resume, dataset: data, sets: settings.set, processes: processes)
    }
    let checkpoint = try start.from.map { try Checkpoint(path: $0) }
    return try .start(
      try configuration(), dataset: data, root: out.output, from: checkpoint, processes: processes)
  }

  private func train(_ run: TrainingRun, _ processes: TrainingProcesses) throws {
    Interruption.install()
    let time = TrainingTime(minutes: execution.minutes)
    if processes.isFirst { try run.judgeSamples(dataset: dataset) }
    let total = run.trainer.configuration.totalIterations
    // Only one of several processes shows progress.
    let progress =
      processes.isFirst
      ? ProgressReporter(
        "training", total: total, unit: "iterations", startingAt: run.trainer.iteration) : nil
    var detail = ""
    try run.run { event in
      switch event {
      case .iteration(let iteration): progress?.update(to: iteration, detail: detail)
      case .statistics(let s):
        detail =
          "epoch \(s.epoch.decimals(2))  D \(s.lossDiscriminator.decimals(3))  G \(s.lossGenerator.decimals(3))"
      case .evaluation(let evaluation, let isBest):
        let value = String(format: "%.4g", evaluation.value)
        let line = "epoch \(evaluation.epoch.decimals(1)): \(evaluation.selectionMetric) \(value)"
        run.note(line + (isBest ? ", the best so far" : ""))
      case .started, .snapshot, .checkpoint: break
      }
      return time.isOver ? .stop : .continue
    }
    progress?.finish()
    if processes.isFirst {
      if messages.json {
        try printJSON(
          Summary(
            path: run.folder.path, iterations: run.trainer.iteration, epoch: run.trainer.epoch,
            isFinished: run.hasSettled || run.trainer.isFinished, seconds: time.seconds))
      } else {
        print(run.folder.path)
      }
    }
    if run.hasSettled {
      if processes.isFirst {
        printNote(
          "the figures settled at epoch \(run.trainer.epoch.decimals(1)): the run ends here.")
      }
    } else if !run.trainer.isFinished {
      try time.stopped(
        processes, continuing: "ganinsar train \(dataset) --resume \(run.folder.path)")
    }
  }

  /// What `--json` prints.
  private struct Summary: Encodable {
    var path: String
    var iterations: Int
    var epoch: Double
    var isFinished: Bool
    var seconds: Double
  }

  /// What `--dry-run --json` prints: the resolved configuration and what it amounts to here.
  private struct Plan: Encodable {
    var configuration: TrainingConfiguration
    var device: String
    var iterations: Int
    var warnings: [String]
  }

  private func describe(_ configuration: TrainingConfiguration, _ data: RateDataset) throws {
    let trainer = try TrainingRun.check(
      configuration, dataset: data, root: out.output,
      from: try start.from.map { try Checkpoint(path: $0) })
    let weights = configuration.evaluation.weights
    if configuration.evaluation.everyEpochs > 0, !["auto", "none"].contains(weights),
      !FileSystem.exists(weights)
    {
      throw RunError.cannotRead(path: weights, reason: "No such file or directory")
    }
    if messages.json {
      try printJSON(
        Plan(
          configuration: configuration, device: "\(trainer.device)",
          iterations: configuration.totalIterations, warnings: trainer.loader.sampler.warnings))
      return
    }
    print(try ConfigurationOverlay.yaml(of: configuration))
    print("# device: \(trainer.device)")
    print("# generator: \(try trainer.generator.parameterCount()) parameters")
    print("# discriminator: \(try trainer.discriminator.parameterCount()) parameters")
    print("# iterations: \(configuration.totalIterations)")
    if data.quantity == .rate {
      print("# rate that becomes 1: \(trainer.transform.scaleCMPerYear.decimals(3)) cm/yr")
    } else {
      print("# quantity: \(data.quantity.rawValue), in \(data.quantity.unit.rawValue)")
    }
    for quantity in data.quantities.dropFirst() {
      print("# with: \(quantity.rawValue), in \(quantity.unit.rawValue)")
    }
    for warning in trainer.loader.sampler.warnings { print("# warning: \(warning)") }
  }
}
