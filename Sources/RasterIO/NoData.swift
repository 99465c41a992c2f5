/// Which stored values mean "no data", decided before any scale factor is applied.
struct NoData {
  /// Declared in the file.
  var declared: [Double] = []
  /// Meant by the format, with the words for it, such as `0 (MintPy's convention)`.
  var convention: (values: [Double], words: String)?
  /// The pixel that is exactly 0 by definition, because all others are relative to it.
  var referencePixel: Int?

  /// Turns missing values into NaN.
  /// - Returns: where that came from, for `RasterDescription.noDataSource`.
  func apply(to values: inout [Float], options: RasterReadOptions) -> String {
    var missing = Set<Float>()
    var words = ["NaN"]
    for value in declared where !value.isNaN {
      missing.insert(Float(value))
      words.append("\(shortest(value)) (declared in the file)")
    }
    var spared: Int?
    if let given = options.noData {
      for value in given where !value.isNaN {
        missing.insert(Float(value))
        if value.isInfinite { missing.insert(-Float(value)) }
        words.append("\(shortest(value)) (given)")
      }
    } else if let convention {
      missing.formUnion(convention.values.map { Float($0) })
      words.append(convention.words)
      spared = referencePixel
    }
    if missing.isEmpty { return words[0] }
    let kept = spared.flatMap { values.indices.contains($0) ? ($0, values[$0]) : nil }
    if missing.count == 1, let only = missing.first {
      for index in values.indices where values[index] == only { values[index] = .nan }
    } else {
      for index in values.indices where missing.contains(values[index]) { values[index] = .nan }
    }
    if let (index, value) = kept { values[index] = value }
    return words.joined(separator: ", ")
  }

  private func shortest(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : String(value)
  }
}
