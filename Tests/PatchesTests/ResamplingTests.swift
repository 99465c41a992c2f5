import Foundation
import TestSupport
import Testing

@testable import Datasets
@testable import Patches

@Suite struct ResamplingTests {
  private func plane(_ width: Int, _ height: Int, _ value: (Double, Double) -> Double) -> RateGrid {
    RateGrid(
      width: width, height: height,
      values: (0..<width * height).map { Float(value(Double($0 % width), Double($0 / width))) })
  }

  @Test(arguments: [2, 3, 4])
  func upsamplingKeepsAPlaneInside(factor: Int) {
    let big = Resampling.upsample(plane(9, 7) { 2 * $0 - 0.5 * $1 }, factor: factor)
    #expect(big.width == 9 * factor && big.height == 7 * factor)
    for row in factor..<6 * factor {
      for column in factor..<8 * factor {
        let x = (Double(column) + 0.5) / Double(factor) - 0.5
        let y = (Double(row) + 0.5) / Double(factor) - 0.5
        let found = Double(big.values[row * big.width + column])
        #expect(abs(found - (2 * x - 0.5 * y)) < 1e-5)
      }
    }
  }

  @Test func upsampledHolesStayHolesAndNothingLeaks() {
    var grid = plane(8, 8) { _, _ in 4 }
    for index in [27, 28, 35, 36] { grid.values[index] = .nan }
    let big = Resampling.upsample(grid, factor: 2)
    let valid = big.values.filter { !$0.isNaN }
    #expect(valid.allSatisfy { abs($0 - 4) < 1e-6 })
    #expect(abs(big.noDataShare - grid.noDataShare) < 0.03)
    #expect(big.values[7 * 16 + 7].isNaN)
  }

  @Test func doublingAndAveragingIsTheFilterThatItShouldBe() {
    // The two samples of a pixel lie a quarter of a pixel beside it, so their mean weighs the pixel
    // and its neighbors by 1/8, 6/8, 1/8 along each axis.
    let grid = syntheticGrid(width: 40, height: 30)
    let big = Resampling.upsample(grid, factor: 2)
    let back = BoxMean.window(of: big, column: 0, row: 0, side: 30, factor: 2)
    let weights: [Float] = [1 / 8, 6 / 8, 1 / 8]
    for row in 1..<29 {
      for column in 1..<29 {
        var expected: Float = 0
        for (y, weightY) in weights.enumerated() {
          for (x, weightX) in weights.enumerated() {
            expected += weightX * weightY * grid.values[(row + y - 1) * 40 + column + x - 1]
          }
        }
        #expect(abs(back[row * 30 + column] - expected) < 1e-4)
      }
    }
  }

  @Test(arguments: [(1.0, 30.0), (2.0, 0.0), (0.5, 0.0), (1.3, -45.0)])
  func zoomAndRotationKeepAPlaneAPlane(zoom: Double, degrees: Double) {
    let angle = degrees * Double.pi / 180
    let side = 16
    let windowSide = Resampling.windowSide(side: side, zoom: zoom, rotationRadians: angle)
    let window = plane(windowSide, windowSide) { 3 * $0 + $1 }.values
    let patch = Resampling.zoomAndRotate(
      window, windowSide: windowSide, side: side, zoom: zoom, rotationRadians: angle)
    let gradient = (
      Double(patch[7 * side + 9] - patch[7 * side + 7]) / 2,
      Double(patch[9 * side + 7] - patch[7 * side + 7]) / 2
    )
    // The slope has the same length, divided by the zoom, whatever the angle.
    let slope = (gradient.0 * gradient.0 + gradient.1 * gradient.1).squareRoot()
    #expect(abs(slope - 10.0.squareRoot() / zoom) < 1e-3)
    let middle = (patch[7 * side + 7] + patch[8 * side + 8]) / 2
    #expect(abs(Double(middle) - 4 * Double(windowSide - 1) / 2) < 1e-3)
  }

  @Test func noZoomIsTheSamePatch() {
    let window = syntheticGrid(width: 16, height: 16, holeShare: 0.1).values
    #expect(Resampling.windowSide(side: 16, zoom: 1, rotationRadians: 0) == 16)
    let patch = Resampling.zoomAndRotate(
      window, windowSide: 16, side: 16, zoom: 1, rotationRadians: 0)
    #expect(sameBits(patch, window))
  }
}
