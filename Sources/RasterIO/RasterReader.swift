import DurableFiles
import Foundation
import Kernel
import Rasters

/// Reads rasters that InSAR processors write.
public enum RasterReader {
  /// Images with more pixels are refused before memory is allocated.
  static let largestPixelCount = 1 << 31

  /// Reads one raster and describes how it was interpreted.
  ///
  /// The format is detected from the content and the files beside it; see docs/rasters.md. Values
  /// keep the file's unit and sign (`RateMapReader` changes both); no data becomes NaN; infinite
  /// values are counted and kept.
  /// - Throws: `RasterError`, with the file, the wrong value and the remedy; `RunError.interrupted`
  ///   while a child process reads (`ForeignFiles`).
  public static func read(_ path: String, options: RasterReadOptions = .init()) throws
    -> RasterScene
  {
    #if GDAL
      return try ForeignFiles.scene(path, options: options)
    #else
      return try readHere(path, options: options)
    #endif
  }

  /// Reads in this process.
  static func readHere(_ path: String, options: RasterReadOptions) throws -> RasterScene {
    var scene = try readAsStored(path, options: options)
    addSidecar(&scene)
    if let unit = options.unit {
      let found = scene.raster.unit
      scene.description.unitSource =
        found == nil || found == unit
        ? "given" : "given (the file says \(found!.rawValue): \(scene.description.unitSource))"
      scene.raster.unit = unit
    }
    settlePlace(&scene)
    try settleSign(&scene, options: options)
    let values = scene.raster.values
    scene.description.noDataCount = values.count { $0.isNaN }
    scene.description.noDataShare =
      values.isEmpty ? 0 : Double(scene.description.noDataCount) / Double(values.count)
    scene.description.infiniteCount = values.count { $0.isInfinite }
    addHints(&scene, options: options)
    scene.description.makePrintable()
    return scene
  }

  private static func readAsStored(_ path: String, options: RasterReadOptions) throws
    -> RasterScene
  {
    let file = try OpenedFile(path)
    let start = try file.bytes(min(8, file.byteCount), at: 0)
    if start.starts(with: [0x93] + Array("NUMPY".utf8)) || path.hasSuffix(".npy") {
      return try readNpy(path, options: options)
    }
    if try isHDF5(file) {
      #if GDAL
        return try readHDF5(path, options: options)
      #else
        throw RasterError.needsGDAL(path: path)
      #endif
    }
    if var header = try NetCDFClassicHeader(of: file) { try header.checkLength() }
    if let scene = try readFlatByOptions(file, options: options) { return scene }
    if let scene = try readROIPAC(file, options: options) { return scene }
    #if GDAL
      if let scene = try readGDAL(path, options: options) { return scene }
    #else
      if start.starts(with: Array("II".utf8)) || start.starts(with: Array("MM".utf8))
        || start.starts(with: Array("CDF".utf8)) || path.hasSuffix(".vrt") || path.hasSuffix(".xml")
        || FileSystem.exists(path + ".xml")
      {
        throw RasterError.needsGDAL(path: path)
      }
    #endif
    if let scene = try readFlatWithParameters(file, options: options) { return scene }
    if path.firstMatch(of: /[NS]\d\d[EW]\d\d\d\.hgt$/) != nil {
      throw RasterError.malformed(
        path: path,
        reason: "an SRTM tile has 2884802 or 25934402 bytes, and it has \(file.byteCount)")
    }
    if let foreign = try foreignContent(of: file) { throw foreign }
    throw RasterError.unsupported(
      path: path, reason: "its format is not recognized, and \(parameterTrouble(file))",
      remedy:
        "For a file without header give \(OptionName.width) (and \(OptionName.type), \(OptionName.byteOrder))."
    )
  }

  static let hdf5Endings = ["h5", "he5", "hdf5"]

  /// HDF5's signature is at the start, or after a user block (as in MATLAB). A file with HDF5's
  /// suffix but without the signature is passed to the HDF5 library.
  private static func isHDF5(_ file: OpenedFile) throws -> Bool {
    let mark = [0x89] + Array("HDF\r\n".utf8) + [0x1a, 0x0a]
    for offset in [0, 512, 1024, 2048] where offset + mark.count <= file.byteCount {
      if try file.bytes(mark.count, at: offset) == mark { return true }
    }
    guard hdf5Endings.contains(FilePath.fileExtension(file.path).lowercased()) else {
      return false
    }
    if let foreign = try foreignContent(of: file) { throw foreign }
    return true
  }

