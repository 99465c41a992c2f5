import Datasets
import Foundation

/// Fills no-data holes smoothly, so that a network cannot learn their edges.
package enum HoleFilling {
  /// Replaces NaN by harmonic interpolation from the rim of the hole.
  ///
  /// Solves Laplace's equation in the holes (each filled pixel is the mean of its four neighbors),
  /// with the valid pixels as boundary values and zero slope at the edge of the patch if a hole
  /// reaches it. Filled values lie between the lowest and the highest value of the rim; planes are
  /// reproduced exactly in interior holes. Deterministic: layers from the rim inward give an
  /// initial guess, followed by successive over-relaxation in scan order (Young 1954).
  /// - Parameter values: [height, width], row-major; valid values are not changed.
  /// - Throws: `PatchError.nothingToInterpolateFrom` if every value is NaN.
  package static func fillFromRim(_ values: inout [Float], width: Int, height: Int) throws {
    precondition(values.count == width * height, "a patch holds width x height values")
    let holes = values.indices.filter { values[$0].isNaN }
    guard !holes.isEmpty else { return }
    guard holes.count < values.count else {
      throw PatchError.nothingToInterpolateFrom(width: width, height: height)
    }
    var problem = Relaxation(values, holes: holes, width: width, height: height)
    problem.guessFromRim()
    problem.relax()
    for (number, index) in holes.enumerated() {
      values[index] = Float(problem.field[Int(problem.places[number])])
    }
  }
}

/// The linear system of one patch's holes.
private struct Relaxation {
  /// The patch, then one more element with value 0: the neighbor beyond the edge.
  var field: [Double]
  let places: [Int32]
  /// Four indices for each hole pixel.
  var neighbors: [Int32] = []
  var inverseCounts: [Double] = []
  /// Number of layers from the rim to the deepest pixel.
  var depth = 0

  init(_ values: [Float], holes: [Int], width: Int, height: Int) {
    field = values.map(Double.init) + [0]
    places = holes.map(Int32.init)
    neighbors.reserveCapacity(holes.count * 4)
    inverseCounts.reserveCapacity(holes.count)
    let beyond = values.count
    for index in holes {
      let row = index / width
      let column = index % width
      let around = [
        row > 0 ? index - width : beyond, row < height - 1 ? index + width : beyond,
        column > 0 ? index - 1 : beyond, column < width - 1 ? index + 1 : beyond,
      ]
      neighbors += around.map(Int32.init)
      inverseCounts.append(1 / Double(around.count { $0 != beyond }))
    }
  }

  /// Sets each pixel to the mean of its neighbors in the previous layer.
  mutating func guessFromRim() {
    var open = Array(places.indices)
    let beyond = Int32(field.count - 1)
    while !open.isEmpty {
      var known: [(hole: Int, value: Double)] = []
      var rest: [Int] = []
      for hole in open {
        var sum = 0.0
        var count = 0.0
        for neighbor in neighbors[hole * 4..<hole * 4 + 4]
        where neighbor != beyond && !field[Int(neighbor)].isNaN {
          sum += field[Int(neighbor)]
          count += 1
        }
        if count > 0 { known.append((hole, sum / count)) } else { rest.append(hole) }
      }
      for (hole, value) in known { field[Int(places[hole])] = value }
      open = rest
      depth += 1
    }
  }

  mutating func relax() {
    let valid = field.dropLast()
    // Far below the float32 resolution of rates of this magnitude.
    let tolerance = 1e-7 * max(valid.reduce(0) { max($0, abs($1)) }, 1e-30)
    // The optimal factor for a square hole with this depth.
    let factor = 2 / (1 + sin(Double.pi / Double(2 * depth + 1)))
    let sweeps = 1_000 + 20 * depth
    field.withUnsafeMutableBufferPointer { field in
      for _ in 0..<sweeps {
        var largestStep = 0.0
        for hole in places.indices {
          let mean =
            (field[Int(neighbors[hole * 4])] + field[Int(neighbors[hole * 4 + 1])]
              + field[Int(neighbors[hole * 4 + 2])] + field[Int(neighbors[hole * 4 + 3])])
            * inverseCounts[hole]
          let place = Int(places[hole])
          let step = mean - field[place]
          field[place] += factor * step
          largestStep = max(largestStep, abs(step))
        }
        if largestStep <= tolerance { break }
      }
    }
  }
}
