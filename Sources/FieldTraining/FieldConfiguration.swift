import GANModel
import Kernel
import NetworkRuns
import Patches

/// The settings of a field model's training.
public struct FieldConfiguration: NetworkSettings {
  package static let checkpointFormat = "ganinsar-field-checkpoint-1"

  /// What the network draws.
  public enum Level: String, Sendable, Codable, CaseIterable {
    /// Maps with features of up to 64 px.
    case native
    /// The means of 4 x 4 pixels of maps with features of up to 256 px; the detail comes from a
    /// network that was trained before.
    case coarse
    /// The detail of such maps, given the means of 4 x 4 pixels.
    case detail
  }

  /// The last part of the run folder's name.
  public var name = "field"
  public var seed: UInt64 = 0
  public var level = Level.native
  public var iterations = 4000
  public var batchSize = 16
  public var architecture = Architecture()
  public var optimizer = Optimizer()
  public var features = Features()
  /// The share of maps, real and generated ones alike, that discriminators see in one of eight
  /// orientations.
  public var reorientedShare = 0.5
  public var data = usualData
  public var average = Average()
  public var output = NetworkOutput()
  public var execution = NetworkExecution()

  public init() {}

  /// The defaults of a level.
  package init(level: Level) {
    self.level = level
    // Measured in docs/results/field-models.md.
    switch level {
    case .native: break
    case .coarse:
      // Scenes hold few independent windows of 256 px, which a free discriminator soon knows by heart.
      optimizer.gradientPenalty = 40
      features.learningRate = 6e-4
    case .detail:
      // Windows are four times as large, and a penalty keeps the discriminator from learning.
      batchSize = 8
      architecture.channels = 24
      architecture.discriminatorChannels = 16
      optimizer.gradientPenalty = 0
      features.weight = 0.5
      features.learningRate = 4e-4
    }
  }

  /// The defaults of a training that begins with a model: networks of the same size, half the rates,
  /// and a new discriminator that learns first what the generator draws.
  ///
  /// - Parameter level: of a model without detail, which may become the coarse level of another.
  package init(beginningWith beginning: FieldBeginning, level: Level = .native) {
    switch beginning {
    case .base(let model, _):
      self.init(level: model.description.detailChannels == nil ? level : .coarse)
      architecture.channels = model.description.baseChannels
      architecture.noisePlanes = model.description.baseNoisePlanes ?? 0
    case .detail(let model, _):
      self.init(level: .detail)
      architecture.channels = model.channels
      architecture.noisePlanes = model.noisePlanes
    }
    optimizer.holdIterations = 40
    optimizer.generatorLearningRate /= 2
    optimizer.discriminatorLearningRate /= 2
  }

  public struct Architecture: Sendable, Equatable, Codable {
    /// Widths: channels are multiples of it.
    public var channels = 16
    public var discriminatorChannels = 8
    /// Planes of white noise for what differs from pixel to pixel (decision 0050).
    public var noisePlanes = 2
  }

  public struct Optimizer: NetworkOptimizer, Sendable, Equatable, Codable {
    public var generatorLearningRate = 4e-4
    public var discriminatorLearningRate = 8e-4
    public var warmUpIterations = 0
    /// The fraction of the run at whose end the rates fall to a fiftieth.
    public var decayFraction = 0.6
    /// Iterations in which only the discriminator learns, for runs that begin with a trained model.
    public var holdIterations = 0
    /// Weight of the gradient penalty on real maps, in every eighth iteration; 0 for none.
    public var gradientPenalty = 10.0
    /// Decay of the moving average of the generator's weights, which is what is kept.
    public var averageDecay = 0.998
  }

  /// A second discriminator, which judges maps by features that a network has learned from
  /// photographs (decision 0049).
  public struct Features: Sendable, Equatable, Codable {
    /// Weight beside the other discriminator; 0 for none.
    public var weight = 2.0
    /// Of the heads on the features.
    public var learningRate = 1e-3
  }

  /// The averaged generator, of which models are written.
  public struct Average: Sendable, Equatable, Codable {
    /// Number of batches with which the batch-norm statistics are estimated.
    public var calibrationBatches = 64
  }

  /// Every window with little missing is equally likely, half of them at half the resolution.
  private static var usualData: PatchLoaderConfiguration {
    var data = PatchLoaderConfiguration()
    data.filter.epochs = .never
    data.offset.epochs = .never
    // Maps are learned as they lie; `reorientedShare` turns what discriminators see.
    data.augmentation.epochs = .never
    data.multiScale = MultiScale(
      mix: [.init(factor: 1, weight: 1), .init(factor: 2, weight: 1)], epochs: .always)
    return data
  }

  package func learningRate(at iteration: Int) -> Double {
    schedule.rate(optimizer.generatorLearningRate, at: iteration)
  }

  /// Side in pixels of a training patch.
  var patchSide: Int {
    level == .detail ? DetailWindow.side : FieldNormalization.patchSide * blockSide
  }
  /// Pixels whose mean the networks see as one, along each axis.
  var blockSide: Int { level == .coarse ? DetailModel.factor : 1 }

  public func faults() -> [String] {
    var check = ParameterCheck()
    checkRun(&check)
    // Batch statistics need two maps.
    check.require(batchSize != 1, "batchSize is 1: use 2 to 65536")
    check.inside("architecture.channels", Double(architecture.channels), 1...128)
    check.inside(
      "architecture.discriminatorChannels", Double(architecture.discriminatorChannels), 1...128)
    let planes = FieldGenerator.supportedNoisePlanes
    check.inside(
      "architecture.noisePlanes", Double(architecture.noisePlanes),
      Double(planes.lowerBound)...Double(planes.upperBound))
    for (name, value) in [
      ("generator", optimizer.generatorLearningRate),
      ("discriminator", optimizer.discriminatorLearningRate),
    ] { check.inside("optimizer.\(name)LearningRate", value, 1e-9...1000) }
    check.inside("features.weight", features.weight, 0...1e6)
    check.inside("features.learningRate", features.learningRate, 1e-9...1000)
    check.inside("reorientedShare", reorientedShare, 0...1)
    check.inside("optimizer.warmUpIterations", Double(optimizer.warmUpIterations), 0...1e9)
    check.inside("optimizer.decayFraction", optimizer.decayFraction, 0...1)
    check.inside("optimizer.holdIterations", Double(optimizer.holdIterations), 0...1e9)
    check.inside("optimizer.gradientPenalty", optimizer.gradientPenalty, 0...1e6)
    check.inside("optimizer.averageDecay", optimizer.averageDecay, 0...0.999_999)
    check.inside("average.calibrationBatches", Double(average.calibrationBatches), 1...100_000)
    output.check(&check)
    check.inside("execution.threads", Double(execution.threads), 0...1024)
    return check.faults + data.faults(prefix: "data.")
  }
}
