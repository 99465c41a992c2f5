import Evaluation

/// The patches of a set that the page shows: the first ones, then those that pairs need.
struct ShownPatches {
  /// The patch indices in the order of the page.
  let indices: [Int]
  private let places: [Int: Int]

  /// - Parameter needed: patches that must be included, in any order; duplicates are allowed.
  init(first: Int, of count: Int, needed: [Int]) {
    let first = min(first, count)
    indices = Array(0..<first) + Set(needed.filter { $0 >= first && $0 < count }).sorted()
    places = Dictionary(uniqueKeysWithValues: indices.enumerated().map { ($1, $0) })
  }

  /// The position of a patch on the page.
  func place(of patch: Int) -> Int? { places[patch] }

  /// The shown patches of `real` and the sets of a record, in this order.
  static func all(_ record: EvaluationRecord, count: Int, first: Int) -> [ShownPatches] {
    let pairs = record.sets.map { set in
      (set.deformation?.memorisation).map { $0.nearest + ($0.nearestInFeatures ?? []) } ?? []
    }
    let ofReal = pairs.flatMap { $0.map(\.reference) }
    return ([ofReal] + pairs.map { $0.map(\.query) }).map {
      ShownPatches(first: first, of: count, needed: $0)
    }
  }
}
