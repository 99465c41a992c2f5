import Testing

@testable import Kernel

@Suite struct PercentileTests {
  private let values: [Float] = [-3, 0, 1, 10]

  /// numpy.percentile([-3, 0, 1, 10], [0, 20, 50, 90, 100])
  @Test(arguments: [Percentile.Rule.weighted, .stepped])
  func betweenValuesItIsNumPys(rule: Percentile.Rule) {
    for (fraction, expected) in [(0, -3), (0.2, -1.2), (0.5, 0.5), (0.9, 7.3), (1, 10)] {
      #expect(
        abs(Percentile.value(fraction, ofSorted: values, rule: rule) - expected) < 1e-12)
    }
  }

  @Test func otherRulesTakeAValueThatIsThere() {
    #expect(Percentile.value(0.5, ofSorted: values, rule: .upper) == 1)
    let three: [Double] = [4, 5, 9]
    for rule in [Percentile.Rule.upper, .weighted, .stepped] {
      #expect(Percentile.value(0.5, ofSorted: three, rule: rule) == 5)
      #expect(Percentile.value(0, ofSorted: three, rule: rule) == 4)
      #expect(Percentile.value(1, ofSorted: three, rule: rule) == 9)
      #expect(Percentile.value(0.3, ofSorted: [7.0], rule: rule) == 7)
    }
  }

  /// The upper middle value of many is the one with the number count / 2, as medians of times have
  /// always been.
  @Test func theUpperMedianIsTheOneInTheMiddle() {
    for count in 1...40 {
      let sorted = (0..<count).map { Double($0) }
      #expect(Percentile.value(0.5, ofSorted: sorted, rule: .upper) == Double(count / 2))
      #expect(Percentile.upperMedian(sorted.reversed()) == Double(count / 2))
    }
  }

  @Test(arguments: [1, 2, 3, 10, 257, 4096])
  func unsortedValuesHaveTheSamePercentiles(count: Int) {
    let distinct = (0..<count).map { Float(($0 * 7919 + 13) % 10_007) - 5000 }
    let repeated = distinct.map { ($0 / 2000).rounded() }
    for values in [distinct, repeated, distinct.sorted(), distinct.sorted().reversed()] {
      for fraction in [0, 0.005, 0.3, 0.5, 0.75, 0.995, 1] {
        for rule in [Percentile.Rule.weighted, .stepped, .upper] {
          #expect(
            Percentile.value(fraction, of: values, rule: rule)
              == Percentile.value(fraction, ofSorted: values.sorted(), rule: rule))
        }
      }
    }
  }
}
