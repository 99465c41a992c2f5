import TorchCore

/// A tensor of a module with its name, as in PyTorch, in declaration order.
package struct NamedTensor {
  package let name: String
  package let tensor: Tensor
  package let isParameter: Bool
}

extension Module {
  /// All parameters and buffers, of this module and its submodules.
  /// - Throws: `ModuleError.unknownStoredType` for a property of an unknown type.
  package func namedTensors() throws -> [NamedTensor] { try contents.found(in: self).tensors }

  package func parameters() throws -> [Tensor] {
    try namedTensors().filter(\.isParameter).map(\.tensor)
  }

  package func parameterCount() throws -> Int { try parameters().reduce(0) { $0 + $1.count } }

  /// Sets training or evaluation mode in all training-dependent submodules.
  package func setTraining(_ isTraining: Bool) throws {
    try forEachModule { ($0 as? any TrainingDependent)?.isTraining = isTraining }
  }

  /// Calls `body` with this module and all its submodules.
  func forEachModule(_ body: (any Module) -> Void) throws {
    for entry in try contents.found(in: self).modules { body(entry.module) }
  }

  /// Turns gradients of all parameters on or off.
  package func setRequiresGradient(_ on: Bool) throws {
    for parameter in try parameters() { try parameter.requireGradient(on) }
  }

  /// Calls `body` while no parameter asks for a gradient: `backward()` then passes through this module
  /// without the cost of its own gradients.
  ///
  /// - Throws: what `body` throws, after the parameters ask for gradients again.
  package func withoutParameterGradients<Result>(_ body: () throws -> Result) throws -> Result {
    try setRequiresGradient(false)
    let result = Swift.Result { try body() }
    try setRequiresGradient(true)
    return try result.get()
  }

  package func clearGradients() throws {
    for parameter in try parameters() { try parameter.clearGradient() }
  }

  /// Moves all tensors to a device in place, so that optimizers keep the same parameters.
  package func move(to device: Device) throws {
    for entry in try namedTensors() where entry.tensor.device != device {
      try entry.tensor.setData(try withoutGradients { try entry.tensor.to(device: device) })
    }
  }
}

enum Leaf {
  case parameter(Parameter)
  case buffer(Buffer)
  case module(any Module)
}

/// Calls `visit` with a module, all modules inside it, and their parameters and buffers.
func walk(_ module: any Module, _ path: String, _ visit: (String, Leaf) throws -> Void)
  throws
{
  try visit(path, .module(module))
  if let sequential = module as? Sequential {
    // PyTorch numbers the layers of a sequence directly under its name.
    try place(sequential.layers, path, visit)
    return
  }
  var mirror: Mirror? = Mirror(reflecting: module)
  while let current = mirror {
    for child in current.children {
      try place(child.value, join(path, snakeCase(child.label ?? "")), visit)
    }
    mirror = current.superclassMirror
  }
}

private func place(_ value: Any, _ path: String, _ visit: (String, Leaf) throws -> Void) throws {
  switch value {
  case let parameter as Parameter: try visit(path, .parameter(parameter))
  case let buffer as Buffer: try visit(path, .buffer(buffer))
  case let module as any Module: try walk(module, path, visit)
  case is any ModuleSetting: break
  case let list as [Any]:
    for (index, element) in list.enumerated() { try place(element, join(path, "\(index)"), visit) }
  default:
    let mirror = Mirror(reflecting: value)
    guard mirror.displayStyle == .optional else {
      throw ModuleError.unknownStoredType(path: path, type: "\(type(of: value))")
    }
    if let wrapped = mirror.children.first { try place(wrapped.value, path, visit) }
  }
}

private func join(_ path: String, _ label: String) -> String {
  path.isEmpty ? label : "\(path).\(label)"
}

/// `runningMean` is `running_mean` in PyTorch's files.
func snakeCase(_ label: String) -> String {
  var result = ""
  for character in label {
    if character.isUppercase {
      result += "_" + character.lowercased()
    } else {
      result.append(character)
    }
  }
  return result
}
