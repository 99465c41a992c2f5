import DurableFiles
import Foundation
import Rasters

/// 8-bit images of equal size, the input of feature extraction.
public struct ImageSet: Sendable, Equatable {
  public var name: String
  public let count: Int
  public let width: Int
  public let height: Int
  /// One channel represents three equal ones.
  public let channels: PNGImage.Channels
  /// [N][H][W][C]
  public let pixels: [UInt8]
  /// The share of pixels whose rate lay beyond the range of the rule; `nil` for images.
  public var clipShare: Double?

  public init(
    name: String, count: Int, width: Int, height: Int, channels: PNGImage.Channels,
    pixels: [UInt8], clipShare: Double? = nil
  ) {
    precondition(
      pixels.count == count * width * height * channels.rawValue, "bytes fill the pictures")
    self.name = name
    self.count = count
    self.width = width
    self.height = height
    self.channels = channels
    self.pixels = pixels
    self.clipShare = clipShare
  }

  package var bytesPerImage: Int { width * height * channels.rawValue }

  /// SHA-256 of shape and pixels.
  public var sha256: String {
    var hash = SHA256()
    hash.update(Data("\(count) \(height) \(width) \(channels.rawValue)\n".utf8))
    pixels.withUnsafeBytes { hash.update($0) }
    return hash.hex()
  }

  /// The pictures `range`.
  public func part(_ range: Range<Int>, name: String? = nil) -> ImageSet {
    ImageSet(
      name: name ?? self.name, count: range.count, width: width, height: height,
      channels: channels,
      pixels: Array(
        pixels[range.lowerBound * bytesPerImage..<range.upperBound * bytesPerImage]),
      clipShare: clipShare)
  }

  /// Reads the first `count` PNG files of a folder, in order of their names.
  /// - Throws: `RasterError` for a folder without PNG files, for images of more than one size and
  ///   for damaged ones; `RunError.interrupted`.
  public static func read(folder: String, name: String, count: Int) throws -> ImageSet {
    guard let names = try? FileSystem.names(in: folder) else {
      throw RasterError.cannotOpen(
        path: folder, reason: "there is no such folder, or it is not readable",
        remedy: "Check the path.")
    }
    let files = names.filter { $0.lowercased().hasSuffix(".png") }.sorted().prefix(count)
    guard let first = files.first else {
      throw RasterError.doesNotFit(
        path: folder, reason: "it contains no .png file", remedy: "Give a folder of images.")
    }
    let shape = try PNGImage.read("\(folder)/\(first)")
    var pixels: [UInt8] = []
    pixels.reserveCapacity(files.count * shape.pixels.count)
    for file in files {
      try Interruption.check()
      let image = try PNGImage.read("\(folder)/\(file)")
      guard image.width == shape.width, image.height == shape.height,
        image.channels == shape.channels
      else {
        throw RasterError.doesNotFit(
          path: "\(folder)/\(file)",
          reason: "it has \(image.width)x\(image.height)x\(image.channels.rawValue) values, and "
            + "\(first) has \(shape.width)x\(shape.height)x\(shape.channels.rawValue)",
          remedy: "Give images of one size.")
      }
      pixels += image.pixels
    }
    return ImageSet(
      name: name, count: files.count, width: shape.width, height: shape.height,
      channels: shape.channels, pixels: pixels)
  }

  /// Writes each image as an RGB PNG file into a new folder.
  public func write(folder: String) throws {
    try AtomicFolder.write(to: folder) { temporary in
      for index in 0..<count {
        try Interruption.check()
        let own = pixels[index * bytesPerImage..<(index + 1) * bytesPerImage]
        let rgb = channels == .rgb ? Array(own) : own.flatMap { [$0, $0, $0] }
        let image = PNGImage(width: width, height: height, channels: .rgb, pixels: rgb)
        try image.write(to: "\(temporary)/\(index.zeroPadded(6)).png")
      }
    }
  }
}
