import CPhaseLoops

/// Filters of real planes in the frequency domain, for any height and width.
///
/// A filter has one gain for each frequency and its mirror images, so a quarter of the spectrum,
/// [height / 2 + 1, width / 2 + 1], holds all gains: element (row, column) belongs to row / height and
/// column / width cycles per pixel. Transforms are in double precision; lengths without prime factors
/// above 5 are fastest.
package struct PlaneFilter: Sendable {
  package let height: Int
  package let width: Int
  private let down: Transform
  private let across: Transform

  /// - Throws: `InSARPhaseError.outOfMemory`.
  package init(height: Int, width: Int) throws {
    self.height = height
    self.width = width
    down = try Transform(length: height)
    across = try Transform(length: width)
  }

  /// Gains as the loops take them: eight rows at a time, [blocks, width / 2 + 1, 8].
  package struct Gains: Sendable {
    fileprivate var values: [Double]

    /// Each gain replaced by what `change` makes of it.
    package func map(_ change: (Double) -> Double) -> Gains { Gains(values: values.map(change)) }
  }

  private var noGains: Gains {
    let rows = (height / 2 + 8) / 8 * 8
    return Gains(values: [Double](repeating: 0, count: rows * (width / 2 + 1)))
  }

  /// Gains from those of the quarter spectrum, [height / 2 + 1, width / 2 + 1], row-major.
  /// - Throws: `InSARPhaseError.sizesDiffer` for another number of gains.
  package func gains(_ quarter: [Double]) throws -> Gains {
    try check(quarter)
    let columns = width / 2 + 1
    var gains = noGains
    for row in 0...height / 2 {
      for column in 0..<columns {
        gains.values[(row / 8 * columns + column) * 8 + row % 8] = quarter[row * columns + column]
      }
    }
    return gains
  }

  /// The spectrum of a plane that is even in both directions, as gains: the Fourier sum, not scaled.
  /// - Parameter quarter: of the plane, from (0, 0) to (height / 2, width / 2), row-major.
  /// - Throws: `InSARPhaseError.sizesDiffer` for another number of values, `.outOfMemory`.
  package func spectrum(ofEven quarter: [Double]) throws -> Gains {
    try check(quarter)
    var gains = noGains
    guard cpl_even_spectrum(down.plan, across.plan, quarter, &gains.values) else {
      throw outOfMemory
    }
    return gains
  }

  private func check(_ quarter: [Double]) throws {
    let count = (height / 2 + 1) * (width / 2 + 1)
    guard quarter.count == count else {
      throw InSARPhaseError.sizesDiffer(
        quantity: "the quarter of a plane or spectrum", expected: count, got: quarter.count)
    }
  }

  /// The first `rows` rows and `columns` columns of the filtered `plane` [height, width], row-major.
  /// - Throws: `InSARPhaseError.sizesDiffer` for a plane of another size, `.outOfMemory`.
  package func corner(of plane: [Float], gains: Gains, rows: Int, columns: Int) throws -> [Float] {
    guard plane.count == height * width else {
      throw InSARPhaseError.sizesDiffer(
        quantity: "the plane to filter", expected: height * width, got: plane.count)
    }
    precondition(rows <= height && columns <= width, "the corner lies inside the plane")
    let scaled = gains.values.map { $0 / Double(height * width) }
    return try Planes.filled(rows * columns) { out in
      guard cpl_filter(down.plan, across.plan, plane, scaled, out, rows, columns) else {
        throw outOfMemory
      }
    }
  }

  private var outOfMemory: InSARPhaseError {
    .outOfMemory(purpose: "Fourier transforms of \(height) x \(width) pixels")
  }
}

/// Tables for Fourier transforms of one length, in double precision.
///
/// Unchecked: nothing changes after `init`, and the loops only read it.
private final class Transform: @unchecked Sendable {
  let plan: OpaquePointer

  /// - Throws: `InSARPhaseError.outOfMemory`.
  init(length: Int) throws {
    guard let plan = cpl_double_transform_make(length) else {
      throw InSARPhaseError.outOfMemory(purpose: "Fourier transforms of \(length) numbers")
    }
    self.plan = plan
  }

  deinit { cpl_double_transform_free(plan) }
}
