import DurableFiles
import Foundation

/// Tensors by name and string metadata in a safetensors file.
///
/// Reading maps the file into memory and copies only the requested tensors.
package struct Safetensors: Sendable {
  private let file: SafetensorsFile

  /// Maps and checks a file.
  /// - Throws: `TorchError.file` with `path` if it is missing, truncated, or not a safetensors
  ///   file.
  package init(path: String) throws {
    file = try Self.translatingErrors { try SafetensorsFile(path: path) }
  }

  package var path: String { file.path }
  package var metadata: [String: String] { file.metadata }
  package var names: [String] { file.names }
  package func contains(_ name: String) -> Bool { file.entry(name) != nil }
  package func shape(_ name: String) -> [Int]? { file.entry(name)?.shape }
  package func dtype(_ name: String) -> DType? { (file.entry(name)?.type).map(DType.init) }

  /// Copies one tensor out of the file.
  /// - Throws: `TorchError.file` if there is no tensor of that name.
  package func tensor(_ name: String, device: Device = .cpu) throws -> Tensor {
    try Self.translatingErrors {
      try file.withBytes(of: name) { entry, bytes in
        try Tensor(bytes: bytes, dtype: DType(entry.type), shape: entry.shape, device: device)
      }
    }
  }

  /// Copies the requested tensors.
  package func tensors(where isWanted: (String) -> Bool = { _ in true }) throws -> [String: Tensor]
  {
    var result: [String: Tensor] = [:]
    for name in names where isWanted(name) { result[name] = try tensor(name) }
    return result
  }

  /// Verifies the checksum that `write` stored in the file.
  /// - Throws: `TorchError.file` if a byte differs, or if the file has no checksum.
  package func verifyChecksum() throws {
    try Self.translatingErrors { try file.verifyChecksum() }
  }

  /// Atomically writes tensors in order of their names, metadata, and a checksum of both.
  /// - Throws: `RunError.cannotWrite`, or `TorchError.file` for a type that the format does not
  ///   have.
  package static func write(
    _ tensors: [String: Tensor], metadata: [String: String] = [:], to path: String
  ) throws {
    var arrays: [String: (type: SafetensorsFile.ElementType, shape: [Int])] = [:]
    for (name, tensor) in tensors {
      let dtype = tensor.dtype
      guard let type = SafetensorsFile.ElementType.allCases.first(where: { DType($0) == dtype })
      else {
        throw TorchError.file(path: path, reason: "cannot hold '\(name)' of type \(dtype)")
      }
      arrays[name] = (type, tensor.shape)
    }
    try SafetensorsFile.write(arrays, metadata: metadata, to: path) { name, body in
      try tensors[name]!.withBytes(body)
    }
  }

  private static func translatingErrors<Result>(_ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch RunError.damaged(let path, let reason) {
      throw TorchError.file(path: path, reason: reason)
    }
  }
}

extension DType {
  /// The raw values of `DType` are LibTorch's, and the codes too.
  fileprivate init(_ type: SafetensorsFile.ElementType) { self.init(rawValue: type.code)! }
}
