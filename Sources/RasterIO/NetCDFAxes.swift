#if GDAL
  import CGDAL

  /// The coordinate axes of a netCDF variable, in the file's order. GDAL's raster reading takes rows to
  /// run upward unless attributes of the CF conventions tell otherwise; the coordinates themselves
  /// always tell. Used inside `NativeLibrary.exclusively` only.
  struct NetCDFAxes {
    var rows: GridAxis
    var columns: GridAxis

    /// `nil` where the variable's last two dimensions have no coordinate variables.
    init?(path: String, variable: String) {
      let dataset = "netCDF".withCString { name -> GDALDatasetH? in
        let drivers: [UnsafePointer<CChar>?] = [name, nil]
        return GDALOpenEx(path, UInt32(GDAL_OF_MULTIDIM_RASTER), drivers, nil, nil)
      }
      guard let dataset else { return nil }
      defer { GDALClose(dataset) }
      guard let root = GDALDatasetGetRootGroup(dataset) else { return nil }
      defer { GDALGroupRelease(root) }
      guard let array = GDALGroupResolveMDArray(root, variable, "/", nil) else { return nil }
      defer { GDALMDArrayRelease(array) }
      var count = 0
      guard let dimensions = GDALMDArrayGetDimensions(array, &count) else { return nil }
      defer { GDALReleaseDimensions(dimensions, count) }
      guard count >= 2, let rows = Self.axis(dimensions[count - 2]),
        let columns = Self.axis(dimensions[count - 1])
      else { return nil }
      self.rows = rows
      self.columns = columns
    }

    /// The dataset `name` again, with its rows in the file's order.
    static func openInFileOrder(_ name: String) -> GDALDataset? {
      CPLSetThreadLocalConfigOption("GDAL_NETCDF_BOTTOMUP", "NO")
      defer { CPLSetThreadLocalConfigOption("GDAL_NETCDF_BOTTOMUP", nil) }
      return GDALDataset(opening: name)
    }

    private static func axis(_ dimension: GDALDimensionH?) -> GridAxis? {
      guard let dimension, let variable = GDALDimensionGetIndexingVariable(dimension) else {
        return nil
      }
      defer { GDALMDArrayRelease(variable) }
      let size = Int(GDALDimensionGetSize(dimension))
      guard GDALMDArrayGetDimensionCount(variable) == 1, (1...1 << 24).contains(size),
        Int(GDALMDArrayGetTotalElementsCount(variable)) == size,
        let type = GDALExtendedDataTypeCreate(GDT_Float64)
      else { return nil }
      defer { GDALExtendedDataTypeRelease(type) }
      var values = [Double](repeating: 0, count: size)
      var start: GUInt64 = 0
      var counts = size
      guard
        GDALMDArrayRead(variable, &start, &counts, nil, nil, type, &values, nil, 0) != 0,
        values.allSatisfy(\.isFinite)
      else { return nil }
      var attributes = self.attributes(of: variable)
      if let unit = GDALMDArrayGetUnit(variable).map({ String(cString: $0) }), !unit.isEmpty {
        attributes["units"] = unit
      }
      let name = GDALDimensionGetName(dimension).map { String(cString: $0) } ?? ""
      return GridAxis(name: name, values: values, attributes: attributes)
    }

    private static func attributes(of variable: GDALMDArrayH) -> [String: String] {
      var result = [String: String]()
      var count = 0
      guard let list = GDALMDArrayGetAttributes(variable, &count, nil) else { return [:] }
      defer { GDALReleaseAttributes(list, count) }
      for index in 0..<count {
        guard let attribute = list[index], let name = GDALAttributeGetName(attribute),
          let text = GDALAttributeReadAsString(attribute)
        else { continue }
        result[String(cString: name).lowercased()] = String(cString: text)
      }
      return result
    }
  }
#endif
