import Foundation

/// A rotated Gaussian, in pixels.
public struct GaussianShape: Codable, Sendable, Equatable {
  public var amplitude: Float
  public var column: Float
  public var row: Float
  public var sigmaAlong: Float
  public var sigmaAcross: Float
  public var rotationRadians: Float

  /// A row is cut off where exp(-17) = 4e-8 of the amplitude remains.
  private static let cutoff: Float = 17

  func add(to plane: borrowing PixelPlane) {
    let (s, c) = (sin(rotationRadians), cos(rotationRadians))
    let along = 1 / (2 * sigmaAlong * sigmaAlong)
    let across = 1 / (2 * sigmaAcross * sigmaAcross)
    // The exponent is -(xx dx^2 + 2 xy dx dy + yy dy^2).
    let xx = along * c * c + across * s * s
    let xy = s * c * (across - along)
    let yy = along * s * s + across * c * c
    let reach = (Self.cutoff * xx / (xx * yy - xy * xy)).squareRoot()
    let lanes = SIMD8<Float>(0, 1, 2, 3, 4, 5, 6, 7)
    for row in plane.rows(self.row - reach, self.row + reach) {
      let dy = Float(row) - self.row
      // Along a row: -(xx (dx - m)^2 + rest).
      let m = -xy * dy / xx
      let rest = (yy - xy * xy / xx) * dy * dy
      guard rest < Self.cutoff else { continue }
      let half = ((Self.cutoff - rest) / xx).squareRoot()
      let span = plane.columns(column + m - half, column + m + half)
      guard !span.isEmpty else { continue }
      let target = plane.row(row)
      var dx = lanes + (Float(span.lowerBound / 8 * 8) - column - m)
      for vector in span.lowerBound / 8...(span.upperBound - 1) / 8 {
        target[vector] += amplitude * fastExp(-(xx * dx * dx + rest))
        dx += 8
      }
    }
  }
}

/// The upper half of an ellipsoid whose axes follow rows and columns, in pixels.
public struct HalfEllipsoidShape: Codable, Sendable, Equatable {
  public var peak: Float
  public var column: Float
  public var row: Float
  public var columnRadius: Float
  public var rowRadius: Float

  func add(to plane: borrowing PixelPlane) {
    for row in plane.rows(self.row - rowRadius, self.row + rowRadius) {
      let y = (Float(row) - self.row) / rowRadius
      let rest = max(0, 1 - y * y)
      let half = columnRadius * rest.squareRoot()
      let target = plane.pixels(row)
      for column in plane.columns(self.column - half, self.column + half) {
        let x = (Float(column) - self.column) / columnRadius
        target[column] += peak * max(0, rest - x * x).squareRoot()
      }
    }
  }
}

/// A pyramid over a star-shaped polygon: planes from the apex down to 0 on each edge.
///
/// A gap of half a circle or more between two corners is not filled, as in the public code.
public struct PyramidShape: Codable, Sendable, Equatable {
  public var peak: Float
  public var column: Float
  public var row: Float
  /// Directions of the corners from the apex, ascending, within a full circle.
  public var cornerRadians: [Float]
  public var cornerRadii: [Float]

  func add(to plane: borrowing PixelPlane) {
    let count = cornerRadians.count
    for first in 0..<count {
      let second = (first + 1) % count
      let start = cornerRadians[first]
      let end = second == 0 ? cornerRadians[0] + 2 * .pi : cornerRadians[second]
      guard end - start > 0, end - start < .pi else { continue }
      let p = SIMD2(cos(start), sin(start)) * cornerRadii[first]
      let q = SIMD2(cos(cornerRadians[second]), sin(cornerRadians[second])) * cornerRadii[second]
      addSide(p, q, to: plane)
      // The apex lies on all sides; it is assigned to the side that points along the row.
      let turn = 2 * Float.pi
      let ahead = (-start).truncatingRemainder(dividingBy: turn)
      if (ahead < 0 ? ahead + turn : ahead) < end - start,
        !plane.rows(row, row).isEmpty, !plane.columns(column, column).isEmpty
      {
        plane.pixels(Int(row))[Int(column)] += peak
      }
    }
  }

  /// The triangle between the apex and two corners, without the apex.
  private func addSide(_ p: SIMD2<Float>, _ q: SIMD2<Float>, to plane: borrowing PixelPlane) {
    let determinant = p.x * q.y - q.x * p.y
    guard determinant > 0 else { return }
    // A point is s p + t q with s, t >= 0 and s + t <= 1; its height is 1 - s - t of the peak.
    let sx = q.y / determinant
    let sy = -q.x / determinant
    let tx = -p.y / determinant
    let ty = p.x / determinant
    let low = min(0, p.y, q.y)
    let high = max(0, p.y, q.y)
    for row in plane.rows(self.row + low, self.row + high) {
      let y = Float(row) - self.row
      var from = -Float.infinity
      var to = Float.infinity
      // Each side of the triangle is slope * x + offset >= 0 along the row.
      func keep(_ slope: Float, _ offset: Float) {
        if slope > 0 {
          from = max(from, -offset / slope)
        } else if slope < 0 {
          to = min(to, -offset / slope)
        } else if offset < 0 {
          to = -.infinity
        }
      }
      keep(sx, sy * y)
      keep(tx, ty * y)
      keep(-sx - tx, 1 - (sy + ty) * y)
      guard from <= to else { continue }
      let columns = plane.columns(column + from, column + to)
      let target = plane.pixels(row)
      let base = peak * (1 - (sy + ty) * y)
      let slope = -peak * (sx + tx)
      for column in columns where row != Int(self.row) || column != Int(self.column) {
        target[column] += base + slope * (Float(column) - self.column)
      }
    }
  }
}

/// A rectangle whose value decreases from twice its width on the left to 0 on the right; drawn only
/// where there is no other wedge.
public struct WedgeShape: Codable, Sendable, Equatable {
  public var column: Float
  public var row: Float
  public var width: Float
  public var height: Float
  /// Decrease from edge to edge, as a multiple of the width.
  public var steepness: Float

  /// - Parameter isTaken: pixels of earlier wedges, which are not changed; the pixels of this one
  ///   are added.
  func add(to plane: borrowing PixelPlane, isTaken: inout [Bool]) {
    let columns = plane.columns(column - width / 2, column + width / 2)
    for row in plane.rows(self.row - height / 2, self.row + height / 2) {
      let target = plane.pixels(row)
      for column in columns where !isTaken[row * plane.width + column] {
        isTaken[row * plane.width + column] = true
        target[column] += steepness * (width / 2 - (Float(column) - self.column))
      }
    }
  }
}
