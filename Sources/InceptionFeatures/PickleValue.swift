import TorchCore

/// What a pickle of tensors may hold; containers are shared by reference, as the format needs.
enum PickleValue {
  case none
  case bool(Bool)
  case integer(Int)
  case number(Double)
  case text(String)
  case tuple(Tuple)
  case list(List)
  case dictionary(Dictionary)
  /// A name of Python's, only ever compared with the ones that are known.
  case global(String)
  case storage(Storage)
  case tensor(TensorView)

  /// What holds values. The unpickler empties all that it made before it lets them go, so that a
  /// chain of a million of them does not end in a million nested releases.
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

/// Why a pickle is not read.
struct PickleFault: Error {
  let reason: String
  init(_ reason: String) { self.reason = reason }
}

/// Calls `body` for the storage of every tensor in a dictionary.
func collectStorages(_ value: PickleValue, _ body: (PickleValue.Storage) -> Void) {
  guard case .dictionary(let entries) = value else { return }
  for case (_, .tensor(let tensor)) in entries.items { body(tensor.storage) }
}
