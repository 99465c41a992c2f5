import CZlib
import DurableFiles
import Foundation
import Rasters

extension PNGImage {
  /// Images with more pixels are refused before memory is allocated.
  private static let largestPixelCount = 1 << 26

  /// Reads an 8-bit gray or RGB image.
  ///
  /// Source: W3C Portable Network Graphics, third edition, sections 5, 9 and 10.
  /// - Throws: `RunError.cannotRead`; `RasterError.malformed` for a damaged or truncated file;
  ///   `.unsupported` for palettes, alpha, 16 bits and interlacing.
  public static func read(_ path: String) throws -> PNGImage {
    let bytes = [UInt8](try InputFile.read(path))
    func malformed(_ reason: String) -> RasterError { .malformed(path: path, reason: reason) }
    let signature = [0x89] + Array("PNG\r\n".utf8) + [0x1a, 0x0a]
    guard bytes.starts(with: signature) else {
      throw malformed(
        "it does not begin like a PNG "
          + "file")
    }
    var header: ArraySlice<UInt8>?
    var stream: [UInt8] = []
    var place = 8
    chunks: while true {
      guard bytes.count - place >= 12 else { throw malformed("it ends before its last chunk") }
      let length = bigEndian(bytes[place..<place + 4])
      guard length <= bytes.count - place - 12 else {
        throw malformed("a chunk of \(length) bytes is truncated")
      }
      let body = bytes[place + 4..<place + 8 + length]
      let sum = bigEndian(bytes[place + 8 + length..<place + 12 + length])
      guard Int(crc32(0, Array(body), UInt32(body.count))) == sum else {
        throw malformed("a chunk's checksum does not match")
      }
      let content = body.dropFirst(4)
      switch String(decoding: body.prefix(4), as: UTF8.self) {
      case "IHDR": header = content
      case "IDAT": stream += content
      case "IEND": break chunks
      default: break
      }
      place += 12 + length
    }
    guard let header, header.count == 13 else { throw malformed("it has no header chunk") }
    let fields = Array(header)
    let width = bigEndian(fields[0..<4])
    let height = bigEndian(fields[4..<8])
    guard width > 0, height > 0, width <= largestPixelCount / height else {
      throw malformed("its size is \(width)x\(height)")
    }
    let channels: Channels? = fields[9] == 0 ? .gray : fields[9] == 2 ? .rgb : nil
    guard let channels, fields[8] == 8, fields[12] == 0 else {
      throw RasterError.unsupported(
        path: path,
        reason: "\(fields[8]) bits, color type \(fields[9]), interlace \(fields[12])",
        remedy: "Save it as an 8-bit gray or RGB PNG without alpha.")
    }
    let stride = width * channels.rawValue
    var rows = [UInt8](repeating: 0, count: (stride + 1) * height)
    var length = UInt(rows.count)
    guard uncompress(&rows, &length, stream, UInt(stream.count)) == 0, Int(length) == rows.count
    else { throw malformed("its compressed data are damaged") }
    guard let pixels = unfiltered(rows, stride: stride, step: channels.rawValue) else {
      throw malformed("a row has an unknown filter")
    }
    return PNGImage(width: width, height: height, channels: channels, pixels: pixels)
  }

  private static func bigEndian(_ bytes: ArraySlice<UInt8>) -> Int {
    bytes.reduce(0) { $0 << 8 | Int($1) }
  }

  /// Undoes the filter that the first byte of each row names; `nil` for an unknown filter.
  private static func unfiltered(_ rows: [UInt8], stride: Int, step: Int) -> [UInt8]? {
    let height = rows.count / (stride + 1)
    var pixels = [UInt8](repeating: 0, count: stride * height)
    for row in 0..<height {
      let filter = rows[row * (stride + 1)]
      let source = row * (stride + 1) + 1
      let target = row * stride
      guard filter <= 4 else { return nil }
      for column in 0..<stride {
        let left = column >= step ? Int(pixels[target + column - step]) : 0
        let up = row > 0 ? Int(pixels[target + column - stride]) : 0
        let corner = row > 0 && column >= step ? Int(pixels[target + column - stride - step]) : 0
        let guess =
          switch filter {
          case 0: 0
          case 1: left
          case 2: up
          case 3: (left + up) / 2
          default: paeth(left, up, corner)
          }
        pixels[target + column] = rows[source + column] &+ UInt8(guess)
      }
    }
    return pixels
  }

  private static func paeth(_ left: Int, _ up: Int, _ corner: Int) -> Int {
    let estimate = left + up - corner
    let (a, b, c) = (abs(estimate - left), abs(estimate - up), abs(estimate - corner))
    return a <= b && a <= c ? left : b <= c ? up : corner
  }
}
