import Evaluation
import FeatureMetrics
import Pictures

/// A separate t-SNE of the features of some of an evaluation's sets, as in the paper's Figs. 12 to
/// 15.
package struct FeatureScatter {
  private let map: FeatureMap
  private let names: [String]

  /// - Parameters:
  ///   - names: sets of the evaluation; `real` is always included, as the first.
  ///   - cache: the cache with the features of the evaluation.
  /// - Throws: `PageError` for a set that is not in the record or whose features are not in the
  ///   cache, and for too few samples.
  package init(
    _ record: EvaluationRecord, names: [String], cache: FeatureCache, seed: UInt64
  ) throws {
    let all = [record.real] + record.sets
    self.names = [record.real.name] + names.filter { $0 != record.real.name }
    let sets = try self.names.map { name in
      guard let set = all.first(where: { $0.name == name }) else {
        throw PageError.noSet(name: name, known: all.map(\.name))
      }
      return set
    }
    let features = try sets.map { set in
      guard let key = set.featuresKey, let found = cache.read(key) else {
        throw PageError.noFeatures(set: set.name, folder: cache.folder)
      }
      return found
    }
    guard let map = try FeatureMap(features, seed: seed) else {
      throw PageError.tooFewSamples
    }
    self.map = map
  }

  /// An image of the sets, each with its mixing with the real set: 1 for perfectly mixed, 0 for
  /// separate.
  package func picture(title: String) -> PNGImage {
    let groups = names.enumerated().map { number, name in
      ScatterPicture.Group(
        label: number == 0 ? name : name + " " + RateText.fixed(map.mixing[0][number], 2),
        positions: map.positions[number])
    }
    return ScatterPicture.render(groups, title: title)
  }
}
