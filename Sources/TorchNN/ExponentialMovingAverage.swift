import TorchCore

/// An exponential moving average of a module's parameters and buffers, which is used to generate
/// samples.
///
/// average += (1 - decay) * (source - average), for parameters and buffers.
package final class ExponentialMovingAverage<Model: Module>: Stateful {
  package let average: Model
  private let targets: [Tensor]
  private let sources: [Tensor]

  /// - Parameters:
  ///   - source: the trained module.
  ///   - average: another instance of the same architecture, which is initialized from `source`.
  package init(of source: Model, in average: Model) throws {
    self.average = average
    try average.load(try source.state())
    try average.setRequiresGradient(false)
    targets = try average.namedTensors().map(\.tensor)
    sources = try source.namedTensors().map(\.tensor)
  }

  /// A decay of 0 copies the source.
  package func update(decay: Double) throws {
    try ListUpdate.lerp(targets, toward: sources, weight: 1 - decay)
  }

  /// The average's parameters and buffers by name.
  package func state() throws -> [String: Tensor] { try average.state() }

  package func load(_ state: [String: Tensor]) throws { try average.load(state) }
}
