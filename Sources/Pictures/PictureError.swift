/// Errors thrown when pictures are drawn or written; every message names the remedy.
package enum PictureError: Error, CustomStringConvertible, Equatable {
  /// The name of the output has an ending that stands for no format.
  case unknownEnding(path: String)
  /// This build has no cairo, so it can write PNG only.
  case needsCairo(path: String)
  /// A side of the picture has more pixels than an image may have.
  case tooLarge(width: Int, height: Int)
  /// The limits of a color scale are not two different numbers.
  case limits(String)

  package var description: String {
    switch self {
    case .unknownEnding(let path):
      "\(path): the ending of the name states the format; use .png, .svg or .pdf."
    case .needsCairo(let path):
      "cannot write \(path): this ganinsar was built without cairo and writes PNG only. "
        + "Install libcairo2-dev and build again, or name a .png file."
    case .tooLarge(let width, let height):
      "the picture would have \(width) x \(height) pixels, and a side may have "
        + "\(PictureFile.largestSide): show fewer maps, or smaller ones."
    case .limits(let text):
      "'\(text)' are no limits of a color scale: give LOW:HIGH, such as -5:5, or one number."
    }
  }
}
