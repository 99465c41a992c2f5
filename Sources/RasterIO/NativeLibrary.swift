import Rasters

#if GDAL
  import CGDAL
  import CHDF5
  import Foundation

  /// All calls of GDAL and HDF5 go through this type. Only one thread at a time may call them,
  /// because netCDF and HDF5 have global state; reading scenes is not a bottleneck.
  enum NativeLibrary {
    private static let lock = NSLock()
    /// Registers the allowed GDAL drivers once, and stops HDF5 from printing.
    private static let isReady: Bool = {
      GDALAllRegister()
      LZF.register()
      GDALRules.apply()
      return true
    }()

    static func exclusively<T>(_ body: () throws -> T) rethrows -> T {
      try lock.withLock {
        _ = isReady
        // HDF5 keeps this setting per thread.
        H5Eset_auto2(ch5_default_stack(), nil, nil)
        return try body()
      }
    }
  }

  /// Collects GDAL's messages while a body runs; otherwise they would go to stderr.
  final class GDALMessages {
    private(set) var warnings = [String]()
    private(set) var errors = [String]()

    /// Calls `body` with GDAL's messages collected in the object given to it.
    static func collecting<T>(_ body: (GDALMessages) throws -> T) rethrows -> T {
      let messages = GDALMessages()
      CPLErrorReset()
      CPLPushErrorHandlerEx(
        { level, _, text in
          guard let object = CPLGetErrorHandlerUserData(), let text else { return }
          let messages = Unmanaged<GDALMessages>.fromOpaque(object).takeUnretainedValue()
          let line = String(cString: text).split(whereSeparator: \.isNewline).joined(separator: " ")
          if level.rawValue >= CE_Failure.rawValue {
            messages.errors.append(line)
          } else if level == CE_Warning {
            messages.warnings.append(line)
          }
        }, Unmanaged.passUnretained(messages).toOpaque())
      defer { CPLPopErrorHandler() }
      return try body(messages)
    }

    func add(_ error: String) { errors.append(error) }

    /// The first error, which is the cause of the others.
    var cause: String {
      let text = errors.first ?? warnings.first ?? "GDAL gives no reason"
      return String(text.reversed().drop { $0 == "." }.reversed())
    }
  }

  extension GDALMessages {
    /// Why GDAL could not read `path`: a feature that this build of GDAL lacks, or else damage.
    func failure(of path: String) -> RasterError {
      let isMissing = cause.contains(
        /(?i)codec|compression scheme|not configured|not supported|unsupported|without .* support/)
      guard isMissing else { return .malformed(path: path, reason: cause) }
      return .unsupported(
        path: path, reason: "this GDAL cannot read it: \(cause)",
        remedy: "Write it again where it reads: gdal_translate -co COMPRESS=DEFLATE FILE COPY.tif.")
    }
  }

  /// `key=value` strings of a GDAL list.
  func gdalStringList(_ list: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?)
    -> [(key: String, value: String)]
  {
    var result = [(key: String, value: String)]()
    var index = 0
    while let item = list?[index] {
      let text = String(cString: item)
      if let equals = text.firstIndex(of: "=") {
        result.append((String(text[..<equals]), String(text[text.index(after: equals)...])))
      }
      index += 1
    }
    return result
  }
#endif
