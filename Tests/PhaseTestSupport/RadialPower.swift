import Foundation
import InSARPhase

/// Mean power of square planes by wavenumber: what is left of them in rings of their spectrum, after a
/// Hann window that keeps what leaks from the edges below a slope of 6.
package struct RadialPower {
  private let size: Int
  private let filter: PlaneFilter
  private var rings: [Ring] = []
  private let window: [Double]

  private struct Ring {
    var gains: PlaneFilter.Gains
    var logWavenumber: Double
    var modes: Double
    var sum = 0.0
  }

  /// - Parameter wavenumbers: of the rings to measure, in cycles per plane; rings are 1.15 times as wide
  ///   as the one inside.
  package init(size: Int, wavenumbers: ClosedRange<Double>) throws {
    self.size = size
    filter = try PlaneFilter(height: size, width: size)
    window = (0..<size).map { 0.5 - 0.5 * cos(2 * .pi * (Double($0) + 0.5) / Double(size)) }
    let half = size / 2 + 1
    var inner = wavenumbers.lowerBound
    while inner * 1.15 <= wavenumbers.upperBound {
      var gains = [Double](repeating: 0, count: half * half)
      var modes = 0.0
      var logarithms = 0.0
      for row in 0..<half {
        for column in 0..<half {
          let wavenumber = hypot(Double(row), Double(column))
          guard wavenumber >= inner, wavenumber < inner * 1.15 else { continue }
          gains[row * half + column] = 1
          // Most frequencies of the quarter stand for their mirror images too.
          let copies = (row == 0 || 2 * row == size ? 1.0 : 2) * (column == 0 ? 1.0 : 2)
          modes += copies
          logarithms += copies * log(wavenumber)
        }
      }
      if modes > 0 {
        rings.append(
          Ring(
            gains: try filter.gains(gains), logWavenumber: logarithms / modes, modes: modes))
      }
      inner *= 1.15
    }
  }

  /// Adds the power of a plane [size x size].
  package mutating func add(_ plane: [Float]) throws {
    let mean = plane.reduce(0.0) { $0 + Double($1) } / Double(plane.count)
    var tapered = plane
    for row in 0..<size {
      for column in 0..<size {
        let place = row * size + column
        tapered[place] = Float((Double(plane[place]) - mean) * window[row] * window[column])
      }
    }
    for index in rings.indices {
      let part = try filter.corner(
        of: tapered, gains: rings[index].gains, rows: size, columns: size)
      rings[index].sum += part.reduce(0.0) { $0 + Double($1) * Double($1) } / rings[index].modes
    }
  }

  /// beta of power ~ k^-beta by least squares in logarithms; every octave counts alike.
  package var slope: Double {
    let n = Double(rings.count)
    let (x, y) = (rings.map(\.logWavenumber), rings.map { log($0.sum) })
    let (mx, my) = (x.reduce(0, +) / n, y.reduce(0, +) / n)
    let xy = zip(x, y).reduce(0) { $0 + ($1.0 - mx) * ($1.1 - my) }
    return -xy / x.reduce(0) { $0 + ($1 - mx) * ($1 - mx) }
  }
}
