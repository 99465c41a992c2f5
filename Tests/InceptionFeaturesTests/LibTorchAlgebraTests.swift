import EvaluationTestSupport
import Testing
import TorchCore

@testable import FeatureMetrics
@testable import InceptionFeatures

/// LibTorch's linear algebra beside the plain one.
struct LibTorchAlgebraTests {
  private let torch = LibTorchAlgebra()
  private let plain = PlainAlgebra(threads: 2)

  /// More samples than dimensions in both, in one, in none; sizes beyond one block of 256.
  @Test(
    "both give the same distances to a relative 1e-9",
    arguments: [(90, 120, 48), (120, 20, 48), (20, 15, 48), (320, 310, 270), (60, 300, 270)])
  func distances(sizes: (a: Int, b: Int, dimension: Int)) throws {
    let a = normalFeatures(sizes.a, dimension: sizes.dimension, sigma: 2, seed: 1)
    let b = normalFeatures(sizes.b, dimension: sizes.dimension, mean: 0.3, seed: 2)
    let fid = try FrechetDistance.between(a, b, torch)
    #expect(abs(try FrechetDistance.between(a, b, plain) / fid - 1) < 1e-9)
    let kid = try KernelDistance.between(a, b, torch)
    #expect(abs(try KernelDistance.between(a, b, plain) / kid - 1) < 1e-9)
    #expect(
      try NeighborMetrics(real: a, generated: b, neighbors: 3, torch)
        == NeighborMetrics(real: a, generated: b, neighbors: 3, plain))
    let (inTorch, inPlain) = try (
      FrechetDistance.crossTraceOfAnyRank(
        GaussianFit(a, torch), GaussianFit(b, torch), torch),
      FrechetDistance.crossTraceOfAnyRank(
        GaussianFit(a, plain), GaussianFit(b, plain), plain)
    )
    #expect(abs(inPlain / inTorch - 1) < 1e-9)
  }

  /// A constant feature, and one that is twice another.
  @Test("both agree on singular covariances to 1e-7 of the traces")
  func singular() throws {
    func set(_ seed: UInt64) -> FeatureSet {
      let features = normalFeatures(60, dimension: 8, seed: seed)
      var values = features.values
      for row in 0..<60 {
        values[row * 8 + 3] = 1
        values[row * 8 + 4] = 2 * values[row * 8 + 5]
      }
      return FeatureSet(count: 60, dimension: 8, values: values)
    }
    let (a, b) = (set(1), set(2))
    let fid = try FrechetDistance.between(a, b, torch)
    let traces = try GaussianFit(a, plain).trace + GaussianFit(b, plain).trace
    #expect(abs(try FrechetDistance.between(a, b, plain) - fid) < 1e-7 * traces)
  }

  @Test("each operation agrees, element by element")
  func operations() throws {
    func expectEqual<A: AlgebraMatrix, B: AlgebraMatrix>(
      _ a: A, _ b: B, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
      #expect(a.rows == b.rows && a.columns == b.columns, sourceLocation: sourceLocation)
      let (x, y) = try (a.values(), b.values())
      let size = x.map(abs).max() ?? 0
      #expect(
        zip(x, y).allSatisfy { abs($0 - $1) <= 1e-12 * size }, sourceLocation: sourceLocation)
    }
    let features = normalFeatures(40, dimension: 9, seed: 1)
    let (a, b) = try (torch.matrix(features), plain.matrix(features))
    try expectEqual(torch.meanRow(of: a), plain.meanRow(of: b))
    try expectEqual(
      torch.shifted(a, by: torch.meanRow(of: a), times: 3),
      plain.shifted(b, by: plain.meanRow(of: b), times: 3))
    try expectEqual(torch.rows(3..<7, of: a), plain.rows(3..<7, of: b))
    try expectEqual(torch.squaredLengths(of: a), plain.squaredLengths(of: b))
    let (gram, plainGram) = try (torch.smallerGram(of: a), plain.smallerGram(of: b))
    try expectEqual(gram, plainGram)
    let l = try #require(try torch.choleskyFactor(of: gram))
    let plainL = try #require(plain.choleskyFactor(of: plainGram))
    try expectEqual(l, plainL)
    let lower = try torch.transposedCongruence(l, gram).values()
    let plainLower = plain.transposedCongruence(plainL, plainGram).values()
    for row in 0..<9 {
      for column in 0...row {
        let (x, y) = (lower[row * 9 + column], plainLower[row * 9 + column])
        #expect(abs(x - y) < 1e-11 * plainLower.map(abs).max()!)
      }
    }
    let cubes = try torch.sumOfCubes(of: a, over: 9)
    #expect(abs(plain.sumOfCubes(of: b, over: 9) / cubes - 1) < 1e-13)
    let norm = try torch.nuclearNorm(of: a)
    #expect(abs(try plain.nuclearNorm(of: b) / norm - 1) < 1e-13)
  }
}
