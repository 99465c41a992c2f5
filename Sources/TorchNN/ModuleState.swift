import TorchCore

extension Module {
  /// Parameters and buffers by name; the tensors are not copied.
  package func state() throws -> [String: Tensor] {
    Dictionary(uniqueKeysWithValues: try namedTensors().map { ($0.name, $0.tensor) })
  }

  /// Copies values from `state` into this module.
  ///
  /// Nothing is changed if names or shapes do not match.
  /// - Throws: `ModuleError` if names are missing or unknown, or a shape differs.
  package func load(_ state: [String: Tensor]) throws {
    try copy(state, into: try self.state(), names: try namedTensors().map(\.name))
  }
}
