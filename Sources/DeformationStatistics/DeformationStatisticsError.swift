/// Errors thrown for invalid patches and settings; every message says what to do next.
public enum DeformationStatisticsError: Error, Equatable, CustomStringConvertible {
  case noPatches(set: String)
  case wrongSize(set: String, patch: Int, values: Int, expected: Int)
  case tooSmall(set: String, size: Int, needed: Int)
  case notFinite(set: String, patch: Int, value: Float)
  case sizesDiffer(first: String, firstSize: Int, second: String, secondSize: Int)
  case tooFewPatches(set: String, count: Int, needed: Int)
  case invalidSetting(name: String, value: String, remedy: String)

  public var description: String {
    switch self {
    case .noPatches(let set):
      "the set \(set) has no patches. Give a set with one patch or more."
    case .wrongSize(let set, let patch, let values, let expected):
      "patch \(patch) of \(set) has \(values) pixels, not \(expected). Give square patches of equal "
        + "size."
    case .tooSmall(let set, let size, let needed):
      "the patches of \(set) are \(size)x\(size) pixels; \(needed)x\(needed) or more are needed. "
        + "Give larger patches."
    case .notFinite(let set, let patch, let value):
      "patch \(patch) of \(set) contains \(value). Fill or leave out patches with no data."
    case .sizesDiffer(let first, let firstSize, let second, let secondSize):
      "\(first) has patches of \(firstSize)x\(firstSize) pixels and \(second) of "
        + "\(secondSize)x\(secondSize). Give sets of equal patch size."
    case .tooFewPatches(let set, let count, let needed):
      "\(set) has \(count) patch\(count == 1 ? "" : "es"), and \(needed) or more are needed. Give "
        + "more patches."
    case .invalidSetting(let name, let value, let remedy):
      "\(name) \(value): \(remedy)"
    }
  }
}
