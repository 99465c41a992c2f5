import Foundation
import TorchCore

extension Stateful {
  /// Writes the state into one checksummed safetensors file, with what describes it in the metadata.
  /// The file appears whole or not at all; the same state and description give the same bytes.
  ///
  /// - Parameter halfPrecision: stores float16, which halves the file.
  package func write(
    describedBy description: some Encodable, format: String, halfPrecision: Bool = false,
    to path: String
  ) throws {
    var state = try state()
    if halfPrecision { state = try state.mapValues { try $0.detached().to(dtype: .float16) } }
    try Safetensors.write(
      state, metadata: ["format": format, "description": try sortedJSON(description)], to: path)
  }
}

/// The states of several objects, each tensor as `<object>.<tensor>`.
package enum NamedStates {
  /// Writes them into one checksummed safetensors file, with what is not a tensor in the metadata.
  /// The file appears whole or not at all; the same states give the same bytes.
  package static func write(
    _ objects: KeyValuePairs<String, any Stateful>, progress: some Encodable, format: String,
    to path: String
  ) throws {
    var tensors: [String: Tensor] = [:]
    for (object, stateful) in objects {
      for (name, tensor) in try stateful.state() { tensors["\(object).\(name)"] = tensor }
    }
    try Safetensors.write(
      tensors, metadata: ["format": format, "state": try sortedJSON(progress)], to: path)
  }
}

private func sortedJSON(_ value: some Encodable) throws -> String {
  let encoder = JSONEncoder()
  encoder.outputFormatting = .sortedKeys
  return String(decoding: try encoder.encode(value), as: UTF8.self)
}
