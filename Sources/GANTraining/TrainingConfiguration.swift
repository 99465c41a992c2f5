import DurableFiles
import GANModel
import Patches
import Rasters
import Settings
import TorchCore

/// All settings of a run; the defaults are the paper's recipe at 256 px (`configs/paper.yaml` is
/// the same with comments).
public struct TrainingConfiguration: Sendable, Equatable, Codable, Validatable {
  /// The last part of the run folder's name.
  public var name = "paper"
  public var seed: UInt64 = 0
  public var epochs = 81
  public var batchSize = 64
  public var architecture = Architecture()
  public var data = PatchLoaderConfiguration()
  public var rates = Rates()
  public var loss = AdversarialLoss.crossEntropy
  public var optimizer = Optimizer()
  public var cutMix = CutMixSchedule()
  public var diffAugment = DiffAugment()
  public var average = Average()
  public var evaluation = Evaluation()
  public var output = Output()
  public var execution = Execution()

  public init() {}

  /// The conversion from cm/yr to network values.
  public struct Rates: Sendable, Equatable, Codable {
    /// The standard deviation of the training patches after scaling.
    public var standardDeviation = 0.5
    /// Exponent of the spectral whitening, 0 to 2; 0 turns it off.
    public var flattening = 0.0
    /// Companding: values beyond the standard deviation of the whitened patches divided by this
    /// number are compressed; 0 turns it off.
    public var compression = 0.0
  }

  public struct Optimizer: Sendable, Equatable, Codable {
    public var generatorLearningRate = 1e-4
    public var discriminatorLearningRate = 5e-4
    public var beta1 = 0.0
    public var beta2 = 0.999
    public var epsilon = 1e-6

    func adam(_ learningRate: Double) -> AdamOptions {
      AdamOptions(learningRate: learningRate, beta1: beta1, beta2: beta2, epsilon: epsilon)
    }
  }

  public struct CutMixSchedule: Sendable, Equatable, Codable {
    public enum Mode: String, Sendable, Codable, CaseIterable {
      /// The CutMix loss replaces the plain loss (as in the public code).
      case replace
      /// The CutMix loss is added to the plain loss.
      case add
    }
    /// The probability of a CutMix iteration after the warm-up; 0 turns it off.
    public var probability = 0.5
    public var warmUpEpochs = 20.0
    public var consistencyWeight = 1.0
    public var mode = Mode.replace
  }

  /// The moving average of the generator, which generates samples.
  public struct Average: Sendable, Equatable, Codable {
    public var decay = 0.999
    /// The fraction of the run after which averaging starts; before, the average equals the
    /// generator.
    public var startShare = 0.05
    /// Number of batches with which the batch-norm statistics are estimated before sampling.
    public var calibrationBatches = 64
  }

  /// Evaluation of samples of the averaged generator during training.
  public struct Evaluation: Sendable, Equatable, Codable {
    /// 0 turns it off.
    public var everyEpochs = 9
    public var samples = 256
    /// The run ends after this number of evaluations without a new best one; 0: never.
    public var patienceEvaluations = 0
    /// The run does not end before this epoch, so that no schedule is cut short.
    public var minimumEpochs = 77
    /// `auto` (the usual places), `none`, or the file of the Inception weights.
    public var weights = "auto"

    func faults() -> [String] {
      var faults: [String] = []
      func require(_ key: String, _ value: Int, _ range: ClosedRange<Int>, _ meaning: String = "") {
        if !range.contains(value) {
          faults.append(
            "\(key) is \(value): use \(range.lowerBound) to \(range.upperBound)\(meaning)")
        }
      }
      require("everyEpochs", everyEpochs, 0...1_000_000, ", 0 for never")
      require("samples", samples, 32...100_000)
      require("patienceEvaluations", patienceEvaluations, 0...1_000_000, ", 0 for never")
      require("minimumEpochs", minimumEpochs, 0...1_000_000)
      if weights.isEmpty { faults.append("weights is empty: use auto, none or a file") }
      return faults
    }
  }

  public struct Output: Sendable, Equatable, Codable {
    public var statisticsEveryIterations = 10
    public var snapshotEveryEpochs = 1
    public var checkpointEveryEpochs = 1
    /// Checkpoints at the ends of these epochs are kept besides the last two, to start other runs
    /// from.
    public var keptCheckpointEpochs: [Int] = []
    public var gridRows = 4
    public var gridColumns = 8
    /// The rate at the ends of the color scale of images, in cm/yr.
    public var colorLimitCMPerYear = 15.0

