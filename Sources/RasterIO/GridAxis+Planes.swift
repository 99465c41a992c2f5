/// The values of a coordinate at every pixel, such as `lat(y, x)`.
struct CoordinatePlane {
  var name: String
  /// Row-major, of the grid's shape.
  var values: [Double]
  var attributes: [String: String]
}

extension GridAxis {
  /// The axes of a grid whose coordinates are given for every pixel, if rows and columns run along
  /// them; `nil` for a curved or rotated grid, such as one in radar coordinates.
  static func axes(of planes: [CoordinatePlane], height: Int, width: Int)
    -> (rows: GridAxis, columns: GridAxis)?
  {
    var rows: [GridAxis] = []
    var columns: [GridAxis] = []
    for plane in planes where plane.values.count == height * width {
      let left = GridAxis(
        name: plane.name, values: (0..<height).map { plane.values[$0 * width] },
        attributes: plane.attributes)
      let top = GridAxis(
        name: plane.name, values: Array(plane.values.prefix(width)), attributes: plane.attributes)
      guard left.direction != nil else { continue }
      if let step = left.step, plane.isWithin(0.05 * abs(step), { left.values[$0 / width] }) {
        rows.append(left)
      } else if let step = top.step, plane.isWithin(0.05 * abs(step), { top.values[$0 % width] }) {
        columns.append(top)
      }
    }
    for row in rows {
      if let column = columns.first(where: { $0.direction != row.direction }) {
        return (row, column)
      }
    }
    return nil
  }
}

extension CoordinatePlane {
  /// Whether all values are within `limit` of `expected(index)`.
  fileprivate func isWithin(_ limit: Double, _ expected: (Int) -> Double) -> Bool {
    values.indices.allSatisfy { abs(values[$0] - expected($0)) <= limit }
  }
}
