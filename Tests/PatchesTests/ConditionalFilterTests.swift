import Testing

@testable import Kernel
@testable import Patches

@Suite struct ConditionalFilterTests {
  @Test func defaultsAreThePapers() {
    let filter = ConditionalFilter()
    #expect(filter.quietRateCMPerYear == 3 && filter.theta == 0.3)
    #expect(filter.epochs.contains(75) && !filter.epochs.contains(76))
  }

  @Test func countsAgreeWithACountByHand() {
    let rates: [Float] = [0, 3, -3, 3.0001, -8, .nan, 2, .nan]
    #expect(ConditionalFilter().count(rates) == (quiet: 4, valid: 6))
  }

  @Test func thetaItselfIsKeptInBothDirections() {
    for keep in ConditionalFilter.Direction.allCases {
      #expect(ConditionalFilter(theta: 0.3, keep: keep).keeps(quiet: 3, valid: 10))
    }
    #expect(!ConditionalFilter(keep: .atMostTheta).keeps(quiet: 4, valid: 10))
    #expect(ConditionalFilter(keep: .atLeastTheta).keeps(quiet: 4, valid: 10))
  }

  @Test func directionsDisagreeExceptAtTheta() {
    var random = CounterRandom(5, .testInput)
    for _ in 0..<500 {
      let quiet = random.integer(in: 0...1000)
      let kept = ConditionalFilter.Direction.allCases.filter {
        ConditionalFilter(theta: 0.2995, keep: $0).keeps(quiet: quiet, valid: 1000)
      }
      #expect(kept.count == 1)
    }
  }

  @Test func aPatchWithoutDataIsNeverKept() {
    #expect(!ConditionalFilter(theta: 1).keeps(quiet: 0, valid: 0))
    #expect(!ConditionalFilter(theta: 0, keep: .atLeastTheta).keeps(quiet: 0, valid: 0))
  }
}
