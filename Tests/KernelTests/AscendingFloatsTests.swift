import Kernel
import Testing

@Suite struct AscendingFloatsTests {
  @Test(arguments: [0, 1, 100, 4097, 20_000])
  func theOrderIsThatOfSorted(count: Int) {
    var random = CounterRandom(7, .testInput, UInt64(count))
    var values = (0..<count).map { _ in Float(random.normal() * 1e3) }
    for (index, value) in [
      Float.infinity, -.infinity, 0, 0x1p-140, -0x1p-140, .greatestFiniteMagnitude,
    ]
    .enumerated() where index < count {
      values[index * 7 % count] = value
    }
    #expect(values.ascending().map(\.bitPattern) == values.sorted().map(\.bitPattern))
  }

  @Test func zerosOfBothSignsKeepTheirOrder() {
    let values = (0..<5000).map { $0 % 3 == 0 ? -Float.zero : Float($0 % 5) }
    #expect(values.ascending().map(\.bitPattern) == values.sorted().map(\.bitPattern))
  }
}
