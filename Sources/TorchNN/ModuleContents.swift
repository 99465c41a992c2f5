/// Parameters, buffers and modules inside a module, found at the first question and kept.
package final class ModuleContents: ModuleSetting {
  private var found: Found?

  package init() {}

  struct Found {
    /// In declaration order.
    var tensors: [NamedTensor] = []
    /// The module itself first. The module owns this list, so the references back are not counted.
    var modules: [Unowned] = []
  }

  struct Unowned {
    unowned let module: any Module
  }

  /// - Throws: `ModuleError.unknownStoredType` for a property that the walk cannot place.
  func found(in module: any Module) throws -> Found {
    if let found { return found }
    var new = Found()
    try walk(module, "") { path, leaf in
      switch leaf {
      case .parameter(let parameter):
        new.tensors.append(NamedTensor(name: path, tensor: parameter.tensor, isParameter: true))
      case .buffer(let buffer):
        new.tensors.append(NamedTensor(name: path, tensor: buffer.tensor, isParameter: false))
      case .module(let module):
        new.modules.append(Unowned(module: module))
      }
    }
    found = new
    return new
  }
}
