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
    func features(_ images: ImageSet) throws -> (FeatureSet, key: String) {
      let (found, key) = try extractor.features(
        of: images, cache: cache, warn: { report(.warning($0)) },
        { report(.features(set: images.name, done: $0, of: images.count)) })
      result.features[images.name] = found
      return (found, key)
    }
    let (real, realKey) = try features(material.images[0])
    record.real.featuresKey = realKey
    for (index, images) in material.images.dropFirst().enumerated() {
      let (own, key) = try features(images)
      record.sets[index].featuresKey = key
      report(.comparing(set: images.name))
      record.sets[index].features = try settings.comparison.metrics(
        real: real, generated: own, backend.algebra)
      record.sets[index].features?.networkAccuracy = try backend.classifier?(
        material.images[0], images)
    }
    report(.embedding)
    do {
      record.featureMap = try FeatureMap(
        material.images.compactMap { result.features[$0.name] }, seed: settings.seed)
    } catch TSNEError.allEqual {
      record.missing.append(
        "the map of features: to the network most real patches, or all patches, look the same.")
    }
    report(.comparing(set: "control"))
    if let more = material.control {
      record.control?.features = try settings.comparison.metrics(
        real: real, generated: features(more).0, backend.algebra)
      record.control?.features?.networkAccuracy = try backend.classifier?(
        material.images[0], more)
    } else if let half = record.control?.count, half > settings.neighbors {
      record.control?.features = try settings.comparison.metrics(
        real: real.part(0..<half), generated: real.part(half..<2 * half), backend.algebra)
      record.control?.features?.networkAccuracy = try backend.classifier?(
        material.images[0].part(0..<half), material.images[0].part(half..<2 * half))
    }
  }
}
