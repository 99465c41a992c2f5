import FeatureMetrics
import NeighborEmbedding

/// t-SNE of the features of all sets, with a measure of how well they mix.
public struct FeatureMap: Sendable, Equatable, Codable {
  /// Number of patches of each set (the first ones).
  public var patchesPerSet: Int
  public var perplexity: Double
  public var klDivergence: Double
  /// [sets][sets], `real` first: 1 for perfectly mixed sets, 0 for separate ones.
  public var mixing: [[Double]]
  public var mixingNeighbours: Int
  /// [sets][2 * patchesPerSet]: x and y.
  public var positions: [[Float]]
  /// The patches of each set that are farthest from the real ones in features, farthest first.
  public var outliers: [Outlier]

  public struct Outlier: Sendable, Equatable, Codable {
    /// 0 is `real`.
    public var set: Int
    public var patch: Int
    /// Distance to the 5th nearest real patch, divided by the median of the same distance among
    /// real patches.
    public var score: Double
  }

  /// More points would make the page slow.
  static let largestCount = 5000
  static let outliersPerSet = 8

  /// - Parameter sets: features of `real`, then of the sets, with equal counts.
  /// - Returns: `nil` if there are too few samples.
  public init?(_ sets: [FeatureSet], seed: UInt64) throws {
    let count = min(sets.map(\.count).min() ?? 0, Self.largestCount / max(1, sets.count))
    var tsne = TSNE()
    tsne.seed = seed
    tsne.perplexity = min(tsne.perplexity, TSNE.largestPerplexity(count: count * sets.count))
    let neighbors = 10
    guard count > neighbors, tsne.perplexity >= 2 else { return nil }
    let points = try sets.map { set in
      let part = set.part(0..<count)
      return try PointMatrix(part.values, count: count, dimension: part.dimension)
    }
    let embedding = try tsne.embed(PointMatrix(joining: points))
    let overlap = try SetOverlap(
      positions: embedding.positions,
      sets: sets.indices.flatMap { Array(repeating: $0, count: count) },
      neighborCount: neighbors, threads: tsne.threads)
    patchesPerSet = count
    perplexity = tsne.perplexity
    klDivergence = embedding.klDivergence
    mixing = overlap.mixing
    mixingNeighbours = neighbors
    positions = sets.indices.map {
      Array(embedding.positions[2 * count * $0..<2 * count * ($0 + 1)])
    }
    var outliers: [Outlier] = []
    for (number, own) in points.enumerated() {
      let scores =
        number == 0
        ? try OutlierScore.scores(within: own, threads: tsne.threads).scores
        : try OutlierScore.scores(of: own, references: points[0], threads: tsne.threads)
      outliers += scores.enumerated().sorted { ($1.element, $0.offset) < ($0.element, $1.offset) }
        .prefix(Self.outliersPerSet)
        .map { Outlier(set: number, patch: $0.offset, score: $0.element) }
    }
    self.outliers = outliers
  }
}
