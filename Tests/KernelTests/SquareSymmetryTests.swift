import Testing

@testable import Kernel

@Suite struct SquareSymmetryTests {
  private let side = 5
  private var values: [Float] { (0..<25).map(Float.init) }

  @Test func thereAreEightAndAllDiffer() {
    #expect(Set(SquareSymmetry.all.map { $0(values, side: side) }).count == 8)
  }

  /// One after another is again one of them; each is undone by one of them.
  @Test func theyFormAGroup() {
    let all = Set(SquareSymmetry.all.map { $0(values, side: side) })
    for first in SquareSymmetry.all {
      let turned = first(values, side: side)
      #expect(Set(SquareSymmetry.all.map { $0(turned, side: side) }) == all)
    }
  }

  @Test func turnsAndMirrorsGoWhereTheySay() {
    // 0 1 / 2 3
    let turn = SquareSymmetry(mirrors: false, quarterTurns: 1)
    #expect(turn([0, 1, 2, 3], side: 2) == [1, 3, 0, 2])  // counter-clockwise
    let mirror = SquareSymmetry(mirrors: true, quarterTurns: 0)
    #expect(mirror([0, 1, 2, 3], side: 2) == [1, 0, 3, 2])
  }

  @Test func neighborsStayNeighbors() {
    // A plane stays a plane, so no row or column was shuffled.
    let plane: [Float] = (0..<25).map { (place: Int) -> Float in
      Float(3 * (place / 5) + 7 * (place % 5))
    }
    for symmetry in SquareSymmetry.all {
      let turned = symmetry(plane, side: 5)
      let right = turned[1] - turned[0]
      let down = turned[5] - turned[0]
      #expect([abs(right), abs(down)].sorted() == [3, 7])
      for place in 0..<25 where place % 5 < 4 {
        #expect(turned[place + 1] - turned[place] == right)
      }
    }
  }
}
