import Foundation

/// Small 8-bit images of patches, which the page colors.
package struct PatchSprite: Codable, Sendable, Equatable {
  /// Side in pixels of a small image.
  package let side: Int
  /// [count]: captions.
  package let labels: [String]
  /// Base64 of [count][side * side] bytes: 0 at the lower end of the scale or below, 255 at its upper end or above.
  package let pixels: String

  package var count: Int { labels.count }

  /// The side of images for `count` patches in total that keeps the page below about ten megabytes.
  package static func side(forCount count: Int) -> Int {
    count <= 1500 ? 64 : count <= 3000 ? 48 : 32
  }

  /// Computes block means, quantized to 256 steps over the color scale.
  /// - Parameters:
  ///   - patches: [N][size * size], cm/yr, row-major.
  ///   - labels: [N]
  ///   - lowest: the lower end of the scale; `nil`: -limit.
  ///   - side: the maximum side in pixels; smaller patches keep their size.
  /// - Throws: `ReportError.inconsistent` for wrong counts, and for NaN.
  package init(
    patches: [[Float]], size: Int, labels: [String], limitCMPerYear: Double, lowest: Double? = nil,
    side: Int
  ) throws {
    var faults: [String] = []
    if patches.count != labels.count {
      faults.append("\(patches.count) patches have \(labels.count) labels")
    }
    if size < 1 || side < 1 { faults.append("patches of \(size) pixels shown with \(side)") }
    if !(limitCMPerYear > 0 && limitCMPerYear.isFinite) {
      faults.append("the colour scale ends at \(limitCMPerYear) cm/yr")
    }
    for (index, patch) in patches.enumerated() {
      if patch.count != size * size {
        faults.append("patch \(index) has \(patch.count) pixels, not \(size)x\(size)")
      } else if patch.contains(where: \.isNaN) {
        faults.append("patch \(index) holds NaN")
      }
    }
    guard faults.isEmpty else { throw ReportError.inconsistent(faults: faults) }
    let side = min(side, size)
    let low = lowest ?? -limitCMPerYear
    var bytes = Data(capacity: patches.count * side * side)
    for patch in patches {
      bytes.append(
        contentsOf: Self.reduced(patch, size: size, to: side).map { rate in
          let share = (Double(rate) - low) / (limitCMPerYear - low)
          return UInt8((max(0, min(1, share)) * 255).rounded())
        })
    }
    (self.side, self.labels, pixels) = (side, labels, bytes.base64EncodedString())
  }

  /// The mean over the pixels that each small pixel covers (at least one).
  private static func reduced(_ patch: [Float], size: Int, to side: Int) -> [Float] {
    guard side < size else { return patch }
    var result: [Float] = []
    result.reserveCapacity(side * side)
    for row in 0..<side {
      let rows = row * size / side..<(row + 1) * size / side
      for column in 0..<side {
        let columns = column * size / side..<(column + 1) * size / side
        var sum: Float = 0
        for r in rows { for c in columns { sum += patch[r * size + c] } }
        result.append(sum / Float(rows.count * columns.count))
      }
    }
    return result
  }
}
