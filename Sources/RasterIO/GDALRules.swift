import DurableFiles
import Rasters

#if GDAL
  import CGDAL
  import Foundation

  /// Restricts what GDAL may open: raster files, and the files that they name inside or below their
  /// own folder, but no other files, programs or servers. Reasons:
  /// docs/decisions/0015-foreign-files.md.
  enum GDALRules {
    /// All other drivers are deregistered, so that no format can open a file through another one.
    private static let drivers: Set = [
      "MEM", "GTiff", "netCDF", "GMT", "ISCE", "ROI_PAC", "SRTMHGT", "ENVI", "EHdr", "AAIGrid",
      "DTED", "PNG", "VRT",
    ]

    /// Called once, after the drivers are registered.
    static func apply() {
      for index in (0..<GDALGetDriverCount()).reversed() {
        guard let driver = GDALGetDriver(index), let name = GDALGetDriverShortName(driver),
          !drivers.contains(String(cString: name))
        else { continue }
        GDALDeregisterDriver(driver)
      }
      for (key, value) in [
        // No file name can refer to a server.
        ("CPL_VSIL_CURL_ALLOWED_FILENAME", "none"), ("CPL_VSIL_CURL_ALLOWED_EXTENSIONS", "{noext}"),
        ("PROJ_NETWORK", "OFF"),
        // No file can contain Python code that is run.
        ("GDAL_VRT_ENABLE_PYTHON", "NO"),
        // Blocks are read once, so a small cache (in MB) is enough.
        ("GDAL_CACHEMAX", "64"),
      ] {
        CPLSetConfigOption(key, value)
      }
      takeOwnTables()
    }

    /// A wheel carries the tables of the GDAL and PROJ in it. Those of another version, which the variables of
    /// a conda environment may name, are not always understood.
    private static func takeOwnTables() {
      if let file = ShippedFiles.find("gdal-data/gdalvrt.xsd") {
        CPLSetConfigOption("GDAL_DATA", FilePath.folder(file))
      }
      guard let file = ShippedFiles.find("proj-data/proj.db") else { return }
      FilePath.withCString(FilePath.folder(file)) { folder in
        var folders: [UnsafePointer<CChar>?] = [folder, nil]
        OSRSetPROJSearchPaths(&folders)
      }
    }

    /// The sidecar files of a raster that GDAL may read: no overviews, and masks and metadata only
    /// if they name no other file.
    /// - Returns: file names without folder.
    static func siblings(of path: String) -> [String] {
      let folder = FilePath.folder(path)
      let own = path.split(separator: "/").last.map(String.init) ?? path
      let names = (try? FileSystem.names(in: folder)) ?? [own]
      return names.filter { name in
        // A folder may hold many thousands of files; sidecars of other rasters are not needed.
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

    /// Whether an `.aux.xml` contains nothing that makes GDAL open further files.
    private static func namesNoFile(_ path: String) -> Bool {
      guard FileSizes.bytes(path) < 1 << 24 else { return false }
      let text = String(decoding: start(path, 1 << 24), as: UTF8.self).lowercased()
      return !["overview_file", "overviews", "geolocation", "/vsi", "://", "<vrtdataset"].contains(
        where: text.contains)
    }

    /// Refuses names that GDAL would not take for a file.
    /// - Returns: the name to open, which does not begin with a prefix that is special to GDAL.
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
