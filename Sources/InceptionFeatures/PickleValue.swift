import TorchCore

/// The possible values in a pickle of tensors; containers have reference semantics, as the format
/// needs.
enum PickleValue {
  case none
  case bool(Bool)
  case integer(Int)
  case number(Double)
  case text(String)
  case tuple(Tuple)
  case list(List)
  case dictionary(Dictionary)
  /// A Python name, which is only compared with known names.
  case global(String)
  case storage(Storage)
  case tensor(TensorView)

  /// A container of values. The unpickler empties all containers before it releases them, so that a
  /// chain of a million containers does not cause a million nested releases.
  class Container {
    func empty() {}
  }
  final class Tuple: Container {
    private(set) var items: [PickleValue]
    init(_ items: [PickleValue]) { self.items = items }
    override func empty() { items = [] }
  }
  final class List: Container {
    var items: [PickleValue] = []
    override func empty() { items = [] }
  }
  final class Dictionary: Container {
    var items: [(key: PickleValue, value: PickleValue)] = []
    override func empty() { items = [] }
  }
  struct Storage {
    let type: DType
    let key: String
  }
  struct TensorView {
    let storage: Storage
    let offset: Int
    let shape: [Int]
    let strides: [Int]
  }
}

/// The reason why a pickle is refused.
struct PickleFault: Error {
  let reason: String
  init(_ reason: String) { self.reason = reason }
}

/// Calls `body` for the storage of every tensor in a dictionary.
func collectStorages(_ value: PickleValue, _ body: (PickleValue.Storage) -> Void) {
  guard case .dictionary(let entries) = value else { return }
  for case (_, .tensor(let tensor)) in entries.items { body(tensor.storage) }
}
