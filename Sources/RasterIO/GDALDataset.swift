import DurableFiles

#if GDAL
  import CGDAL
  import DurableFiles

  /// A GDAL dataset that is closed automatically. Used only inside `NativeLibrary.exclusively`.
  final class GDALDataset {
    let handle: GDALDatasetH
    private var isOpen = true

    init(_ handle: GDALDatasetH) { self.handle = handle }

    /// `nil` if GDAL cannot open it; the reason is in the collected messages. GDAL sees only those
    /// sidecar files that `GDALRules` allows.
    init?(opening name: String) {
      let flags = UInt32(GDAL_OF_RASTER | GDAL_OF_VERBOSE_ERROR)
      var list: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
      // The name of a subdataset is not a file name; such datasets have no sidecars.
      let siblings = FileSizes.bytes(name) > 0 ? GDALRules.siblings(of: name) : []
      for sibling in siblings {
        list = FilePath.withCString(sibling) { CSLAddString(list, $0) }
      }
      defer { CSLDestroy(list) }
      let names = list.map {
        UnsafeRawPointer($0).assumingMemoryBound(to: UnsafePointer<CChar>?.self)
      }
      guard let handle = FilePath.withCString(name, { GDALOpenEx($0, flags, nil, nil, names) })
      else { return nil }
      self.handle = handle
    }

    deinit { close() }

    /// Flushes written data; errors appear in the collected messages.
    func close() {
      if isOpen { GDALClose(handle) }
      isOpen = false
    }

    var driverName: String {
      GDALGetDatasetDriver(handle).flatMap { GDALGetDriverShortName($0) }.map {
        String(cString: $0)
      } ?? ""
    }
    var width: Int { Int(GDALGetRasterXSize(handle)) }
    var height: Int { Int(GDALGetRasterYSize(handle)) }
    var bandCount: Int { Int(GDALGetRasterCount(handle)) }

    func metadata(domain: String? = nil) -> [(key: String, value: String)] {
      gdalStringList(GDALGetMetadata(handle, domain))
    }

    /// Names of the rasters in a container, such as `NETCDF:"file":variable`.
    var subdatasets: [String] {
      metadata(domain: "SUBDATASETS").filter { $0.key.hasSuffix("_NAME") }.map(\.value)
    }

    var geotransform: [Double]? {
      var numbers = [Double](repeating: 0, count: 6)
      return GDALGetGeoTransform(handle, &numbers) == CE_None ? numbers : nil
    }

    var crsWKT: String { GDALGetProjectionRef(handle).map { String(cString: $0) } ?? "" }
  }

  /// Facts about a coordinate reference system, computed by GDAL.
  enum CRS {
    /// The name, such as `WGS 84 (EPSG:4326)`; `nil` for empty or unknown text.
    static func name(ofWKT wkt: String) -> String? {
      guard !wkt.isEmpty, let system = OSRNewSpatialReference(wkt) else { return nil }
      defer { OSRDestroySpatialReference(system) }
      guard let name = OSRGetName(system) else { return nil }
      guard let code = epsgCode(system) else { return String(cString: name) }
      return "\(String(cString: name)) (EPSG:\(code))"
    }

    static func epsgCode(ofWKT wkt: String) -> String? {
      guard !wkt.isEmpty, let system = OSRNewSpatialReference(wkt) else { return nil }
      defer { OSRDestroySpatialReference(system) }
      return epsgCode(system)
    }

    static func isGeographic(wkt: String) -> Bool {
      guard !wkt.isEmpty, let system = OSRNewSpatialReference(wkt) else { return false }
      defer { OSRDestroySpatialReference(system) }
      return OSRIsGeographic(system) != 0
    }

    static func wkt(ofEPSG code: Int32) -> String? {
      guard let system = OSRNewSpatialReference(nil) else { return nil }
      defer { OSRDestroySpatialReference(system) }
      guard OSRImportFromEPSG(system, code) == OGRERR_NONE else { return nil }
      var text: UnsafeMutablePointer<CChar>?
      guard OSRExportToWkt(system, &text) == OGRERR_NONE, let text else { return nil }
      defer { VSIFree(text) }
      return String(cString: text)
    }

    /// Longitude and latitude in degrees of a point in a projected system; `nil` if they cannot be
    /// computed.
    static func longitudeLatitude(_ x: Double, _ y: Double, wkt: String) -> (Double, Double)? {
      guard !wkt.isEmpty else { return nil }
      return NativeLibrary.exclusively {
        guard let projected = OSRNewSpatialReference(wkt) else { return nil }
        guard let degrees = OSRCloneGeogCS(projected) else {
          OSRDestroySpatialReference(projected)
          return nil
        }
        defer {
          OSRDestroySpatialReference(projected)
          OSRDestroySpatialReference(degrees)
        }
        OSRSetAxisMappingStrategy(projected, OAMS_TRADITIONAL_GIS_ORDER)
        OSRSetAxisMappingStrategy(degrees, OAMS_TRADITIONAL_GIS_ORDER)
        guard let transform = OCTNewCoordinateTransformation(projected, degrees) else { return nil }
        defer { OCTDestroyCoordinateTransformation(transform) }
        var (longitude, latitude) = (x, y)
        guard OCTTransform(transform, 1, &longitude, &latitude, nil) != 0 else { return nil }
        return (longitude, latitude)
      }
    }

    private static func epsgCode(_ system: OGRSpatialReferenceH) -> String? {
      guard let authority = OSRGetAuthorityName(system, nil), String(cString: authority) == "EPSG",
        let code = OSRGetAuthorityCode(system, nil)
      else { return nil }
      return String(cString: code)
    }
  }
#endif
