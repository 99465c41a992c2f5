import ArgumentParser
import Commands
import Datasets
import DurableFiles
import FieldTraining
import GANModel
import GANSampling
import NetworkRuns
import PhaseNetworks
import RunSupport
import Settings
import TorchProcesses

/// What `ganinsar train` trains.
enum TrainedModel: String, CaseIterable, ChoiceArgument {
  /// The paper's generator, for maps of one size.
  case paper
  /// A field model, for maps of any size.
  case field
}

extension TrainCommand {
  /// Whether a field model is trained: as asked, or as the run that goes on.
  var trainsField: Bool {
    start.resume.map(NetworkCheckpoint<FieldConfiguration>.isNewest) ?? (settings.model == .field)
  }

  func trainField() throws {
    if execution.dryRun { return try describeField() }
    let processes = try execution.together.processes()
    do {
      Interruption.install()
      try fieldRun(processes).train(
        processes, minutes: execution.minutes, printsJSON: messages.json,
        resumption: "ganinsar train \(dataset)" + (start.detail.map { " --detail \($0)" } ?? ""))
    } catch  where !(error is ExitCode) {
      throw processes.explained(error)
    }
  }

  /// What `--from` means by the model that ships for the level.
  private static let shipped = "shipped"

  /// The model that training begins with. A level of the settings says which network of it; without one
  /// a model that only adds detail is trained as such.
  private func beginning(_ level: FieldConfiguration.Level) throws -> FieldBeginning? {
    guard let from = start.from else { return nil }
    let named = from == Self.shipped ? nil : SampleGeneration.modelFile(from)
    if level == .detail || named.map(DetailModel.isOne) == true {
      let path = try named ?? ShippedModel.locateDetail()
      return .detail(try DetailModel.read(path), path: path)
    }
    let window = level == .coarse ? MapSize(width: 256, height: 256) : nil
    let path = try named ?? ShippedModel.locate(for: window)
    return .base(try FieldModel.read(path), path: path)
  }

  private func resolved(_ defaults: FieldConfiguration) throws -> FieldConfiguration {
    try ConfigurationOverlay.resolve(
      defaults: defaults, yamlFile: settings.config,
      sets: settings.set + (settings.seed.map { ["seed=\($0)"] } ?? []))
  }

  /// The settings, of which some defaults depend on the level and on the model that training begins with.
  private func fieldConfiguration() throws -> (FieldConfiguration, FieldBeginning?) {
    let level = try resolved(FieldConfiguration()).level
    let beginning = try beginning(level)
    let defaults =
      beginning.map { FieldConfiguration(beginningWith: $0, level: level) }
      ?? FieldConfiguration(level: level)
    return (try resolved(defaults), beginning)
  }

  /// What `--dry-run --json` prints.
  private struct FieldTrainingPlan: Encodable {
    var configuration: FieldConfiguration
    var iterations: Int
    var parameters: Int
  }

  private func describeField() throws {
    // Settings first: their faults are told without a dataset too.
    let (configuration, initial) = try fieldConfiguration()
    try RunFolder.checkRoot(out.output)
    let trainer = try FieldTrainer(
      configuration, samples: fieldSamples(configuration, beginningWith: initial))
    let parameters = try trainer.parameterCount()
    if messages.json {
      return try printJSON(
        FieldTrainingPlan(
          configuration: configuration, iterations: configuration.iterations,
          parameters: parameters))
    }
    print(try ConfigurationOverlay.yaml(of: configuration))
    print("# all networks: \(parameters) parameters")
  }

  private func fieldSamples(
    _ configuration: FieldConfiguration, beginningWith initial: FieldBeginning?
  ) throws -> FieldSamples {
    // The detail that ships, unless another is named; only the coarse level takes one.
    let detail =
      try start.detail.map(SampleGeneration.modelFile)
      ?? (configuration.level == .coarse ? ShippedModel.locateDetail() : nil)
    return try FieldSamples(
      dataset: RateDataset.open(dataset), detail: detail.map { try DetailModel.read($0) },
      initial: initial,
      trunk: configuration.features.weight > 0 ? ShippedModel.locateFeatures() : nil)
  }

  private func fieldRun(_ processes: TrainingProcesses) throws -> NetworkTrainingRun<FieldTrainer> {
    if let resume = start.resume {
      let configuration = try NetworkTrainingRun<FieldTrainer>.configuration(ofRun: resume)
      return try .resume(
        resume, samples: fieldSamples(configuration, beginningWith: nil), validation: nil,
        sources: [dataset], sets: settings.set, processes: processes)
    }
    let (configuration, initial) = try fieldConfiguration()
    return try .start(
      configuration, samples: fieldSamples(configuration, beginningWith: initial),
      validation: nil, sources: [dataset], root: out.output, processes: processes)
  }
}
