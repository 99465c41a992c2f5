import FeatureMetrics
import NeighborEmbedding
import Pictures

extension EvaluationJob {
  /// The network, or the reason why there is none.
  func loadNetwork() throws -> (extractor: (any FeatureExtractor)?, missing: [String]) {
    switch try backend.network(settings.mode) {
    case .extractor(let extractor): return (extractor, [])
    case .missing(let reason):
      // Nothing can be measured of images without a network.
      guard !arePictures else { throw EvaluationError.noNetwork(reason: reason) }
      return (nil, ["FID, KID, precision, recall, density, coverage: \(reason)"])
    }
  }

  func compare(
    _ extractor: any FeatureExtractor, _ material: Material, _ record: inout EvaluationRecord,
    _ result: inout EvaluationResult, _ report: (Event) -> Void
  ) throws {
    let keys = try takeFeatures(extractor, material, &result, report)
    record.real.featuresKey = keys[0]
    let real = result.features[EvaluationInputs.realName]!
    let half = material.control == nil ? record.control?.count ?? 0 : 0
    let comparesHalves = half > settings.neighbors
    let comparisons =
      material.images.count - 1 + (material.control != nil || comparesHalves ? 1 : 0)
    var done = 0
    func comparison(
      _ set: String, _ images: (real: ImageSet, other: ImageSet), _ real: FeatureSet,
      _ other: FeatureSet
    ) throws -> FeatureScores {
      report(.comparing(set: set, done: done, of: comparisons))
      var scores = try settings.comparison.metrics(
        real: real, generated: other, backend.algebra)
      scores.networkAccuracy = try backend.classifier?(images.real, images.other)
      done += 1
      report(.comparing(set: set, done: done, of: comparisons))
      return scores
    }
    for (index, images) in material.images.dropFirst().enumerated() {
      record.sets[index].featuresKey = keys[index + 1]
      record.sets[index].features = try comparison(
        images.name, (material.images[0], images), real, result.features[images.name]!)
    }
    if let more = material.control {
      record.control?.features = try comparison(
        more.name, (material.images[0], more), real, result.features[more.name]!)
    } else if comparesHalves {
      let halves = (0..<half, half..<2 * half)
      record.control?.features = try comparison(
        "control", (material.images[0].part(halves.0), material.images[0].part(halves.1)),
        real.part(halves.0), real.part(halves.1))
    }
    report(.embedding)
    do {
      record.featureMap = try FeatureMap(
        material.images.compactMap { result.features[$0.name] }, seed: settings.seed)
    } catch TSNEError.allEqual {
      record.missing.append(
        "the map of features: to the network most real patches, or all patches, look the same.")
    }
  }

  /// Puts the features of all sets, the control included, into `result`: those in the cache first, so
  /// that the number of pictures that are left, and with it the time, is known from the start.
  /// - Returns: the names under which they are cached, in order.
  private func takeFeatures(
    _ extractor: any FeatureExtractor, _ material: Material, _ result: inout EvaluationResult,
    _ report: (Event) -> Void
  ) throws -> [String] {
    let all = material.images + [material.control].compactMap { $0 }
    let keys = all.map(extractor.key)
    for (images, key) in zip(all, keys) {
      result.features[images.name] = extractor.cached(key, of: images, cache)
    }
    let missing = zip(all, keys).filter { result.features[$0.0.name] == nil }
    let total = missing.reduce(0) { $0 + $1.0.count }
    var before = 0
    for (images, key) in missing {
      result.features[images.name] = try extractor.kept(
        key, of: images, cache, warn: { report(.warning($0)) },
        { report(.features(set: images.name, done: before + $0, of: total)) })
      before += images.count
    }
    return keys
  }
}
