import TorchCore

extension Module {
  /// Parameters and buffers by name; the tensors are not copied.
  public func state() throws -> [String: Tensor] {
    Dictionary(uniqueKeysWithValues: try namedTensors().map { ($0.name, $0.tensor) })
  }

  /// Copies values from `state` into this module.
  ///
  /// Nothing is changed if names or shapes do not match.
  /// - Throws: `ModuleError` if names are missing or unknown, or a shape differs.
  public func load(_ state: [String: Tensor]) throws {
    let own = try namedTensors()
    let names = Set(own.map(\.name))
    let missing = own.map(\.name).filter { state[$0] == nil }
    guard missing.isEmpty else { throw ModuleError.missingTensors(missing) }
    let unexpected = state.keys.filter { !names.contains($0) }.sorted()
    guard unexpected.isEmpty else { throw ModuleError.unexpectedTensors(unexpected) }
    for entry in own where entry.tensor.shape != state[entry.name]!.shape {
      throw ModuleError.shape(
        name: entry.name, expected: entry.tensor.shape, got: state[entry.name]!.shape)
    }
    for entry in own { try entry.tensor.copy(from: state[entry.name]!) }
  }
}
