import GANModel
import Kernel
import NetworkRuns
import TorchCore

/// The settings of the training of a network that removes the atmosphere from unwrapped maps.
public struct AtmosphereConfiguration: NetworkSettings {
  package static let checkpointFormat = "ganinsar-atmosphere-checkpoint-1"

  public enum Method: String, Sendable, Codable, CaseIterable {
    /// Two generators and two discriminators with cycle consistency; learns from two sets of maps of
    /// which no two belong together.
    case cycle
    /// One network that is shown the delay of every map: what the same network could do if the truth
    /// were known.
    case supervised
  }

  /// The last part of the run folder's name.
  public var name = "atmosphere"
  public var seed: UInt64 = 0
  public var method = Method.cycle
  public var iterations = 2000
  public var batchSize = 8
  public var architecture = AtmosphereArchitecture()
  public var loss = Loss()
  public var optimizer = Optimizer()
  public var data = Data()
  public var output = NetworkOutput()
  public var execution = NetworkExecution()

  public init() {}

  /// Weights beside the adversarial loss, whose own is 1.
  /// Source: Zhu et al., "Unpaired Image-to-Image Translation using Cycle-Consistent Adversarial
  /// Networks", ICCV 2017, equation 3 and section 5.2, with 10 for the cycle and half of it for the identity.
  /// Delays are small beside the deformation, and with these weights nothing was removed: a tenth of
  /// both was the first that worked (docs/results/atmosphere.md).
  public struct Loss: Sendable, Equatable, Codable {
    public var adversarial = AdversarialLoss.hinge
    public var cycleWeight = 1.0
    public var identityWeight = 0.5
  }

  public struct Optimizer: NetworkOptimizer, Sendable, Equatable, Codable {
    public var generatorLearningRate = 1e-3
    public var discriminatorLearningRate = 5e-4
    /// Of Adam, as in CycleGAN.
    public var beta1 = 0.5
    public var warmUpIterations = 50
    /// The fraction of the run at whose end the rates fall to a fiftieth.
    public var decayFraction = 0.5
    /// Decay of the moving average of the weights, which is the network that is kept.
    public var averageDecay = 0.995
  }

  public struct Data: Sendable, Equatable, Codable {
    /// Networks see displacements divided by this.
    public var scaleCM = 1.5
    public var workerThreads = 1
    public var prefetchedBatches = 4
  }

  package func learningRate(at iteration: Int) -> Double {
    schedule.rate(optimizer.generatorLearningRate, at: iteration)
  }

  public func faults() -> [String] {
    var check = ParameterCheck()
    checkRun(&check)
    check.inside("loss.cycleWeight", loss.cycleWeight, 0...1e6)
    check.inside("loss.identityWeight", loss.identityWeight, 0...1e6)
    for (name, value) in [
      ("generator", optimizer.generatorLearningRate),
      ("discriminator", optimizer.discriminatorLearningRate),
    ] { check.inside("optimizer.\(name)LearningRate", value, 1e-9...1000) }
    check.inside("optimizer.beta1", optimizer.beta1, 0...0.999_999)
    check.inside("optimizer.warmUpIterations", Double(optimizer.warmUpIterations), 0...1e9)
    check.inside("optimizer.decayFraction", optimizer.decayFraction, 0...1)
    check.inside("optimizer.averageDecay", optimizer.averageDecay, 0...0.999_999)
    check.inside("data.scaleCM", data.scaleCM, 1e-6...1e6)
    check.inside("data.workerThreads", Double(data.workerThreads), 1...256)
    check.inside("data.prefetchedBatches", Double(data.prefetchedBatches), 1...1024)
    output.check(&check)
    check.inside("execution.threads", Double(execution.threads), 0...1024)
    return check.faults + architecture.faults().map { "architecture.\($0)" }
  }
}

/// The sizes of the networks of a cycle.
public struct AtmosphereArchitecture: Sendable, Equatable, Codable {
  /// Channels of the generators at full resolution; each level below has twice as many, four times at
  /// most.
  public var channels = 16
  /// Resolutions, each half the one above.
  public var levels = 4
  public var discriminator = DiscriminatorKind.uNet
  /// The width of which the discriminators' channels are multiples.
  public var discriminatorChannels = 8

  public init() {}

  /// The generators' U-Net.
  var generator: PhaseArchitecture {
    var architecture = PhaseArchitecture()
    (architecture.channels, architecture.levels) = (channels, levels)
    return architecture
  }

  /// - Parameter size: of the samples in pixels.
  func discriminators(size: Int) -> Architecture {
    Architecture(
      sizePixels: size, channels: discriminatorChannels, discriminator: discriminator)
  }

  func faults() -> [String] {
    var faults = generator.faults()
    if !(1...256).contains(discriminatorChannels) {
      faults.append("discriminatorChannels is \(discriminatorChannels): use 1 to 256")
    }
    return faults
  }
}
