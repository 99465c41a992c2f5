import TestSupport
import Testing

@testable import Patches

@Suite struct BoxMeanTests {
  @Test(arguments: [1, 2, 3])
  func equalsTheMeanOfTheValidPixels(factor: Int) {
    let grid = syntheticGrid(width: 31, height: 29, holeShare: 0.6)
    let side = 7
    let window = BoxMean.window(of: grid, column: 3, row: 5, side: side, factor: factor)
    for row in 0..<side {
      for column in 0..<side {
        var valid: [Double] = []
        for y in 0..<factor {
          for x in 0..<factor {
            let value = grid.values[
              (5 + row * factor + y) * 31 + 3 + column * factor + x]
            if !value.isNaN { valid.append(Double(value)) }
          }
        }
        let found = window[row * side + column]
        if valid.isEmpty {
          #expect(found.isNaN)
        } else {
          let mean = valid.reduce(0, +) / Double(valid.count)
          #expect(abs(Double(found) - mean) <= 1e-6 * (1 + abs(mean)))
        }
      }
    }
  }

  @Test func factorOneCopiesBitForBit() {
    let grid = syntheticGrid(width: 12, height: 12, holeShare: 0.2)
    let window = BoxMean.window(of: grid, column: 0, row: 0, side: 12, factor: 1)
    #expect(sameBits(window, grid.values))
  }
}
