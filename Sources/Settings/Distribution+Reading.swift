import Foundation

/// Faults of distributions, each with its place.
struct DistributionFaults: Error {
  var faults: [String]
}

extension Distribution {
  /// Reads a distribution from settings.
  /// - Throws: `DistributionFaults`.
  init(_ tree: ValueTree, path: String, options around: String = "") throws {
    let reader = Reader(tree: tree, path: path)
    let entries = tree.entries ?? []
    let kinds = entries.filter { Self.names.contains($0.key) }
    guard kinds.count == 1, let kind = kinds.first else {
      throw reader.fault("names \(kinds.map(\.key).joined(separator: " and ")); give one of them")
    }
    let companion = ["normal": "limits", "choice": "weights"][kind.key]
    for entry in entries where entry.key != kind.key && entry.key != companion {
      let known = ([kind.key] + (companion.map { [$0] } ?? [])).joined(separator: ", ")
      throw DistributionFaults(
        faults: ["\(entry.keyOrigin): unknown key '\(path).\(entry.key)'. Known here: \(known)."])
    }
    let other = companion.flatMap { tree[$0] }.flatMap { $0.isNull ? nil : $0 }
    switch kind.key {
    case "uniform":
      let (a, b) = try reader.range(kind.value, kind.key)
      self = .uniform(a, b)
    case "logUniform":
      let (a, b) = try reader.range(kind.value, kind.key)
      guard a > 0 else {
        throw reader.fault("has a logUniform that starts at \(a); give numbers above 0")
      }
      self = .logUniform(a, b)
    case "normal":
      let numbers = try reader.numbers(kind.value, kind.key)
      guard numbers.count == 2 else {
        throw reader.fault("has a normal of \(numbers.count) numbers; give [mean, deviation]")
      }
      let (mean, deviation) = (numbers[0], numbers[1])
      guard deviation >= 0 else {
        throw reader.fault("has a normal whose deviation is \(deviation); give 0 or more")
      }
      let reach = Self.normalReach * deviation
      let limits =
        try other.map { try reader.range($0, "limits") } ?? (mean - reach, mean + reach)
      func below(_ value: Double) -> Double {
        deviation > 0
          ? erfc((mean - value) / deviation / 2.0.squareRoot()) / 2 : value < mean ? 0 : 1
      }
      let isInside = mean >= limits.0 && mean <= limits.1
      guard deviation > 0 ? below(limits.1) - below(limits.0) > 0.001 : isInside else {
        throw reader.fault(
          "has limits \(limits.0) to \(limits.1) that leave out nearly all of the normal "
            + "distribution; give limits nearer to \(mean)")
      }
      self = .normal(mean: mean, deviation: deviation, least: limits.0, greatest: limits.1)
    case "choice":
      guard let options = kind.value.elements, !options.isEmpty else {
        throw reader.fault("has an empty choice; give the values in brackets")
      }
      let weights =
        try other.map { try reader.numbers($0, "weights") }
        ?? options.map { _ in 1 }
      let sum = weights.reduce(0, +)
      guard weights.count == options.count, weights.allSatisfy({ $0 >= 0 }), sum > 0 else {
        throw reader.fault(
          "has the weights \(weights.map { "\($0)" }.joined(separator: ", ")) for "
            + "\(options.count) values; give one for each, 0 or more, not all 0")
      }
      self = .choice(
        try options.enumerated().map { number, option in
          try DrawnTree(option, path: path, options: "\(around)|\(number)")
        }, weights: weights.map { $0 / sum })
    default:
      self = try reader.table(kind.value)
    }
  }

  private struct Reader {
    let tree: ValueTree
    let path: String

    func fault(_ text: String) -> DistributionFaults {
      DistributionFaults(
        faults: [(tree.origin.isEmpty ? "" : "\(tree.origin): ") + "\(path) \(text)."])
    }

    func numbers(_ list: ValueTree, _ name: String) throws -> [Double] {
      let numbers = list.elements?.map(ScalarReader.finiteNumber)
      guard let numbers, !numbers.isEmpty, numbers.allSatisfy({ $0 != nil }) else {
        throw fault("has a '\(name)' that is not a list of numbers; write \(name): [1, 2]")
      }
      return numbers.compactMap { $0 }
    }

    func range(_ list: ValueTree, _ name: String) throws -> (Double, Double) {
      let numbers = try numbers(list, name)
      guard numbers.count == 2 else {
        throw fault("has a \(name) of \(numbers.count) numbers; give the smallest and the largest")
      }
      guard numbers[0] <= numbers[1] else {
        throw fault(
          "has a \(name) from \(numbers[0]) to \(numbers[1]); give the smaller number first")
      }
      return (numbers[0], numbers[1])
    }

    func table(_ list: ValueTree) throws -> Distribution {
      guard let rows = list.elements, rows.count >= 2 else {
        throw fault("has a table of fewer than two points; give [[value, density], ...]")
      }
      let points = try rows.map { try numbers($0, "table") }
      guard points.allSatisfy({ $0.count == 2 }) else {
        throw fault("has a table with a point that is not [value, density]")
      }
      let (places, densities) = (points.map { $0[0] }, points.map { $0[1] })
      guard zip(places, places.dropFirst()).allSatisfy({ $0 < $1 }) else {
        throw fault("has a table whose values do not ascend; give the smallest first")
      }
      guard densities.allSatisfy({ $0 >= 0 }), densities.contains(where: { $0 > 0 }) else {
        throw fault("has a table with a negative density, or only zeros; give 0 or more")
      }
      return .table(places: places, densities: densities)
    }
  }
}

extension ScalarReader {
  static func finiteNumber(_ tree: ValueTree) -> Double? {
    guard case .plain(let word) = tree.content, let value = Double(word), value.isFinite else {
      return nil
    }
    return value
  }
}
