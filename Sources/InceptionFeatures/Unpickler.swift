import Foundation
import TorchCore

/// An interpreter of only those pickle operations that `torch.save` writes for a dictionary of
/// tensors.
///
/// It calls nothing: Python names are only texts, and the three callables that a state_dict needs
/// are implemented here. Any other operation, name or callable is refused.
/// Source: Python's pickletools.py (the operations), torch/_utils.py (`_rebuild_tensor_v2`).
final class Unpickler {
  /// Offset of the next byte; after `run`, the end of the pickle.
  private(set) var place = 0
  private let data: Data
  private var stack: [PickleValue] = []
  private var marks: [Int] = []
  private var memo: [Int: PickleValue] = [:]

  /// Limit of the value stack, the memo and all containers; a state_dict needs far less.
  private static let largestStack = 1 << 20
  private var containers: [PickleValue.Container] = []
  /// Number of values that were added to containers.
  private var containedCount = 0

  init(_ data: Data) { self.data = data }

  deinit {
    stack = []
    memo = [:]
    for container in containers { container.empty() }
  }

  private static let storageTypes: [String: DType] = [
    "torch FloatStorage": .float32, "torch DoubleStorage": .float64,
    "torch HalfStorage": .float16, "torch BFloat16Storage": .bfloat16,
    "torch LongStorage": .int64, "torch IntStorage": .int32, "torch ShortStorage": .int16,
    "torch CharStorage": .int8, "torch ByteStorage": .uint8, "torch BoolStorage": .bool,
  ]
  private static let callables = [
    "collections OrderedDict", "torch._utils _rebuild_tensor_v2",
    "torch._utils _rebuild_parameter",
  ]

  /// Reads one pickle.
  /// - Throws: `PickleFault`.
  func run() throws -> PickleValue {
    stack = []
    marks = []
    memo = [:]
    while true {
      let operation = try byte()
      if operation == UInt8(ascii: ".") {
        guard stack.count == 1 else {
          throw PickleFault("a pickle ends with \(stack.count) values")
        }
        return stack[0]
      }
      try execute(operation)
      guard max(stack.count, memo.count, containers.count, marks.count) < Self.largestStack,
        containedCount < 4 * Self.largestStack
      else {
        throw PickleFault("a pickle grows without end")
      }
    }
  }

  private func execute(_ operation: UInt8) throws {
    switch operation {
    case 0x80: _ = try byte()  // PROTO
    case 0x95: _ = try unsigned(8)  // FRAME
    case UInt8(ascii: "("): marks.append(stack.count)
    case UInt8(ascii: "N"): stack.append(.none)
    case 0x88: stack.append(.bool(true))
    case 0x89: stack.append(.bool(false))
    case UInt8(ascii: "J"):
      stack.append(.integer(Int(Int32(truncatingIfNeeded: try unsigned(4)))))
    case UInt8(ascii: "K"): stack.append(.integer(try unsigned(1)))
    case UInt8(ascii: "M"): stack.append(.integer(try unsigned(2)))
    case 0x8a: try pushLong()
    case UInt8(ascii: "G"): try pushDouble()
    case UInt8(ascii: "X"): stack.append(.text(try text(unsigned(4))))
    case 0x8c: stack.append(.text(try text(unsigned(1))))
    case UInt8(ascii: "c"): stack.append(.global("\(try line()) \(try line())"))
    case 0x93: try stackGlobal()
    case UInt8(ascii: "}"): stack.append(.dictionary(keep(.init())))
    case UInt8(ascii: "]"): stack.append(.list(keep(.init())))
    case UInt8(ascii: ")"): pushTuple([])
    case UInt8(ascii: "t"): pushTuple(try popToMark())
    case 0x85: pushTuple(try pop(1))
    case 0x86: pushTuple(try pop(2))
    case 0x87: pushTuple(try pop(3))
    case UInt8(ascii: "q"): memo[try unsigned(1)] = try top()
    case UInt8(ascii: "r"): memo[try unsigned(4)] = try top()
    case 0x94: memo[memo.count] = try top()
    case UInt8(ascii: "h"): try recall(unsigned(1))
    case UInt8(ascii: "j"): try recall(unsigned(4))
    case UInt8(ascii: "s"), UInt8(ascii: "u"):
      // The items are popped from the stack before their container is examined.
      let items = try operation == UInt8(ascii: "s") ? pop(2) : popToMark()
      try setItems(items)
    case UInt8(ascii: "a"), UInt8(ascii: "e"):
      let items = try operation == UInt8(ascii: "a") ? pop(1) : popToMark()
      try append(items)
    case UInt8(ascii: "Q"): stack.append(.storage(try persistentStorage(pop(1)[0])))
    case UInt8(ascii: "R"):
      let parts = try pop(2)
      stack.append(try reduce(parts[0], parts[1]))
    case UInt8(ascii: "b"): _ = try pop(1)  // an OrderedDict's `_metadata`, which is not needed
    default:
      throw PickleFault("pickle operation 0x\(String(operation, radix: 16)) is not one of tensors")
    }
  }

  // MARK: - Callables

  private func reduce(_ callable: PickleValue, _ arguments: PickleValue) throws -> PickleValue {
    guard case .global(let name) = callable, case .tuple(let parts) = arguments else {
      throw PickleFault("it calls something that is no name")
    }
    guard Self.callables.contains(name) else {
      throw PickleFault("it wants to call '\(name.prefix(80))', which no tensor needs")
    }
    switch name {
    case "collections OrderedDict" where parts.items.isEmpty: return .dictionary(keep(.init()))
    case "torch._utils _rebuild_parameter":
      guard case .tensor? = parts.items.first else {
        throw PickleFault("a parameter without a tensor")
      }
      return parts.items[0]
    case "torch._utils _rebuild_tensor_v2": return .tensor(try tensor(parts.items))
    default: throw PickleFault("it calls '\(name)' in an unknown way")
    }
  }

