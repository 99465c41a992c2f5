import Testing
import TorchCore
import TorchTestSupport

@testable import TorchNN

@Suite(.serialized) struct SynchronizedBatchNormTests {
  struct Outcome: Sendable {
    var output: [Float] = []
    var inputGradient: [Float] = []
    var parameterGradients: [[Float]] = []
    var running: [[Float]] = []
  }

  /// Rows `range` of a batch of 4 through the layer, with a loss that weighs every value.
  private static func run(
    _ range: Range<Int>, offset: Double, affine: Bool, _ group: ProcessGroup?
  ) throws -> Outcome {
    let random = try RandomGenerator(seed: 3, .testInput)
    let all = try random.normal([4, 3, 5, 2]) * 2 + offset
    let weights = try random.normal([4, 3, 5, 2])
    let latents = try random.normal([4, 6])
    func own(_ tensor: Tensor) throws -> Tensor {
      try tensor.narrow(0, from: range.lowerBound, length: range.count)
    }
    let input = try own(all).clone().requireGradient()
    let module: any Module
    let output: Tensor
    if affine {
      let layer = try BatchNorm2d(channels: 3)
      try withoutGradients {
        try layer.weight.tensor.copy(from: Tensor([1.5, -0.5, 2] as [Float], shape: [3]))
      }
      layer.processes = group
      module = layer
      output = try layer(input.channelsLast())
    } else {
      let layer = try SelfModulatedBatchNorm2d(channels: 3, latentSize: 6, random)
      layer.processes = group
      module = layer
      output = try layer(input, own(latents))
    }
    try (output * own(weights)).sum().backward()
    let named = try module.namedTensors()
    return Outcome(
      output: try output.floats(), inputGradient: try input.gradient!.floats(),
      parameterGradients: try named.filter(\.isParameter).map { try $0.tensor.gradient!.floats() },
      running: try named.filter { !$0.isParameter }.map { try $0.tensor.floats() })
  }

  /// Outputs, gradients and running statistics are those of one process with the whole batch, also
  /// where the mean is large beside the spread.
  @Test(arguments: [0.0, 300.0], [true, false])
  func twoProcessesAreOne(offset: Double, affine: Bool) throws {
    let whole = try Self.run(0..<4, offset: offset, affine: affine, nil)
    let parts = try asProcesses(2) { group in
      try Self.run(
        (2 * group.rank)..<(2 * group.rank + 2), offset: offset, affine: affine, group)
    }
    let tolerance = offset == 0 ? 1e-5 : 2e-3
    func expectEqual(_ a: [Float], _ b: [Float], _ what: String) {
      #expect(a.count == b.count)
      let scale = b.map { abs($0) }.max() ?? 0
      let difference = zip(a, b).map { abs($0 - $1) }.max() ?? 0
      #expect(difference <= Float(tolerance) * max(1, scale), "\(what): \(difference) of \(scale)")
    }
    expectEqual(parts[0].output + parts[1].output, whole.output, "output")
    expectEqual(
      parts[0].inputGradient + parts[1].inputGradient, whole.inputGradient, "input gradient")
    for (index, expected) in whole.parameterGradients.enumerated() {
      let sum = zip(parts[0].parameterGradients[index], parts[1].parameterGradients[index])
        .map { $0 + $1 }
      expectEqual(sum, expected, "gradient of parameter \(index)")
    }
    for part in parts {
      for (index, expected) in whole.running.enumerated() {
        expectEqual(part.running[index], expected, "running statistic \(index)")
      }
    }
    #expect(parts[0].running == parts[1].running)
  }

  /// In evaluation each process is on its own: no one is asked.
  @Test func evaluationAsksNobody() throws {
    let outputs = try asProcesses(2) { group -> [Float] in
      let layer = try BatchNorm2d(channels: 1)
      try layer.synchronizeBatchNorm(over: group)
      try layer.setTraining(false)
      guard group.rank == 0 else { return [] }
      return try layer(.ones([1, 1, 1, 2])).floats()
    }
    #expect(outputs[0].allSatisfy { abs($0 - 1) < 1e-4 })
  }
}
