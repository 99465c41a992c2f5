import Testing

@testable import Datasets
@testable import Kernel
@testable import Patches

@Suite struct HoleFillingTests {
  private let side = 48

  private func plane() -> [Float] {
    (0..<side * side).map { Float($0 % side) * 0.7 - Float($0 / side) * 0.3 + 5 }
  }

  @Test func planesComeBackInsideThePatch() throws {
    let truth = plane()
    var holed = truth
    for row in 10..<30 {
      for column in 8..<40 { holed[row * side + column] = .nan }
    }
    for index in stride(from: side * 35 + 3, to: side * 44, by: 7) where index % side > 2 {
      if index % side < side - 2 { holed[index] = .nan }
    }
    try HoleFilling.fillFromRim(&holed, width: side, height: side)
    for (found, expected) in zip(holed, truth) { #expect(abs(found - expected) < 1e-4) }
  }

  @Test func validPixelsAreNotTouchedAndNothingStaysEmpty() throws {
    for seed in 1...5 {
      let grid = syntheticGrid(
        width: side, height: side, seed: UInt64(seed), holeShare: Double(seed) * 0.15)
      var filled = grid.values
      try HoleFilling.fillFromRim(&filled, width: side, height: side)
      #expect(!filled.contains { $0.isNaN })
      for (found, before) in zip(filled, grid.values) where !before.isNaN {
        #expect(found == before)
      }
    }
  }

  @Test func filledValuesLieWithinTheRim() throws {
    var values = syntheticGrid(width: side, height: side).values
    var rim: [Float] = []
    for row in 0..<side {
      for column in 0..<side {
        let isHole = row < 20 && column < 25  // reaches two edges
        if isHole { values[row * side + column] = .nan }
        if !isHole && row <= 20 && column <= 25 { rim.append(values[row * side + column]) }
      }
    }
    try HoleFilling.fillFromRim(&values, width: side, height: side)
    let lowest = rim.min() ?? 0
    let highest = rim.max() ?? 0
    for row in 0..<20 {
      for column in 0..<25 {
        let value = values[row * side + column]
        #expect(value >= lowest - 1e-4 && value <= highest + 1e-4)
      }
    }
  }

  @Test func eachFilledPixelIsTheMeanOfItsNeighbors() throws {
    var values = syntheticGrid(width: side, height: side).values
    let hole = (0..<side * side).filter {
      let x = $0 % side - 20
      let y = $0 / side - 25
      return x * x + y * y < 120
    }
    for index in hole { values[index] = .nan }
    try HoleFilling.fillFromRim(&values, width: side, height: side)
    for index in hole {
      let mean =
        (values[index - 1] + values[index + 1] + values[index - side] + values[index + side]) / 4
      #expect(abs(values[index] - mean) < 2e-5)
    }
  }

  @Test func turningAndFillingCommute() throws {
    let grid = syntheticGrid(width: side, height: side, seed: 8, holeShare: 0.3)
    let turn = SquareSymmetry(mirrors: true, quarterTurns: 1)
    var filled = grid.values
    try HoleFilling.fillFromRim(&filled, width: side, height: side)
    var turned = turn(grid.values, side: side)
    try HoleFilling.fillFromRim(&turned, width: side, height: side)
    for (a, b) in zip(turn(filled, side: side), turned) { #expect(abs(a - b) < 1e-4) }
  }

  @Test func aPatchWithoutDataIsAnError() {
    var values = [Float](repeating: .nan, count: 16)
    #expect(throws: PatchError.nothingToInterpolateFrom(width: 4, height: 4)) {
      try HoleFilling.fillFromRim(&values, width: 4, height: 4)
    }
  }
}
