import Foundation
import Testing

@testable import NeighborEmbedding

@Suite struct AffinitiesTests {
  @Test func theyAgreeWithScikitLearn() throws {
    let fixture = try TSNEFixture.load()
    let nearest = try NearestNeighbors(within: fixture.matrixOfPoints(), count: 30)
    let affinities = Affinities(nearest, perplexity: 10, threads: 2)
    var dense = [Double](repeating: 0, count: 31 * 31)
    for i in 0..<31 {
      for n in affinities.row(i) {
        dense[i * 31 + Int(affinities.entries[n].neighbor)] = Double(affinities.entries[n].value)
      }
    }
    for (ours, theirs) in zip(dense, fixture.affinities) {
      // scikit-learn works in single precision and stops at 1e-5 of the entropy.
      #expect(abs(ours - theirs) < 1e-3 * theirs + 1e-7)
    }
    #expect(abs(dense.reduce(0, +) - 1) < 1e-5)
  }

  @Test(arguments: [2.0, 5, 9])
  func theyHaveTheWantedPerplexity(perplexity: Double) {
    let distances = (0..<30).map { pow(Double($0), 1.7) + 3 }
    let shares = Affinities.shares(squaredDistances: distances, perplexity: perplexity)
    let entropy = shares.reduce(0) { $1 > 0 ? $0 - $1 * log($1) : $0 }
    #expect(abs(exp(entropy) - perplexity) < 1e-5)
  }

  @Test func equalDistancesShareEvenly() {
    let shares = Affinities.shares(squaredDistances: [4, 4, 4, 4], perplexity: 2)
    #expect(shares == [0.25, 0.25, 0.25, 0.25])
  }

  @Test func renumberingKeepsPairs() throws {
    let nearest = try NearestNeighbors(within: blobs([20], dimension: 3), count: 6)
    let affinities = Affinities(nearest, perplexity: 2, threads: 1)
    let order = (0..<Int32(20)).map { ($0 * 7) % 20 }
    var renumbered = affinities
    renumbered.renumber(order)
    for n in 0..<20 {
      let old = Int(order[n])
      let (ours, theirs) = (renumbered.row(n), affinities.row(old))
      #expect(
        renumbered.entries[ours].map(\.value) == affinities.entries[theirs].map(\.value))
      #expect(
        renumbered.entries[ours].map { order[Int($0.neighbor)] }
          == affinities.entries[theirs].map(\.neighbor))
    }
  }
}
