import Foundation
import Kernel

/// Fractal gradient noise over a whole image, as Wu et al. use it: random gradients in the unit
/// disc, a quintic fade, octaves of twice as many cells, the sum scaled to -1...1.
///
/// Source: Perlin, "An image synthesizer", SIGGRAPH 1985; "Improving noise", SIGGRAPH 2002.
struct PerlinNoise: Codable, Sendable, Equatable {
  var octaves: Int
  var persistence: Double
  var cellsAcross: Int
  var cellsDown: Int
  var seed: UInt64

  init(
    octaves: ClosedRange<Int>, persistence: ClosedRange<Double>, cells: ClosedRange<Int>,
    random: inout CounterRandom
  ) {
    self.octaves = random.integer(in: octaves)
    self.persistence = random.uniform(persistence)
    cellsAcross = random.integer(in: cells)
    cellsDown = random.integer(in: cells)
    seed = random.next()
  }

  func values(width: Int, height: Int) -> [Float] {
    var sum = [Float](repeating: 0, count: width * height)
    for octave in 0..<octaves {
      add(
        octave: octave, weight: Float(pow(persistence, Double(octave))), width: width,
        height: height, to: &sum)
    }
    return normalized(sum).map { 2 * $0 - 1 }
  }

  private func add(octave: Int, weight: Float, width: Int, height: Int, to sum: inout [Float]) {
    var random = CounterRandom(seed, .perlinNoise, UInt64(octave))
    let across = cellsAcross << octave
    let down = cellsDown << octave
    // One more than needed for the corners, because the last pixel lies on the last corner.
    let gradients = (0..<(across + 2) * (down + 2)).map { _ -> SIMD2<Float> in
      let angle = random.uniform(0...(2 * .pi))
      let radius = random.uniform()
      return SIMD2(Float(radius * cos(angle)), Float(radius * sin(angle)))
    }
    let columns = (0..<width).map { Place($0, of: width, cells: across) }
    for row in 0..<height {
      let y = Place(row, of: height, cells: down)
      let top = y.cell * (across + 2)
      let bottom = top + across + 2
      for column in 0..<width {
        let x = columns[column]
        func corner(_ index: Int, _ dx: Float, _ dy: Float) -> Float {
          gradients[index].x * dx + gradients[index].y * dy
        }
        let (dx, dy) = (x.offset, y.offset)
        let a = corner(top + x.cell, dx, dy)
        let b = corner(top + x.cell + 1, dx - 1, dy)
        let c = corner(bottom + x.cell, dx, dy - 1)
        let d = corner(bottom + x.cell + 1, dx - 1, dy - 1)
        let upper = a + x.fade * (b - a)
        let lower = c + x.fade * (d - c)
        sum[row * width + column] += weight * (upper + y.fade * (lower - upper))
      }
    }
  }

  private struct Place {
    let cell: Int
    let offset: Float
    let fade: Float

    init(_ index: Int, of count: Int, cells: Int) {
      let position = Float(index) / Float(max(1, count - 1)) * Float(cells)
      cell = Int(position)
      offset = position - Float(cell)
      fade = offset * offset * offset * (offset * (offset * 6 - 15) + 10)
    }
  }
}
