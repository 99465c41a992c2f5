import CZlib
import DurableFiles
import Foundation

/// An 8-bit image that can be saved as PNG.
public struct PNGImage: Sendable, Equatable {
  public enum Channels: Int, Sendable {
    case gray = 1
    case rgb = 3
  }

  public let width: Int
  public let height: Int
  public let channels: Channels
  /// Row-major, row 0 at the top, channels interleaved.
  public var pixels: [UInt8]

  public init(width: Int, height: Int, channels: Channels, pixels: [UInt8]) {
    precondition(width > 0 && height > 0, "a picture has pixels")
    precondition(pixels.count == width * height * channels.rawValue, "bytes fill the picture")
    self.width = width
    self.height = height
    self.channels = channels
    self.pixels = pixels
  }

  /// Writes the image; the file is replaced atomically.
  /// - Throws: `RunError.cannotWrite`.
  public func write(to path: String) throws { try AtomicFile.write(encoded(), to: path) }

  /// The bytes of a PNG file. Source: W3C Portable Network Graphics, third edition.
  public func encoded() -> Data {
    var header = [UInt8]()
    header.appendBigEndian(UInt32(width))
    header.appendBigEndian(UInt32(height))
    // Bit depth, color type, deflate, adaptive filters, not interlaced.
    header += [8, channels == .gray ? 0 : 2, 0, 0, 0]
    var data = Data([0x89] + Array("PNG\r\n".utf8) + [0x1a, 0x0a])
    appendChunk("IHDR", header, to: &data)
    appendChunk("IDAT", compressed(filteredRows()), to: &data)
    appendChunk("IEND", [], to: &data)
    return data
  }

  /// Each row preceded by the number of its filter: none, or the difference from the row above,
  /// whichever has the smaller sum of magnitudes (the heuristic of the standard).
  private func filteredRows() -> [UInt8] {
    let stride = width * channels.rawValue
    var result = [UInt8]()
    result.reserveCapacity((stride + 1) * height)
    for row in 0..<height {
      let start = row * stride
      let plain = pixels[start..<start + stride]
      guard row > 0 else {
        result.append(0)
        result += plain
        continue
      }
      let up = zip(plain, pixels[start - stride..<start]).map { $0 &- $1 }
      func size(_ bytes: some Sequence<UInt8>) -> Int {
        bytes.reduce(0) { $0 + Int(Int8(bitPattern: $1).magnitude) }
      }
      if size(up) < size(plain) {
        result.append(2)
        result += up
      } else {
        result.append(0)
        result += plain
      }
    }
    return result
  }

  private func compressed(_ bytes: [UInt8]) -> [UInt8] {
    var length = compressBound(UInt(bytes.count))
    var result = [UInt8](repeating: 0, count: Int(length))
    let status = compress2(&result, &length, bytes, UInt(bytes.count), 6)
    precondition(status == 0, "compression into a buffer of the bound's size cannot fail")
    return Array(result[..<Int(length)])
  }

  private func appendChunk(_ type: String, _ content: [UInt8], to data: inout Data) {
    let body = Array(type.utf8) + content
    var bytes = [UInt8]()
    bytes.reserveCapacity(content.count + 12)
    bytes.appendBigEndian(UInt32(content.count))
    bytes += body
    bytes.appendBigEndian(UInt32(truncatingIfNeeded: crc32(0, body, UInt32(body.count))))
    data.append(contentsOf: bytes)
  }
}

extension [UInt8] {
  fileprivate mutating func appendBigEndian(_ value: UInt32) {
    for shift in [24, 16, 8, 0] as [UInt32] { append(UInt8(truncatingIfNeeded: value >> shift)) }
  }
}
