import FeatureMetrics
import InceptionFeatures
import NeighborEmbedding

/// All sets' features laid out in one plane, with a number on how far they mix.
public struct FeatureMap: Sendable, Equatable, Codable {
  /// The first patches of each set, as many.
  public var patchesPerSet: Int
  public var perplexity: Double
  public var klDivergence: Double
  /// [sets][sets], `real` first: 1 where mixed as by chance, 0 where apart.
  public var mixing: [[Double]]
  public var mixingNeighbours: Int
  /// [sets][2 * patchesPerSet]: x and y.
  public var positions: [[Float]]
  /// The patches of each set that lie farthest from the real ones in features, farthest first.
  public var outliers: [Outlier]

  public struct Outlier: Sendable, Equatable, Codable {
    /// 0 is `real`.
    public var set: Int
    public var patch: Int
    /// Distance to the 5th real neighbour, over the median of the real ones'.
    public var score: Double
  }

  /// More points than this make a page slow.
  static let largestCount = 5000
  static let outliersPerSet = 8

  /// - Parameter sets: features of `real`, then of the sets; as many each.
  /// - Returns: `nil` for too few samples for a picture.
  public init?(_ sets: [FeatureSet], seed: UInt64) throws {
    let count = min(sets.map(\.count).min() ?? 0, Self.largestCount / max(1, sets.count))
    var tsne = TSNE()
    tsne.seed = seed
    tsne.perplexity = min(tsne.perplexity, TSNE.largestPerplexity(count: count * sets.count))
    let neighbours = 10
    guard count > neighbours, tsne.perplexity >= 2 else { return nil }
    let points = try sets.map { set in
      let part = set.part(0..<count)
      return try PointMatrix(part.values, count: count, dimension: part.dimension)
    }
    let embedding = try tsne.embed(PointMatrix(joining: points))
    let overlap = try SetOverlap(
      positions: embedding.positions,
      sets: sets.indices.flatMap { Array(repeating: $0, count: count) },
      neighbourCount: neighbours, threads: tsne.threads)
    patchesPerSet = count
    perplexity = tsne.perplexity
    klDivergence = embedding.klDivergence
    mixing = overlap.mixing
    mixingNeighbours = neighbours
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
