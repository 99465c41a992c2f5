import DurableFiles
import Foundation
import Rasters

/// An image to be written without a header, as ROI_PAC, ISCE and GAMMA store theirs.
package struct FlatImage {
  package let width: Int
  package let height: Int
  /// Row-major planes [height x width]; several are interleaved by line (BIL).
  package let planes: [[Float]]
  /// `.float32`; `.uint8`, whose values are 0 to 255; or `.complex64`, whose only plane is a phase in
  /// rad and becomes complex numbers of length 1, and 0 where it is NaN.
  package let type: SampleType
  package let order: ByteOrder

  package init(
    width: Int, height: Int, planes: [[Float]], type: SampleType = .float32,
    order: ByteOrder = .little
  ) {
    precondition(
      planes.allSatisfy { $0.count == width * height }, "planes have width x height values")
    precondition(
      type == .float32 || ([.uint8, .complex64].contains(type) && planes.count == 1),
      "only float32 is written in several planes")
    (self.width, self.height, self.planes) = (width, height, planes)
    (self.type, self.order) = (type, order)
  }

  /// Writes a new file, a block of rows at a time.
  /// - Throws: `RunError.cannotWrite` if the file exists or cannot be written.
  package func write(to path: String) throws {
    let file = try FileWriter(path: path)
    let rows = max(1, (1 << 18) / max(1, width))
    for start in stride(from: 0, to: height, by: rows) {
      let block = block(start..<min(height, start + rows))
      if order == .native || type == .uint8 {
        try block.withUnsafeBytes { try file.write($0) }
      } else {
        try block.withUnsafeBytes { bytes in
          try bytes.bindMemory(to: UInt32.self).map(\.byteSwapped).withUnsafeBytes {
            try file.write($0)
          }
        }
      }
    }
  }

  private func block(_ rows: Range<Int>) -> Data {
    var data = Data()
    for row in rows {
      for plane in planes {
        let line = plane[row * width..<(row + 1) * width]
        switch type {
        case .uint8:
          data.append(contentsOf: line.map { UInt8(max(0, min(255, $0.isNaN ? 0 : $0))) })
        case .complex64:
          var parts: [Float] = []
          parts.reserveCapacity(2 * width)
          for phase in line {
            parts.append(phase.isNaN ? 0 : cosf(phase))
            parts.append(phase.isNaN ? 0 : sinf(phase))
          }
          parts.withUnsafeBytes { data.append(contentsOf: $0) }
        default: line.withUnsafeBytes { data.append(contentsOf: $0) }
        }
      }
    }
    return data
  }
}
