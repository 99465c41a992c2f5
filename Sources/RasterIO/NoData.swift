/// The stored values that mean "no data", before any scale factor is applied.
struct NoData {
  /// Declared in the file.
  var declared: [Double] = []
  /// The source of the declared values, such as `_FillValue`.
  var declaredBy = "declared in the file"
  /// CF's `valid_range`: values outside are missing.
  var validRange: ClosedRange<Double>?
  /// Missing values by convention of the format, with a description such as
  /// `0 (MintPy's convention)`.
  var convention: (values: [Double], words: String)?
  /// The pixel that is exactly 0 by definition, because all others are relative to it.
  var referencePixel: Int?

  /// Replaces missing values by NaN. Records in `description` why they are missing, and which other
  /// values look missing.
  func apply(
    to values: inout [Float], options: RasterReadOptions, description: inout RasterDescription
  ) {
    var missing = [Double]()
    var words = ["NaN"]
    for value in declared where !value.isNaN {
      missing.append(value)
      words.append("\(shortest(value)) (\(declaredBy))")
    }
    var spared: Int?
    if let given = options.noData {
      for value in given where !value.isNaN {
        missing.append(value)
        if value.isInfinite { missing.append(-value) }
        words.append("\(shortest(value)) (given)")
      }
    } else if let convention {
      missing += convention.values
      words.append(convention.words)
      spared = referencePixel
    }
    let kept = spared.flatMap { values.indices.contains($0) ? ($0, values[$0]) : nil }
    remove(missing, from: &values)
    if let validRange {
      for index in values.indices where !validRange.contains(Double(values[index])) {
        values[index] = .nan
      }
      words.append(
        "outside \(shortest(validRange.lowerBound)) to \(shortest(validRange.upperBound)) "
          + "(the file's valid range)")
    }
    if let (index, value) = kept { values[index] = value }
    description.noDataSource = words.joined(separator: ", ")
    // A user who gives `nan` has checked the values and keeps them.
    if options.noData?.contains(where: \.isNaN) != true {
      description.undeclaredFills = UndeclaredFills.find(
        in: values, convention: options.noData == nil ? convention?.values ?? [] : [])
    }
  }

  private func remove(_ missing: [Double], from values: inout [Float]) {
    var exact = Set<Float>()
    var ranges = [ClosedRange<Float>]()
    for value in missing {
      exact.insert(Float(value))
      // For numbers beyond any measurement, such as the largest float, programs write different
      // digits: -3.4e38, -3.40282306e38, -3.4028235e38, or a double that becomes infinite.
      if value.isFinite && value.magnitude >= 1e15 {
        let largest = Double(Float.greatestFiniteMagnitude)
        let near = Float(min(value.magnitude, largest) * 0.99)
        let far = value.magnitude > largest ? .infinity : Float(min(near * 1.02, Float(largest)))
        ranges.append(value < 0 ? -far ... -near : near...far)
      }
    }
    if exact.isEmpty { return }
    if exact.count == 1, ranges.isEmpty, let only = exact.first {
      for index in values.indices where values[index] == only { values[index] = .nan }
      return
    }
    for index in values.indices {
      let value = values[index]
      if exact.contains(value) || ranges.contains(where: { $0.contains(value) }) {
        values[index] = .nan
      }
    }
  }

  private func shortest(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : String(value)
  }
}
