import DurableFiles
import Rasters

#if GDAL
  import CGDAL
  import Foundation
  import DurableFiles

  /// What GDAL may open: raster files, and no file, program or server that a file names, but those
  /// beneath its own folder. Why so: docs/decisions/0015-foreign-files.md.
  enum GDALRules {
    /// All others are taken out of the process, so that no file format opens one by another's name.
    private static let drivers: Set = [
      "MEM", "GTiff", "netCDF", "GMT", "ISCE", "ROI_PAC", "SRTMHGT", "ENVI", "EHdr", "AAIGrid",
      "DTED", "PNG", "VRT",
    ]

    /// Called once, with the drivers registered.
    static func apply() {
      for index in (0..<GDALGetDriverCount()).reversed() {
        guard let driver = GDALGetDriver(index), let name = GDALGetDriverShortName(driver),
          !drivers.contains(String(cString: name))
        else { continue }
        GDALDeregisterDriver(driver)
      }
      for (key, value) in [
        // No file name leads to a server.
        ("CPL_VSIL_CURL_ALLOWED_FILENAME", "none"), ("CPL_VSIL_CURL_ALLOWED_EXTENSIONS", "{noext}"),
        ("PROJ_NETWORK", "OFF"),
        // No file brings Python code.
        ("GDAL_VRT_ENABLE_PYTHON", "NO"),
        // Blocks are read once: a small cache does, in MB.
        ("GDAL_CACHEMAX", "64"),
      ] {
        CPLSetConfigOption(key, value)
      }
    }

    /// The files beside a raster that GDAL may look at: none with overviews, and masks and notes only
    /// where they name no other file.
    /// - Returns: names without their folder.
    static func siblings(of path: String) -> [String] {
      let folder = FilePath.folder(path)
      let own = path.split(separator: "/").last.map(String.init) ?? path
      let names = (try? FileSystem.names(in: folder)) ?? [own]
      return names.filter { name in
        // A folder may hold many thousands of files; those of other rasters do not matter.
        let ending = name.lowercased()
        if ending.hasSuffix(".ovr") || ending.hasSuffix(".rrd") { return false }
        if ending.hasSuffix(".msk") { return isTIFF("\(folder)/\(name)") }
        if ending.hasSuffix(".aux.xml") {
          return !name.hasPrefix(stem(own)) || namesNoFile("\(folder)/\(name)")
        }
        return true
      }
    }

    private static func stem(_ name: String) -> String {
      name.split(separator: ".").first.map(String.init) ?? name
    }

    private static func start(_ path: String, _ count: Int) -> [UInt8] {
      guard let file = try? OpenedFile(path) else { return [] }
      return (try? file.bytes(min(count, file.byteCount), at: 0)) ?? []
    }

    private static func isTIFF(_ path: String) -> Bool {
      let start = start(path, 2)
      return start == Array("II".utf8) || start == Array("MM".utf8)
    }

    /// Whether a `.aux.xml` leaves out what makes GDAL open further files.
    private static func namesNoFile(_ path: String) -> Bool {
      guard FileSizes.bytes(path) < 1 << 24 else { return false }
      let text = String(decoding: start(path, 1 << 24), as: UTF8.self).lowercased()
      return !["overview_file", "overviews", "geolocation", "/vsi", "://", "<vrtdataset"].contains(
        where: text.contains)
    }

    /// Refuses names that GDAL takes for something else than a file.
    /// - Returns: the name to open, in which nothing is a prefix of GDAL's.
    static func fileName(_ path: String) throws -> String {
      guard !path.hasPrefix("/vsi") else {
        throw RasterError.unsupported(
          path: path, reason: "names beginning with /vsi mean GDAL's virtual files",
          remedy: "Name a file on disk.")
      }
      return path.hasPrefix("/") ? path : "./" + path
    }
  }
#endif
