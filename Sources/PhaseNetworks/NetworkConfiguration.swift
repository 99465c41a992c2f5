import Kernel
import NetworkRuns
import TorchCore

/// The settings of a phase network's training.
public struct NetworkConfiguration: NetworkSettings {
  package static let checkpointFormat = "ganinsar-network-checkpoint-1"

  /// The last part of the run folder's name.
  public var name = "network"
  public var seed: UInt64 = 0
  public var iterations = 4000
  public var batchSize = 8
  public var architecture = PhaseArchitecture()
  public var loss = Loss()
  public var optimizer = Optimizer()
  public var data = Data()
  public var output = NetworkOutput()
  public var execution = NetworkExecution()

  public init() {}

  public struct Loss: Sendable, Equatable, Codable {
    /// Weight of the edges' cross-entropy beside the phase's likelihood.
    public var edgeWeight = 3.0
  }

  public struct Optimizer: NetworkOptimizer, Sendable, Equatable, Codable {
    public var learningRate = 2e-3
    public var warmUpIterations = 50
    /// The fraction of the run at whose end the rate falls to a fiftieth.
    public var decayFraction = 0.4
    /// Gradients longer than this are shortened.
    public var gradientLimit = 1.0
    /// Decay of the moving average of the weights, which is the network that is kept.
    public var averageDecay = 0.995
  }

  public struct Data: Sendable, Equatable, Codable {
    /// The fraction of samples whose coherence the network is not told.
    public var unknownCoherence = 0.3
    public var workerThreads = 1
    public var prefetchedBatches = 4
  }

  /// The learning rate of an iteration, counted from 0.
  package func learningRate(at iteration: Int) -> Double {
    schedule.rate(optimizer.learningRate, at: iteration)
  }

  public func faults() -> [String] {
    var check = ParameterCheck()
    checkRun(&check)
    check.inside("loss.edgeWeight", loss.edgeWeight, 0...1e6)
    check.inside("optimizer.learningRate", optimizer.learningRate, 1e-9...1000)
    check.inside("optimizer.warmUpIterations", Double(optimizer.warmUpIterations), 0...1e9)
    check.inside("optimizer.decayFraction", optimizer.decayFraction, 0...1)
    check.inside("optimizer.gradientLimit", optimizer.gradientLimit, 1e-6...1e9)
    check.inside("optimizer.averageDecay", optimizer.averageDecay, 0...0.999_999)
    check.inside("data.unknownCoherence", data.unknownCoherence, 0...1)
    check.inside("data.workerThreads", Double(data.workerThreads), 1...256)
    check.inside("data.prefetchedBatches", Double(data.prefetchedBatches), 1...1024)
    output.check(&check)
    check.inside("execution.threads", Double(execution.threads), 0...1024)
    return check.faults + architecture.faults().map { "architecture.\($0)" }
  }
}
