import Testing
import TorchCore

/// A file of numbers that PyTorch computed; `scripts/fixtures/` makes them.
package struct TensorFixture {
  private let file: Safetensors

  package init(path: String) throws { file = try Safetensors(path: path) }

  package func tensor(_ name: String) throws -> Tensor { try file.tensor(name) }

  package func contains(_ name: String) -> Bool { file.contains(name) }

  /// The tensors whose names start with `prefix` and a dot, without these.
  package func group(_ prefix: String) throws -> [String: Tensor] {
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
package func weightedSum(_ output: Tensor, _ cotangent: Tensor) throws -> Tensor {
  try (output * cotangent).sum()
}
