import Kernel
import Patches
import Testing
import TorchCore
import TorchTestSupport

@testable import GANModel

@Suite struct ReorientationTests {
  private func maps(_ count: Int) throws -> Tensor {
    try Tensor((0..<9).map(Float.init), shape: [1, 1, 3, 3]).expand([count, 2, 3, 3])
  }

  @Test func withoutAShareMapsStayAsTheyLie() throws {
    var random = CounterRandom(1, .testInput)
    let turned = try Reorientation(probability: 0, .whole(50), &random)(maps(50))
    try expectClose(turned, maps(50), rtol: 0, atol: 0)
  }

  @Test func allEightOrientationsAreSeen() throws {
    var random = CounterRandom(1, .testInput)
    let values = try Reorientation(probability: 1, .whole(200), &random)(maps(200)).floats()
    var seen: [[Float]: Int] = [:]
    for index in 0..<200 {
      let first = Array(values[index * 18..<index * 18 + 9])
      // All channels of a map together.
      #expect(first == Array(values[index * 18 + 9..<index * 18 + 18]))
      #expect(first[4] == 4 && first.sorted() == (0..<9).map(Float.init))
      seen[first, default: 0] += 1
    }
    #expect(seen.count == 8 && seen.values.allSatisfy { $0 > 8 }, "\(seen.values)")
  }

  @Test func aShareOfMapsIsChanged() throws {
    var random = CounterRandom(2, .testInput)
    let values = try Reorientation(probability: 0.5, .whole(400), &random)(maps(400)).floats()
    let asTheyLie = (0..<400).count { values[$0 * 18 + 1] == 1 && values[$0 * 18 + 3] == 3 }
    // Half of them, and an eighth of the others.
    #expect(abs(asTheyLie - 225) < 40, "\(asTheyLie)")
  }

  @Test func aPartOfTheBatchIsTurnedLikeIt() throws {
    var random = CounterRandom(3, .testInput)
    let whole = try Reorientation(probability: 1, .whole(20), &random)(maps(20))
    random = CounterRandom(3, .testInput)
    let part = try Reorientation(probability: 1, BatchShare(total: 20, range: 5..<9), &random)(
      maps(4))
    try expectClose(part, whole.narrow(0, from: 5, length: 4), rtol: 0, atol: 0)
  }
}
