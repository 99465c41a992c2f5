import DurableFiles
import Foundation
import Rasters

/// An image to be written without a header, as ROI_PAC, ISCE and GAMMA store theirs.
package struct FlatImage {
  package let width: Int
  package let height: Int
  /// Row-major planes [height x width]; several are interleaved by line (BIL).
  package let planes: [[Float]]
  /// `.float32`; `.uint8`, whose values are 0 to 255; or `.complex64`, whose first plane is a phase
  /// in rad and whose second is the length, 1 without one; 0 where either is NaN.
  package let type: SampleType
  package let order: ByteOrder

  package init(
    width: Int, height: Int, planes: [[Float]], type: SampleType = .float32,
    order: ByteOrder = .little
  ) {
    precondition(
      planes.allSatisfy { $0.count == width * height }, "planes have width x height values")
    precondition(
      type == .float32 || planes.count == 1 || (type == .complex64 && planes.count == 2),
      "only float32 is written in several planes")
    precondition([.float32, .uint8, .complex64].contains(type), "a type that is written")
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
      for plane in type == .complex64 ? [planes[0]] : planes {
        let line = plane[row * width..<(row + 1) * width]
        switch type {
        case .uint8:
          data.append(contentsOf: line.map { UInt8(max(0, min(255, $0.isNaN ? 0 : $0))) })
        case .complex64:
          var parts: [Float] = []
          parts.reserveCapacity(2 * width)
          for index in line.indices {
            let (phase, length) = (line[index], planes.count == 2 ? planes[1][index] : 1)
            let isMissing = phase.isNaN || length.isNaN
            parts.append(isMissing ? 0 : length * cosf(phase))
            parts.append(isMissing ? 0 : length * sinf(phase))
          }
          parts.withUnsafeBytes { data.append(contentsOf: $0) }
        default: line.withUnsafeBytes { data.append(contentsOf: $0) }
        }
      }
    }
    return data
  }
}
