import Kernel
import Rasters

/// The layout of the values in a file without header.
struct FlatLayout {
  var width: Int
  /// `nil`: computed from the file's size.
  var height: Int?
  var type: SampleType
  /// `nil`: detected from the values.
  var order: ByteOrder?
  /// Bands are interleaved by line (BIL), as in ROI_PAC.
  var bandCount = 1
  /// Counted from 1.
  var band = 1
  /// Of complex numbers, in place of their phases.
  var lengths = false
}

/// A file that contains only an array of numbers, without header.
struct FlatFile {
  let file: OpenedFile

  /// Reads one band.
  /// - Throws: `RasterError.doesNotFit` if the size of the file does not match the layout.
  func read(_ layout: FlatLayout) throws -> (
    values: [Float], height: Int, order: ByteOrder, notes: [String]
  ) {
    let height = try checkedHeight(layout)
    var notes = [String]()
    let order = layout.order ?? judgedOrder(layout.type, notes: &notes)
    let width = layout.width
    let type = layout.type
    if layout.bandCount == 1 {
      let values = try file.samples(
        width * height, of: type, order: order, lengths: layout.lengths, at: 0)
      return (values, height, order, notes)
    }
    var values = [Float]()
    values.reserveCapacity(width * height)
    let rowBytes = width * type.byteCount
    for row in 0..<height {
      let offset = (row * layout.bandCount + layout.band - 1) * rowBytes
      values += try file.samples(width, of: type, order: order, lengths: layout.lengths, at: offset)
    }
    return (values, height, order, notes)
  }

  private func checkedHeight(_ layout: FlatLayout) throws -> Int {
    let width = layout.width
    let bytes = file.byteCount
    guard width > 0, layout.height ?? 1 > 0 else {
      throw RasterError.doesNotFit(
        path: file.path, reason: "width \(width) and height \(layout.height ?? 1) must be positive",
        remedy: "Give \(OptionName.width) and \(OptionName.height) in pixels.")
    }
    guard (1...layout.bandCount).contains(layout.band) else {
      throw RasterError.doesNotFit(
        path: file.path, reason: "there is no band \(layout.band) among \(layout.bandCount)",
        remedy: "Choose \(OptionName.band) 1 to \(layout.bandCount).")
    }
    let pixel = layout.type.byteCount * layout.bandCount
    let (row, overflow) = width.multipliedReportingOverflow(by: pixel)
    let what =
      "\(layout.type.rawValue)\(layout.bandCount > 1 ? " x \(layout.bandCount) bands" : "")"
    guard !overflow, row <= bytes, bytes % row == 0 else {
      var remedy = "Give the right \(OptionName.width) and \(OptionName.type)."
      if bytes % pixel == 0, let near = nearestDivisor(of: bytes / pixel, to: width) {
        remedy = "The nearest width that fits is \(near) (\(bytes / pixel / near) rows). " + remedy
      }
      throw RasterError.doesNotFit(
        path: file.path,
        reason: "its \(bytes) bytes are not whole rows of \(width) values of \(what)",
        remedy: remedy)
    }
    let rows = bytes / row
    if let height = layout.height, height != rows {
      throw RasterError.doesNotFit(
        path: file.path,
        reason: "\(height) rows are claimed, but its \(bytes) bytes are \(rows) rows of "
          + "\(width) values of \(what)",
        remedy:
          "If it was cut short, copy it again; otherwise correct the size or \(OptionName.type).")
    }
    return rows
  }

  /// Within 25 % of `target`, which covers most typing errors.
  private func nearestDivisor(of count: Int, to target: Int) -> Int? {
    guard target <= 2 * count else { return nil }
    for distance in 1...max(1, min(target / 4, 10_000)) {
      for candidate in [target + distance, target - distance]
      where candidate > 1 && count % candidate == 0 { return candidate }
    }
    return nil
  }

  /// The byte order in which the values look like measurements. Numbers read in the wrong order
  /// have random exponents, so that few magnitudes lie between 1e-9 and 1e9.
  private func judgedOrder(_ type: SampleType, notes: inout [String]) -> ByteOrder {
    let element: SampleType
    switch type {
    case .uint8, .int8: return .little
    case .float32, .complex64: element = .float32
    case .float64: element = .float64
    default:
      notes.append("byte order little, by default; set it with \(OptionName.byteOrder)")
      return .little
    }
    let count = min(file.byteCount / element.byteCount, 1 << 16)
    // The middle of the file, because the edges are often empty.
    let offset = (file.byteCount / element.byteCount - count) / 2 * element.byteCount
    func plausible(_ order: ByteOrder) -> Int {
      let values = (try? file.samples(count, of: element, order: order, at: offset)) ?? []
      return values.count { $0.isNaN || $0 == 0 || (1e-9...1e9).contains(abs($0)) }
    }
    let little = plausible(.little)
    let big = plausible(.big)
    if max(little, big) * 2 < count {
      notes.append(
        "hardly any value is plausible in either byte order: check \(OptionName.type) and \(OptionName.width)"
      )
    } else if little == big {
      notes.append("byte order little, by default; set it with \(OptionName.byteOrder)")
    } else {
      notes.append(
        "byte order \(little > big ? "little" : "big"), judged from the values; "
          + "set it with \(OptionName.byteOrder)")
    }
    return little >= big ? .little : .big
  }
}
