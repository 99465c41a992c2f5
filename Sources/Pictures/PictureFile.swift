import DurableFiles
import Foundation

/// A format of picture files.
package enum PictureFormat: String, Sendable, CaseIterable {
  case png, svg, pdf

  /// The format that the ending of a name states.
  /// - Throws: `PictureError.unknownEnding`, `.needsCairo`.
  package init(path: String) throws {
    guard let format = PictureFormat(rawValue: FilePath.fileExtension(path).lowercased()) else {
      throw PictureError.unknownEnding(path: path)
    }
    guard format == .png || PictureRenderer.current == .cairo else {
      throw PictureError.needsCairo(path: path)
    }
    self = format
  }
}

/// Writes drawings to files.
package enum PictureFile {
  /// Pixels of a side; cairo's images end there.
  static let largestSide = 32767

  /// Writes the drawing in the format that the ending of `path` states; the file is replaced
  /// atomically.
  /// - Parameter scale: image pixels for each pixel of the drawing, in a PNG.
  /// - Throws: `PictureError`, `RunError.cannotWrite`.
  package static func write(_ drawing: Drawing, to path: String, scale: Int = 1) throws {
    let format = try PictureFormat(path: path)
    let (width, height) = (Int(drawing.width) * scale, Int(drawing.height) * scale)
    guard max(width, height) <= largestSide else {
      throw PictureError.tooLarge(width: width, height: height)
    }
    guard format != .png else { return try drawing.image(scale: scale).write(to: path) }
    #if Cairo
      if let document = CairoRenderer.document(drawing, format: format) {
        return try AtomicFile.write(document, to: path)
      }
    #endif
    throw RunError.cannotWrite(path: path, reason: "cairo could not draw it (is memory free?)")
  }
}
