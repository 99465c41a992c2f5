import DurableFiles
import Foundation
import Kernel

/// t-distributed stochastic neighbour embedding: many numbers a point become a picture.
///
/// The same points, settings and seed give the same picture, bit for bit, on any number of threads.
/// Source: van der Maaten and Hinton, JMLR 9 (2008); Barnes-Hut: van der Maaten, JMLR 15 (2014);
/// initial layout and learning rate: Kobak and Berens, Nature Communications 10 (2019), and Belkina
/// et al., Nature Communications 10 (2019).
public struct TSNE: Sendable, Equatable, Codable {
  /// The number of neighbours that a point effectively has.
  public var perplexity = 30.0
  /// Affinities are so many times larger in the first iterations.
  public var earlyExaggeration = 12.0
  public var earlyIterations = 250
  public var iterations = 500
  /// Up to so many points all pairs push each other; above, cells of a quadtree do.
  public var exactUpTo = 1000
  /// The side of a cell over its distance, below which it counts as one point.
  public var theta = 0.5
  public var momentum = 0.8
  /// Points are reduced to so many principal components first.
  public var principalComponents = 50
  public var seed: UInt64 = 0
  /// Does not change the result.
  public var threads = ProcessInfo.processInfo.activeProcessorCount

  public init() {}

  /// The largest perplexity that `count` points allow: a third of the neighbours there are.
  public static func largestPerplexity(count: Int) -> Double {
    (Double(max(0, count - 1)) / 3).rounded(.down)
  }

  /// A picture of the points.
  public struct Embedding: Sendable, Equatable {
    /// [2 * count]: x and y of each point, centred.
    public let positions: [Float]
    /// Of the affinities against the picture's, over all pairs (not the quadtree's estimate).
    public let klDivergence: Double
    public var count: Int { positions.count / 2 }
  }

  /// Lays out the points in the plane.
  /// - Parameter progress: called after each iteration with the number done.
  /// - Throws: `TSNEError` for settings out of range, a perplexity too large for so few points,
  ///   and points that are all equal; `RunError.interrupted`.
  public func embed(
    _ points: PointMatrix, progress: (Int) -> Void = { _ in }
  ) throws -> Embedding {
    try validate(count: points.count)
    let reduced = try PrincipalComponents(
      points, components: principalComponents, seed: seed, threads: threads)
    let data = points.dimension > principalComponents ? reduced.projected : points
    let nearest = try NearestNeighbours(
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

  /// Checks the settings against so many points, which `embed` does as well.
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

  /// The first two principal components, at most 1e-4 wide, and jitter that parts equal points.
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