  private func tensor(_ parts: [PickleValue]) throws -> PickleValue.TensorView {
    guard parts.count >= 4, case .storage(let storage) = parts[0],
      case .integer(let offset) = parts[1], case .tuple(let sizes) = parts[2],
      case .tuple(let steps) = parts[3], sizes.items.count == steps.items.count,
      sizes.items.count <= 16
    else { throw PickleFault("a tensor is described in an unknown way") }
    func integers(_ values: [PickleValue]) throws -> [Int] {
      try values.map {
        guard case .integer(let number) = $0 else { throw PickleFault("a shape without numbers") }
        return number
      }
    }
    return .init(
      storage: storage, offset: offset, shape: try integers(sizes.items),
      strides: try integers(steps.items))
  }

  /// `('storage', type, key, location, count[, view])`.
  private func persistentStorage(_ id: PickleValue) throws -> PickleValue.Storage {
    guard case .tuple(let tuple) = id else {
      throw PickleFault("a storage is described in an unknown way")
    }
    let parts = tuple.items
    guard parts.count >= 5, case .text("storage") = parts[0],
      case .global(let name) = parts[1], case .text(let key) = parts[2]
    else { throw PickleFault("a storage is described in an unknown way") }
    guard let type = Self.storageTypes[name] else {
      throw PickleFault("a storage has the unknown type '\(name.prefix(80))'")
    }
    if parts.count > 5, case .none = parts[5] {
    } else if parts.count > 5 {
      throw PickleFault("a storage is a view of another, which is not read")
    }
    return .init(type: type, key: key)
  }

  // MARK: - Stack

  private func keep<C: PickleValue.Container>(_ container: C) -> C {
    containers.append(container)
    return container
  }

  private func pushTuple(_ items: [PickleValue]) {
    containedCount += items.count
    stack.append(.tuple(keep(.init(items))))
  }

  private func top() throws -> PickleValue {
    guard let value = stack.last else { throw PickleFault("an operation finds no value") }
    return value
  }

  private func pop(_ count: Int) throws -> [PickleValue] {
    guard stack.count - (marks.last ?? 0) >= count else {
      throw PickleFault("an operation finds no value")
    }
    defer { stack.removeLast(count) }
    return Array(stack.suffix(count))
  }

  private func popToMark() throws -> [PickleValue] {
    guard let mark = marks.popLast() else { throw PickleFault("an operation finds no mark") }
    defer { stack.removeLast(stack.count - mark) }
    return Array(stack[mark...])
  }

  private func recall(_ index: Int) throws {
    guard let value = memo[index] else { throw PickleFault("value \(index) was never stored") }
    stack.append(value)
  }

  private func setItems(_ items: [PickleValue]) throws {
    guard case .dictionary(let entries) = try top(), items.count.isMultiple(of: 2) else {
      throw PickleFault("items are set in what is no dictionary")
    }
    containedCount += items.count
    for index in stride(from: 0, to: items.count, by: 2) {
      entries.items.append((items[index], items[index + 1]))
    }
  }

  private func append(_ items: [PickleValue]) throws {
    guard case .list(let list) = try top() else {
      throw PickleFault("items are appended to what is no list")
    }
    containedCount += items.count
    list.items += items
  }

  private func stackGlobal() throws {
    let parts = try pop(2)
    guard case .text(let module) = parts[0], case .text(let name) = parts[1] else {
      throw PickleFault("a name that is no text")
    }
    stack.append(.global("\(module) \(name)"))
  }

  // MARK: - Bytes

  private func byte() throws -> UInt8 {
    guard place < data.count else { throw PickleFault("it ends at byte \(place)") }
    defer { place += 1 }
    return data[data.startIndex + place]
  }

  private func bytes(_ count: Int) throws -> Data {
    guard count >= 0, count <= data.count - place else {
      throw PickleFault("\(count) bytes are claimed at byte \(place), and \(data.count) are there")
    }
    defer { place += count }
    return data[data.startIndex + place..<data.startIndex + place + count]
  }

  /// A little-endian number; 8 bytes above `Int.max` are refused.
  private func unsigned(_ count: Int) throws -> Int {
    let value = try bytes(count).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard value <= UInt64(Int.max) else { throw PickleFault("a number is too large") }
    return Int(value)
  }

  private func text(_ count: Int) throws -> String {
    guard let text = String(validating: try bytes(count), as: UTF8.self) else {
      throw PickleFault("a text is not UTF-8")
    }
    return text
  }

  private func line() throws -> String {
    let start = place
    while try byte() != UInt8(ascii: "\n") {}
    return String(
      decoding: data[data.startIndex + start..<data.startIndex + place - 1], as: UTF8.self)
  }

  /// Up to 8 bytes become a number; longer ones (the magic number) hexadecimal text.
  private func pushLong() throws {
    let content = Array(try bytes(unsigned(1)))
    guard content.count > 8 else {
      let isNegative = content.last.map { $0 >= 0x80 } ?? false
      let start: UInt64 = isNegative ? ~0 : 0
      let bits = content.reversed().reduce(start) { $0 << 8 | UInt64($1) }
      stack.append(.integer(Int(Int64(bitPattern: bits))))
      return
    }
    let digits = content.reversed().map { byte in
      (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }.joined()
    stack.append(.text(String(digits.drop { $0 == "0" })))
  }

  private func pushDouble() throws {
    let bits = try bytes(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    stack.append(.number(Double(bitPattern: bits)))
  }
}
