import TorchCore

@testable import TorchNN

/// A module with every kind of stored property that the walk knows.
final class Nested: Module, TrainingDependent {
  let firstWeight: Parameter
  let runningMean: Buffer
  let layers: [Leaf]
  let present: Leaf?
  let absent: Leaf?
  let tail: Sequential
  let kernelSize = 3
  let label = "plain"
  let scale: Double? = 2
  var isTraining = true

  init() throws {
    firstWeight = try Parameter(.full([2], 1))
    runningMean = Buffer(try .full([1], 2))
    layers = [try Leaf(3), try Leaf(4)]
    present = try Leaf(5)
    absent = nil
    tail = Sequential([ReLU(), try Leaf(6)])
  }
}

/// One parameter `w` of one value, and a mode.
final class Leaf: Layer, TrainingDependent {
  let w: Parameter
  var isTraining = true
  init(_ value: Double) throws { w = try Parameter(.full([1], value)) }
  func callAsFunction(_ input: Tensor) throws -> Tensor { try input * w.tensor }
}

/// Two parameters with the names and shapes of the Adam fixtures.
final class Pair: Module {
  let a: Parameter
  let b: Parameter
  init(a: Tensor, b: Tensor) throws {
    self.a = try Parameter(a)
    self.b = try Parameter(b)
  }
}

extension Tensor {
  /// Makes `gradient` the gradient of this leaf.
  func setGradient(_ gradient: Tensor) throws {
    try clearGradient()
    try (self * gradient).sum().backward()
  }
}
