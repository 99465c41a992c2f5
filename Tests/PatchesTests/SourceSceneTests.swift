import RasterIO
import Rasters
import Testing

@testable import Datasets

@Suite struct SourceSceneTests {
  private func check(_ values: [Float]) throws {
    try SourceScene(
      path: "a", name: "a", raster: Raster(width: values.count, height: 1, values: values),
      unitSource: "test"
    ).checkValues()
  }

  @Test func trainingNeedsFiniteValuesThatDiffer() throws {
    try check([1, .nan, 2])
    #expect(throws: RasterError.noValidPixels(path: "a")) { try check([.nan, .nan]) }
    #expect(throws: RasterError.constant(path: "a", value: 3)) { try check([3, .nan, 3]) }
    #expect(throws: RasterError.infinite(path: "a", count: 2)) {
      try check([1, .infinity, -.infinity])
    }
  }
}