    func faults() -> [String] {
      var faults: [String] = []
      func require(_ key: String, _ value: Int, _ most: Int) {
        if !(1...most).contains(value) { faults.append("\(key) is \(value): use 1 to \(most)") }
      }
      require("statisticsEveryIterations", statisticsEveryIterations, 1_000_000_000)
      require("snapshotEveryEpochs", snapshotEveryEpochs, 1_000_000)
      require("checkpointEveryEpochs", checkpointEveryEpochs, 1_000_000)
      for epoch in keptCheckpointEpochs { require("keptCheckpointEpochs", epoch, 1_000_000) }
      // A grid is generated in memory at once.
      require("gridRows", gridRows, 32)
      require("gridColumns", gridColumns, 32)
      if !(1e-6...1e6).contains(colorLimitCMPerYear) {
        faults.append(
          "colorLimitCMPerYear is \(colorLimitCMPerYear): use a positive number up to 1e6")
      }
      return faults
    }
  }

  public struct Execution: Sendable, Equatable, Codable {
    public enum Precision: String, Sendable, Codable, CaseIterable { case float32, bfloat16 }
    /// `auto`, `cpu`, `cuda` or `cuda:N`.
    public var device = DeviceChoice.auto
    /// bfloat16 is for GPUs; on most CPUs it is slower.
    public var precision = Precision.float32
    /// Number of threads within an operation; 0 for LibTorch's default.
    public var threads = 0
  }

  /// The settings for maps of a quantity: what is about rates alone is off for others.
  /// - Throws: `RunError.configuration` for settings that would break the quantity's range.
  package func suited(to quantity: Quantity) throws -> TrainingConfiguration {
    let faults = data.faults(for: quantity, prefix: "data.")
    guard faults.isEmpty else { throw RunError.configuration(faults: faults) }
    var configuration = self
    configuration.data = data.suited(to: quantity)
    return configuration
  }

  public var totalIterations: Int {
    (epochs * data.patchesPerEpoch + batchSize - 1) / batchSize
  }

  /// The iteration that completes an epoch, counted from 1.
  func iteration(completingEpoch epoch: Int) -> Int {
    (epoch * data.patchesPerEpoch + batchSize - 1) / batchSize
  }

  public func epoch(atIteration iteration: Int) -> Double {
    Double(iteration * batchSize) / Double(data.patchesPerEpoch)
  }

  public func faults() -> [String] {
    var faults: [String] = []
    func require(_ holds: Bool, _ text: String) { if !holds { faults.append(text) } }
    require((1...1_000_000).contains(epochs), "epochs is \(epochs): use 1 to 1000000")
    require((2...65_536).contains(batchSize), "batchSize is \(batchSize): use 2 to 65536")
    require(name.utf8.count <= 200, "name has \(name.utf8.count) characters: use 200 or fewer")
    faults += architecture.faults().map { "architecture.\($0)" }
    faults += data.faults(prefix: "data.")
    require(
      (1e-6...1e6).contains(rates.standardDeviation),
      "rates.standardDeviation is \(rates.standardDeviation): use a positive number up to 1e6")
    faults += RateTransform.faults(flattening: rates.flattening).map { "rates.\($0)" }
    require(
      (0...1e6).contains(rates.compression),
      "rates.compression is \(rates.compression): use 0 or a positive number up to 1e6")
    for (key, value) in [
      ("generatorLearningRate", optimizer.generatorLearningRate),
      ("discriminatorLearningRate", optimizer.discriminatorLearningRate),
      ("epsilon", optimizer.epsilon),
    ] {
      require(
        value > 0 && value <= 1000, "optimizer.\(key) is \(value): use a positive number up to 1000"
      )
    }
    for (key, value) in [("beta1", optimizer.beta1), ("beta2", optimizer.beta2)] {
      require((0..<1).contains(value), "optimizer.\(key) is \(value): use 0 up to but not 1")
    }
    require(
      (0...1).contains(cutMix.probability),
      "cutMix.probability is \(cutMix.probability): use 0 to 1")
    require(
      (0...1e6).contains(cutMix.warmUpEpochs),
      "cutMix.warmUpEpochs is \(cutMix.warmUpEpochs): use 0 to 1e6")
    require(
      (0...1e6).contains(cutMix.consistencyWeight),
      "cutMix.consistencyWeight is \(cutMix.consistencyWeight): use 0 to 1e6")
    faults += diffAugment.faults().map { "diffAugment.\($0)" }
    require(
      (0..<1).contains(average.decay), "average.decay is \(average.decay): use 0 up to but not 1")
    require(
      (0...1).contains(average.startShare),
      "average.startShare is \(average.startShare): use 0 to 1")
    require(
      (0...100_000).contains(average.calibrationBatches),
      "average.calibrationBatches is \(average.calibrationBatches): use 0 to 100000")
    faults += evaluation.faults().map { "evaluation.\($0)" }
    faults += output.faults().map { "output.\($0)" }
    require(
      (0...1024).contains(execution.threads),
      "execution.threads is \(execution.threads): use 0 to 1024")
    return faults
  }
}
