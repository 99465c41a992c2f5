import DurableFiles
import Foundation
import Kernel
import RasterIO
import Rasters

/// A large map as bands of rows, one file each, so that a job continues after an interruption and
/// several processes can share a map.
struct MapBands {
  let folder: String
  let size: MapSize

  /// A multiple of the height of a GeoTIFF's tiles.
  static let height = 512

  var count: Int { (size.height + Self.height - 1) / Self.height }

  /// The rows of a band within the map.
  func rows(_ band: Int) -> Range<Int> {
    band * Self.height..<min((band + 1) * Self.height, size.height)
  }

  private func path(_ band: Int) -> String { "\(folder)/\(band.zeroPadded(4)).f32" }

  private func byteCount(_ band: Int) -> Int {
    rows(band).count * size.width * MemoryLayout<Float>.stride
  }

  func isComplete(_ band: Int) -> Bool { FileSystem.size(path(band)) == byteCount(band) }

  func write(_ values: [Float], band: Int) throws {
    try AtomicFolder.makeFolders(folder)
    try AtomicFile.write(to: path(band)) { temporary in
      let file = try FileWriter(path: temporary, named: path(band))
      try values.withUnsafeBytes { try file.write($0) }
    }
  }

  /// - Throws: `RunError.damaged` unless the file has the size of the band.
  func read(_ band: Int) throws -> [Float] {
    let data = try InputFile.read(path(band))
    guard data.count == byteCount(band) else {
      throw RunError.damaged(
        path: path(band), reason: "has \(data.count) bytes in place of \(byteCount(band))")
    }
    return [Float](unsafeUninitializedCapacity: data.count / 4) { buffer, count in
      data.copyBytes(to: UnsafeMutableRawBufferPointer(buffer))
      count = data.count / 4
    }
  }

  func remove() { FileSystem.remove(folder) }
}

/// Means of square blocks of a map that passes by in bands, as a small picture of it.
struct MapThumbnail {
  /// Greatest side in pixels.
  static let side = 512

  private let size: MapSize
  private let factor: Int
  private var sums: [Double]
  private var counts: [Int]
  private var width: Int { (size.width + factor - 1) / factor }

  init(_ size: MapSize) {
    self.size = size
    factor = max(1, (max(size.width, size.height) + Self.side - 1) / Self.side)
    let count = ((size.width + factor - 1) / factor) * ((size.height + factor - 1) / factor)
    sums = Array(repeating: 0, count: count)
    counts = Array(repeating: 0, count: count)
  }

  mutating func add(_ values: [Float], rows: Range<Int>) {
    for row in rows {
      let start = (row - rows.lowerBound) * size.width
      for column in 0..<size.width {
        let cell = row / factor * width + column / factor
        sums[cell] += Double(values[start + column])
        counts[cell] += 1
      }
    }
  }

  var raster: Raster {
    Raster(
      width: width, height: sums.count / width,
      values: zip(sums, counts).map { Float($0 / Double(max(1, $1))) },
      unit: .centimetersPerYear)
  }
}
