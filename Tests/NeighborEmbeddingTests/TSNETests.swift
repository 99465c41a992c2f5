import Foundation
import Testing

@testable import NeighborEmbedding

@Suite struct TSNETests {
  /// How repulsive forces are computed.
  enum Repulsion: CaseIterable {
    case exact, tree, grid
  }

  private func settings(_ method: Repulsion = .exact, threads: Int = 2) -> TSNE {
    var settings = TSNE()
    settings.perplexity = 10
    settings.earlyIterations = 100
    settings.iterations = 150
    settings.exactUpTo = method == .exact ? 1000 : 10
    settings.gridFrom = method == .grid ? 11 : 10_000
    settings.threads = threads
    return settings
  }

  /// Share of points whose nearest point in the picture is of their own blob.
  private func purity(_ embedding: TSNE.Embedding, _ counts: [Int]) throws -> Double {
    let members = counts.enumerated().flatMap { Array(repeating: $0.offset, count: $0.element) }
    let picture = try PointMatrix(embedding.positions, count: embedding.count, dimension: 2)
    let nearest = try NearestNeighbors(within: picture, count: 1)
    let right = members.indices.count { members[$0] == members[Int(nearest.indices[$0])] }
    return Double(right) / Double(members.count)
  }

  @Test(arguments: Repulsion.allCases)
  func blobsStayApart(method: Repulsion) throws {
    let counts = [90, 60, 80]
    let embedding = try settings(method).embed(blobs(counts, dimension: 20))
    #expect(try purity(embedding, counts) > 0.99)
    #expect(embedding.positions.allSatisfy { $0.isFinite })
  }

  @Test(arguments: [Repulsion.tree, .grid])
  func approximateForcesGiveAsGoodAPicture(method: Repulsion) throws {
    let points = try blobs([150, 150], dimension: 10, distance: 2)
    let exact = try settings().embed(points)
    let approximate = try settings(method).embed(points)
    #expect(exact.klDivergence > 0.1)
    #expect(abs(exact.klDivergence - approximate.klDivergence) < 0.05 * exact.klDivergence)
  }

  @Test func theDivergenceAgreesWithNumPy() throws {
    let fixture = try TSNEFixture.load()
    let nearest = try NearestNeighbors(within: fixture.matrixOfPoints(), count: 30)
    let layout = EmbeddingLayout(
      Affinities(nearest, perplexity: 10, threads: 1), start: fixture.picture, settings: TSNE())
    #expect(abs(layout.klDivergence() - fixture.divergence) < 1e-3 * fixture.divergence)
  }

  @Test(arguments: Repulsion.allCases)
  func theSameSeedGivesTheSamePictureOnAnyNumberOfThreads(method: Repulsion) throws {
    let points = try blobs([200, 140], dimension: 60)
    let one = try settings(method, threads: 1).embed(points)
    let many = try settings(method, threads: 4).embed(points)
    #expect(one == many)
    var other = settings(method)
    other.seed = 1
    #expect(try other.embed(points) != one)
  }

  @Test(arguments: Repulsion.allCases)
  func equalPointsDoNotSpoilThePicture(method: Repulsion) throws {
    var values = try blobs([60], dimension: 5).values
    for _ in 0..<40 { values += values.prefix(5) }
    let embedding = try settings(method).embed(PointMatrix(values, count: 100, dimension: 5))
    #expect(embedding.positions.allSatisfy { $0.isFinite })
  }

  /// The grid is for many points: it must not change pictures that were made before there was one.
  @Test func theGridIsUsedFromItsThresholdOn() throws {
    let points = try blobs([70, 80], dimension: 6)
    var (below, above) = (settings(.tree), settings(.tree))
    (below.gridFrom, above.gridFrom) = (151, 150)
    let tree = try settings(.tree).embed(points)
    #expect(try below.embed(points) == tree)
    #expect(try above.embed(points) != tree)
  }

  @Test func tooLargeAPerplexityIsRefusedWithOneThatFits() throws {
    let points = try blobs([50], dimension: 4)
    #expect {
      try TSNE().embed(points)
    } throws: { "\($0)".contains("needs 91 points, and there are 50. Lower it to 16.0 or less") }
    var fitting = settings()
    fitting.perplexity = TSNE.largestPerplexity(count: 50)
    #expect(try fitting.embed(points).count == 50)
  }

  @Test func settingsOutOfRangeAreNamed() throws {
    let points = try blobs([50], dimension: 4)
    for change in [
      { (s: inout TSNE) in s.perplexity = 0.5 }, { $0.theta = 1 }, { $0.momentum = 1 },
      { $0.iterations = -1 }, { $0.threads = 0 }, { $0.principalComponents = 1 },
      { $0.earlyExaggeration = .nan },
    ] as [(inout TSNE) -> Void] {
      var wrong = settings()
      change(&wrong)
      #expect(throws: TSNEError.self) { try wrong.embed(points) }
    }
    #expect(throws: TSNEError.tooFewPoints(count: 3, needed: 4, purpose: "a t-SNE")) {
      try settings().embed(blobs([3], dimension: 4))
    }
  }
}