  /// Describes a file that no reader recognizes.
  private static func foreignContent(of file: OpenedFile) throws -> RasterError? {
    let start = try file.bytes(min(ForeignContent.startLength, file.byteCount), at: 0)
    return ForeignContent(unrecognized: start, path: file.path).map {
      .unsupported(path: file.path, reason: $0.reason, remedy: $0.remedy)
    }
  }

  /// Describes what is wrong with the parameter files beside `file`, which state the size of a file
  /// without header.
  private static func parameterTrouble(_ file: OpenedFile) -> String {
    let found = parameterPaths(of: file.path).first { FileSystem.exists($0) }
    guard let found else { return "there is no parameter file beside it" }
    let name = FilePath.name(found)
    if ParameterFile(ifPresent: found) != nil { return "\(name) beside it has no width" }
    do {
      _ = try OpenedFile(found)
      return "\(name) beside it is not text"
    } catch RasterError.cannotOpen(_, let reason, _), RasterError.unsupported(_, let reason, _) {
      return "\(name) beside it cannot be read: \(reason)"
    } catch {
      return "\(name) beside it cannot be read"
    }
  }

  private static func readNpy(_ path: String, options: RasterReadOptions) throws -> RasterScene {
    let reader = try NpyReader(path)
    var array: NpyArray
    var description = RasterDescription(
      path: path, format: "NumPy .npy", sampleType: reader.header.type.rawValue)
    description.unitSource = "an .npy file holds none; give it with \(OptionName.unit)"
    switch reader.shape.count {
    case 2 where options.band ?? 1 == 1: array = try NpyArray.read(path)
    case 3 where reader.shape[0] > 0:
      description.bandCount = reader.shape[0]
      description.band = try checkedBand(options.band, count: reader.shape[0], path: path)
      array = try reader.readItem(description.band - 1)
      if options.band == nil && description.bandCount > 1 { noteFirstBand(&description) }
    case 2:
      _ = try checkedBand(options.band, count: 1, path: path)
      fallthrough
    default:
      throw RasterError.unsupported(
        path: path, reason: "shape \(reader.shape) is not that of a raster",
        remedy: "Save a two-dimensional array [rows, columns], or a stack of them.")
    }
    guard array.shape.allSatisfy({ $0 > 0 }) else {
      throw RasterError.malformed(path: path, reason: "shape \(array.shape) has no pixels")
    }
    NoData().apply(to: &array.values, options: options, description: &description)
    return RasterScene(
      raster: Raster(width: array.shape[1], height: array.shape[0], values: array.values),
      description: description)
  }

  static func checkedBand(_ band: Int?, count: Int, path: String) throws -> Int {
    let band = band ?? 1
    guard (1...max(1, count)).contains(band) else {
      throw RasterError.doesNotFit(
        path: path, reason: "there is no band \(band): it has \(count)",
        remedy: "Choose \(OptionName.band) 1 to \(count).")
    }
    return band
  }

  static func noteFirstBand(_ description: inout RasterDescription) {
    description.notes.append(
      "band 1 of \(description.bandCount) was read; choose another with \(OptionName.band)")
  }

  /// Adds hints from the values themselves; they change nothing.
  private static func addHints(_ scene: inout RasterScene, options: RasterReadOptions) {
    let values = scene.raster.values
    let mayHoldPlainZeros =
      options.noData == nil && scene.description.noDataSource == "NaN"
      && (scene.raster.unit != nil || !scene.description.unitSource.hasPrefix("no unit"))
    let zeros = mayHoldPlainZeros ? values.count { $0 == 0 } : 0
    if zeros > 1, zeros * 1000 > values.count {
      let share = (Double(zeros) * 1000 / Double(values.count)).rounded() / 10
      scene.description.notes.append(
        "\(share) % of the values are exactly 0; if that means no data, pass \(OptionName.noData("0"))"
      )
    }
    if let fills = scene.description.undeclaredFills {
      scene.description.notes.append(
        "\(fills.words(of: values.count)); if that means no data, pass \(fills.options)")
    }
    if scene.raster.unit == nil {
      var low = Float.infinity
      var high = -Float.infinity
      for value in values where value.isFinite {
        low = min(low, value)
        high = max(high, value)
      }
      if low >= -3.1416, high <= 3.1416, low < -3, high > 3 {
        scene.description.notes.append(
          "all values lie within -pi and pi: if this is wrapped phase, pass \(OptionName.unit("rad"))"
        )
      }
    }
  }
}
