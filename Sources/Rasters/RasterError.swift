import Kernel

/// Errors thrown when raster files are read or written; every message names the file, the value and
/// the remedy.
public enum RasterError: Error, CustomStringConvertible, Codable, Equatable, Sendable {
  /// The file is missing, a folder, empty, or not readable.
  case cannotOpen(path: String, reason: String, remedy: String)
  /// The file is truncated, corrupt, or not what its name or header says.
  case malformed(path: String, reason: String)
  /// The file is valid, but of an unsupported kind.
  case unsupported(path: String, reason: String, remedy: String)
  /// The options do not fit the file.
  case doesNotFit(path: String, reason: String, remedy: String)
  /// Needs a build with the `GDAL` trait.
  case needsGDAL(path: String)
  case unknownUnit(String)
  case cannotConvert(from: String, to: RasterUnit)
  /// All pixels are NaN, all have the same value, or some are infinite.
  case noValidPixels(path: String)
  case constant(path: String, value: Float)
  case infinite(path: String, count: Int)

  /// On one line, whatever the file or its name contains.
  public var description: String { text.printable }

  private var text: String {
    switch self {
    case .cannotOpen(let path, let reason, let remedy):
      "cannot open \(path): \(reason). \(remedy)"
    case .malformed(let path, let reason):
      "\(path) is damaged or not what it says: \(reason). Copy or export it again."
    case .unsupported(let path, let reason, let remedy):
      "cannot read \(path): \(reason). \(remedy)"
    case .doesNotFit(let path, let reason, let remedy):
      "\(path): \(reason). \(remedy)"
    case .needsGDAL(let path):
      "cannot read \(path): this ganinsar was built without GDAL and reads .npy and flat files only. "
        + "Install libgdal-dev and libhdf5-dev and build again, or convert the file to .npy."
    case .unknownUnit(let text):
      "unknown unit '\(text)'. Units: "
        + RasterUnit.allCases.map(\.rawValue).joined(separator: ", ") + "."
    case .cannotConvert(let from, let to):
      "cannot convert \(from) to \(to.rawValue): not the same kind of quantity. "
        + "State the unit with \(OptionName.unit), or convert phase to a rate or a displacement first."
    case .noValidPixels(let path):
      "\(path): no valid pixel, every value is NaN or no-data. Check \(OptionName.noData), \(OptionName.band) and \(OptionName.dataset)."
    case .constant(let path, let value):
      "\(path): every valid pixel is \(value), so there is nothing to learn. "
        + "Check \(OptionName.band) and \(OptionName.dataset), or leave the file out."
    case .infinite(let path, let count):
      "\(path): \(count) infinite value\(count == 1 ? "" : "s"). "
        + "Mask them, or pass \(OptionName.noData("inf")) to treat them as missing."
    }
  }
}
