import TorchCore

/// What a pickle of tensors may hold; containers are shared by reference, as the format needs.
indirect enum PickleValue {
  case none
  case bool(Bool)
  case integer(Int)
  case number(Double)
  case text(String)
  case tuple([PickleValue])
  case list(List)
  case dictionary(Dictionary)
  /// A name of Python's, only ever compared with the ones that are known.
  case global(String)
  case storage(Storage)
  case tensor(TensorView)

  final class List {
    var items: [PickleValue] = []
  }
  final class Dictionary {
    var items: [(key: PickleValue, value: PickleValue)] = []
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
