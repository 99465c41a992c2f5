import TorchCore

/// An object whose state is a set of named tensors, such as a network or an optimizer.
package protocol Stateful: AnyObject {
  /// The tensors by name; they are the object's own, not copies.
  func state() throws -> [String: Tensor]

  /// Copies values from `state` into this object. Nothing is changed unless everything fits.
  /// - Throws: `ModuleError` when names are missing or left over, or a shape differs.
  func load(_ state: [String: Tensor]) throws
}

extension Stateful {
  /// Copies `state` into `own`, tensors of an object by name, where names and shapes agree.
  /// - Throws: as `load`; lists what is missing in the order of `names`.
  func copy(_ state: [String: Tensor], into own: [String: Tensor], names: [String]) throws {
    let missing = names.filter { state[$0] == nil }
    guard missing.isEmpty else { throw ModuleError.missingTensors(missing) }
    let unexpected = state.keys.filter { own[$0] == nil }.sorted()
    guard unexpected.isEmpty else { throw ModuleError.unexpectedTensors(unexpected) }
    for name in names where own[name]!.shape != state[name]!.shape {
      throw ModuleError.shape(name: name, expected: own[name]!.shape, got: state[name]!.shape)
    }
    for name in names { try own[name]!.copy(from: state[name]!) }
  }
}
