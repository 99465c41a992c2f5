import Foundation

/// Loops of four pixels around which the wrapped differences of a phase do not add up to zero.
///
/// Source: Goldstein, Zebker and Werner, "Satellite radar interferometry: two-dimensional phase
/// unwrapping", Radio Science 1988.
package enum PhaseResidues {
  /// The fraction of loops with a residue, among those whose pixels all have data; 0 if there are none.
  ///
  /// - Parameter radians: [height x width] with `width` columns; NaN where there are no data.
  package static func fraction(of radians: [Float], width: Int) -> Double {
    let (residues, loops) = count(in: radians, width: width)
    return loops > 0 ? Double(residues) / Double(loops) : 0
  }

  /// Residues, and loops whose pixels all have data; phases may be unwrapped.
  package static func count(in radians: [Float], width: Int) -> (residues: Int, loops: Int) {
    let height = width > 0 ? radians.count / width : 0
    var (loops, residues) = (0, 0)
    func turns(_ from: Float, _ to: Float) -> Float { ((to - from) / (2 * .pi)).rounded() }
    for row in 0..<max(0, height - 1) {
      for column in 0..<max(0, width - 1) {
        let first = row * width + column
        let (a, b) = (radians[first], radians[first + 1])
        let (c, d) = (radians[first + width + 1], radians[first + width])
        guard a.isFinite, b.isFinite, c.isFinite, d.isFinite else { continue }
        loops += 1
        if turns(a, b) + turns(b, c) + turns(c, d) + turns(d, a) != 0 { residues += 1 }
      }
    }
    return (residues, loops)
  }
}
