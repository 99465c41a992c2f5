import Kernel
import Testing

@testable import NeighborEmbedding

@Suite struct PlaneConvolutionTests {
  /// Kernel of a distance in rows and columns; not the same in both.
  private func kernel(_ rows: Int, _ columns: Int) -> Double {
    1 / (1 + 0.3 * Double(rows * rows) + 0.1 * Double(columns * columns))
  }

  /// Numbers in all corners, so that whatever goes around an edge is seen.
  @Test(arguments: [1, 3])
  func itIsTheSumThatDefinesIt(threads: Int) {
    let side = 32
    let places = [(0, 0), (31, 0), (0, 31), (31, 31), (7, 18), (16, 15)]
    var grid = [Double](repeating: 0, count: side * side)
    for (n, place) in places.enumerated() { grid[place.0 * side + place.1] = Double(n + 1) }
    let quarter = (0...side).flatMap { row in (0...side).map { kernel(row, $0) } }
    let transform = FourierTransform(length: 2 * side)
    let scale = 1 / Double(4 * side * side)
    let spectrum = PlaneConvolution.spectrum(
      of: quarter, side: side, transform: transform, threads: threads)
    let convolution = PlaneConvolution(
      side: side, transform: transform, spectrum: spectrum.map { scale * $0 })
    var half = PlaneConvolution.HalfSpectrum()
    convolution(&grid, &half, threads: threads)
    for row in 0..<side {
      for column in 0..<side {
        let sum = places.enumerated().reduce(0.0) { sum, entry in
          sum + Double(entry.offset + 1)
            * kernel(row - entry.element.0, column - entry.element.1)
        }
        #expect(abs(grid[row * side + column] - sum) < 1e-12)
      }
    }
  }
}
