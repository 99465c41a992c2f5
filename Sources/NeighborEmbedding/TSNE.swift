import DurableFiles
import Foundation
import Kernel

/// t-SNE: embeds high-dimensional points in two dimensions.
///
/// The same points, settings and seed give the same result, bit for bit, on any number of threads.
/// Source: van der Maaten and Hinton, JMLR 9 (2008); Barnes-Hut: van der Maaten, JMLR 15 (2014);
/// grid: Linderman et al., Nature Methods 16 (2019); initial layout and learning rate: Kobak and
/// Berens, Nature Communications 10 (2019), and Belkina et al., Nature Communications 10 (2019).
public struct TSNE: Sendable, Equatable, Codable {
  /// Effective number of neighbors of a point.
  public var perplexity = 30.0
  /// Early-exaggeration factor: affinities are multiplied by it in the first iterations.
  public var earlyExaggeration = 12.0
  public var earlyIterations = 250
  public var iterations = 500
  /// Up to this number of points, repulsive forces are computed exactly; above, with a quadtree.
  public var exactUpTo = 1000
  /// A cell of the quadtree whose ratio of side to distance is below this value is treated as one point.
  public var theta = 0.5
  /// From this many points on, repulsive forces are interpolated on a grid, at a cost that hardly
  /// grows with the number of points. If the grid would have over 32 nodes per point, the quadtree
  /// is used.
  public var gridFrom = 10_000
  public var momentum = 0.8
  /// Number of principal components to which points are first reduced.
  public var principalComponents = 50
  public var seed: UInt64 = 0
  /// Number of threads; does not change the result.
  public var threads = ProcessInfo.processInfo.activeProcessorCount

  public init() {}

  /// The largest perplexity for `count` points: a third of the number of possible neighbors.
  public static func largestPerplexity(count: Int) -> Double {
    (Double(max(0, count - 1)) / 3).rounded(.down)
  }

  /// The result of an embedding.
  public struct Embedding: Sendable, Equatable {
    /// [2 * count]: x and y of each point, centered.
    public let positions: [Float]
    /// The KL divergence over all pairs (not the quadtree's estimate).
    public let klDivergence: Double
    public var count: Int { positions.count / 2 }
  }

  /// Computes the embedding.
  /// - Parameter progress: called after each iteration with the number of finished iterations.
  /// - Throws: `TSNEError` for settings out of range, a perplexity too large for the number of
  ///   points, and points that are all equal; `RunError.interrupted`.
  public func embed(
    _ points: PointMatrix, progress: (Int) -> Void = { _ in }
  ) throws -> Embedding {
    try validate(count: points.count)
    let reduced = try PrincipalComponents(
      points, components: principalComponents, seed: seed, threads: threads)
    let data = points.dimension > principalComponents ? reduced.projected : points
    let nearest = try NearestNeighbors(
      within: data, count: Int(3 * perplexity), threads: threads)
    let affinities = Affinities(nearest, perplexity: perplexity, threads: threads)
    var layout = EmbeddingLayout(
      affinities, start: initialPositions(reduced), settings: self)
    for iteration in 0..<earlyIterations + iterations {
      try Interruption.check()
      layout.step(exaggeration: iteration < earlyIterations ? earlyExaggeration : 1)
      progress(iteration + 1)
    }
    return Embedding(positions: layout.positions, klDivergence: layout.klDivergence())
  }

  /// Checks the settings for `count` points; `embed` does that as well.
  /// - Throws: `TSNEError.invalidSetting`, `.perplexityTooLarge`, `.tooFewPoints`.
  public func validate(count: Int) throws {
    func check(_ isRight: Bool, _ name: String, _ value: Any, _ remedy: String) throws {
      if !isRight { throw TSNEError.invalidSetting(name: name, value: "\(value)", remedy: remedy) }
    }
    try check((1...1e6).contains(perplexity), "perplexity", perplexity, "give 1 to 1000000.")
    try check(
      (1...1e6).contains(earlyExaggeration), "early exaggeration", earlyExaggeration,
      "give 1 to 1000000.")
    try check(
      (0...1_000_000).contains(earlyIterations), "early iterations", earlyIterations,
      "give 0 to 1000000.")
    try check(
      (0...1_000_000).contains(iterations), "iterations", iterations, "give 0 to 1000000.")
    try check((0...0.7).contains(theta), "theta", theta, "give 0 to 0.7; 0.5 is usual.")
    try check((0..<1).contains(momentum), "momentum", momentum, "give 0 or more, and below 1.")
    try check(
      principalComponents >= 2, "principal components", principalComponents, "give 2 or more.")
    try check((1...1024).contains(threads), "threads", threads, "give 1 to 1024.")
    guard count >= 4 else {
      throw TSNEError.tooFewPoints(count: count, needed: 4, purpose: "a t-SNE")
    }
    guard 3 * perplexity <= Double(count - 1) else {
      throw TSNEError.perplexityTooLarge(perplexity: perplexity, count: count)
    }
  }

  /// The first two principal components, at most 1e-4 wide, plus jitter that separates equal
  /// points.
  private func initialPositions(_ components: PrincipalComponents) -> [Float] {
    let (count, dimension) = (components.projected.count, components.projected.dimension)
    let scale = 1e-4 / components.variances[0].squareRoot()
    var positions = [Float](repeating: 0, count: 2 * count)
    for i in 0..<count {
      var random = CounterRandom(seed, .tsneLayout, UInt64(i))
      for axis in 0..<2 {
        let value = axis < dimension ? components.projected.values[i * dimension + axis] : 0
        positions[2 * i + axis] = Float(Double(value) * scale + 1e-6 * random.normal())
      }
    }
    return positions
  }
}
