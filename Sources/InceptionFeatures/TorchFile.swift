import DurableFiles
import Foundation
import TorchCore

/// Reads the tensors of a `state_dict` that `torch.save` wrote, without executing pickle code.
///
/// Both layouts are read: the current zip, and the sequence of pickles from before PyTorch 1.6.
enum TorchFile {
  /// The magic number at the start of the older layout.
  private static let legacyMagic = "1950a86a20f9469cfc6c"

  /// The requested tensors, copied out of the file; the others are not read.
  /// - Throws: `InceptionError.weights` for a damaged or hostile file and for contents other than
  ///   tensors by name; `RunError.cannotRead`.
  static func tensors(_ path: String, where isWanted: (String) -> Bool = { _ in true }) throws
    -> [String: Tensor]
  {
    let data = try InputFile.map(path)
    do {
      return data.starts(with: Array("PK".utf8))
        ? try zipped(data, isWanted) : try legacy(data, isWanted)
    } catch let fault as PickleFault {
      throw InceptionError.weights(
        path: path, reason: "is not a file of plain tensors, or is damaged: \(fault.reason)")
    }
  }

  private static func zipped(_ data: Data, _ isWanted: (String) -> Bool) throws -> [String: Tensor]
  {
    let archive = try StoredZip(data)
    guard let index = archive.names.first(where: { $0.hasSuffix("/data.pkl") }) else {
      throw PickleFault("it holds no data.pkl")
    }
    let root = index.dropLast("data.pkl".count)
    let reader = Unpickler(try archive.content(index))
    // The read values live as long as their reader.
    return try withExtendedLifetime(reader) {
      try state(try reader.run(), isWanted, limit: data.count) { storage in
        try archive.content("\(root)data/\(storage.key)")
      }
    }
  }

  private static func legacy(_ data: Data, _ isWanted: (String) -> Bool) throws -> [String: Tensor]
  {
    let reader = Unpickler(data)
    return try withExtendedLifetime(reader) { try legacy(reader, data, isWanted) }
  }

  private static func legacy(
    _ reader: Unpickler, _ data: Data, _ isWanted: (String) -> Bool
  ) throws -> [String: Tensor] {
    guard case .text(legacyMagic) = try reader.run() else {
      throw PickleFault("it begins neither as a zip nor as torch.save's older layout")
    }
    _ = try reader.run()  // the protocol's version
    _ = try reader.run()  // the byte order and sizes of the machine that wrote it
    let object = try reader.run()
    guard case .list(let keys) = try reader.run() else {
      throw PickleFault("the list of its storages is missing")
    }
    // After the last pickle: for each storage its length (8 bytes), then its values.
    var sizes: [String: Int] = [:]
    collectStorages(object) { sizes[$0.key] = $0.type.bytesPerElement }
    var ranges: [String: Range<Int>] = [:]
    var place = reader.place
    for case .text(let key) in keys.items {
      guard let width = sizes[key], data.count - place >= 8 else {
        throw PickleFault("it is cut off before storage \(key)")
      }
      let start = data.startIndex + place
      let count = data[start..<start + 8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      place += 8
      guard count <= UInt64((data.count - place) / width) else {
        throw PickleFault("storage \(key) claims \(count) values, and the file ends before")
      }
      ranges[key] = place..<place + Int(count) * width
      place += Int(count) * width
    }
    return try state(object, isWanted, limit: data.count) { storage in
      guard let range = ranges[storage.key] else {
        throw PickleFault("storage \(storage.key) is missing")
      }
      return data[data.startIndex + range.lowerBound..<data.startIndex + range.upperBound]
    }
  }

  /// The dictionary's tensors, each copied out of its storage.
  /// - Parameter limit: bytes of the file: twice this size is allowed, for tensors that share a
  ///   storage.
  private static func state(
    _ object: PickleValue, _ isWanted: (String) -> Bool, limit: Int,
    _ content: (PickleValue.Storage) throws -> Data
  ) throws -> [String: Tensor] {
    guard case .dictionary(let entries) = object else {
      throw PickleFault("it holds no dictionary of tensors")
    }
    var result: [String: Tensor] = [:]
    var bytes = 0
    for (key, value) in entries.items {
      guard case .text(let name) = key, case .tensor(let found) = value else {
        throw PickleFault("it holds something else than tensors by name")
      }
      guard isWanted(name) else { continue }
      let tensor = try tensor(found, name: name, try content(found.storage))
      bytes += tensor.count * tensor.dtype.bytesPerElement
      guard bytes <= 2 * limit else {
        throw PickleFault("its tensors take more than twice the bytes of the file")
      }
      result[name] = tensor
    }
    return result
  }

  private static func tensor(_ found: PickleValue.TensorView, name: String, _ bytes: Data) throws
    -> Tensor
  {
    let width = found.storage.type.bytesPerElement
    var count = 1
    for size in found.shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: size)
      guard size >= 0, !overflow else {
        throw PickleFault("'\(name)' has the impossible shape \(found.shape)")
      }
      count = product
    }
    let stored = bytes.count / width
    guard found.offset >= 0, found.offset <= stored, count <= stored - found.offset else {
      throw PickleFault(
        "'\(name)' of shape \(found.shape) needs \(count) values, and its storage has \(stored)")
    }
    var expected = 1
    for (size, stride) in zip(found.shape, found.strides).reversed() {
      guard size <= 1 || stride == expected else {
        throw PickleFault("'\(name)' is not contiguous: save it with .contiguous()")
      }
      expected &*= max(1, size)  // may overflow only if a size of 0 makes the tensor empty
    }
    return try bytes.withUnsafeBytes { all in
      let start = found.offset * width
      return try Tensor(
        bytes: UnsafeRawBufferPointer(rebasing: all[start..<start + count * width]),
        dtype: found.storage.type, shape: found.shape)
    }
  }
}
