import TorchCore

/// A part of a network: a class whose stored properties are parameters, buffers, other modules,
/// arrays and optionals of these, and plain settings. They are set once, in `init`.
package protocol Module: Stateful {
  /// What reflection finds inside.
  ///
  /// Reflection is slow, so a module that is asked often keeps the answer: it declares
  /// `let contents = ModuleContents()`. Without that, each question is a new walk.
  var contents: ModuleContents { get }
}

extension Module {
  package var contents: ModuleContents { ModuleContents() }
}

/// A module that maps one tensor to one tensor.
package protocol Layer: Module {
  func callAsFunction(_ input: Tensor) throws -> Tensor
}

/// A module that behaves differently in training and evaluation mode.
package protocol TrainingDependent: Module {
  var isTraining: Bool { get set }
}

/// A stored type without tensors, which the walk skips.
package protocol ModuleSetting {}
extension Int: ModuleSetting {}
extension Double: ModuleSetting {}
extension Bool: ModuleSetting {}
extension String: ModuleSetting {}

/// A tensor that is learned.
package final class Parameter {
  package let tensor: Tensor
  /// Makes `tensor` a leaf of autograd.
  package init(_ tensor: Tensor) throws { self.tensor = try tensor.requireGradient() }
}

/// A tensor of the state that is not learned.
package final class Buffer {
  package let tensor: Tensor
  package init(_ tensor: Tensor) { self.tensor = tensor }
}

/// Errors thrown by a module's structure or state.
package enum ModuleError: Error, CustomStringConvertible, Equatable {
  /// A stored property of an unknown type, whose state would be lost silently.
  case unknownStoredType(path: String, type: String)
  case missingTensors([String])
  case unexpectedTensors([String])
  case shape(name: String, expected: [Int], got: [Int])

  package var description: String {
    switch self {
    case .unknownStoredType(let path, let type):
      "\(path) is a \(type): store a Parameter, Buffer, Module or ModuleSetting"
    case .missingTensors(let names):
      "the state lacks \(names.count) tensors, such as \(names.prefix(3).joined(separator: ", ")): "
        + "it was written by another architecture"
    case .unexpectedTensors(let names):
      "the state has \(names.count) unknown tensors, such as "
        + "\(names.prefix(3).joined(separator: ", ")): it was written by another architecture"
    case .shape(let name, let expected, let got):
      "\(name) has shape \(got) in the state, but \(expected) in this network: "
        + "it was written with another size or width"
    }
  }
}
