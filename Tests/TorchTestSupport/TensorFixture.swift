import Testing
import TorchCore

/// A file of numbers that PyTorch computed; `scripts/fixtures/` makes them.
public struct TensorFixture {
  private let file: Safetensors

  public init(path: String) throws { file = try Safetensors(path: path) }

  public func tensor(_ name: String) throws -> Tensor { try file.tensor(name) }

  public func contains(_ name: String) -> Bool { file.contains(name) }

  /// The tensors whose names start with `prefix` and a dot, without these.
  public func group(_ prefix: String) throws -> [String: Tensor] {
    let start = prefix + "."
    var result: [String: Tensor] = [:]
    for name in file.names where name.hasPrefix(start) {
      result[String(name.dropFirst(start.count))] = try file.tensor(name)
    }
    try #require(!result.isEmpty, "the fixture has nothing under \(prefix)")
    return result
  }
}

/// sum(output * cotangent): a scalar whose gradients are those of the fixtures.
public func weightedSum(_ output: Tensor, _ cotangent: Tensor) throws -> Tensor {
  try (output * cotangent).sum()
}
