import DurableFiles

#if GDAL
  import CGDAL

  /// The coordinate axes of a netCDF variable, in the file's order. GDAL's raster reading assumes
  /// that rows run upward unless attributes of the CF conventions state otherwise; the coordinates
  /// themselves are reliable. Used only inside `NativeLibrary.exclusively`.
  struct NetCDFAxes {
    var rows: GridAxis
    var columns: GridAxis

    /// `nil` if the last two dimensions of the variable have no coordinate variables.
    init?(path: String, variable: String) {
      let dataset = "netCDF".withCString { name -> GDALDatasetH? in
        let drivers: [UnsafePointer<CChar>?] = [name, nil]
        return FilePath.withCString(path) {
          GDALOpenEx($0, UInt32(GDAL_OF_MULTIDIM_RASTER), drivers, nil, nil)
        }
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
      guard count >= 2 else { return nil }
      if let rows = Self.axis(dimensions[count - 2]), let columns = Self.axis(dimensions[count - 1])
      {
        (self.rows, self.columns) = (rows, columns)
        return
      }
      // Coordinates of every pixel, as the variable names them: `lat lon`.
      let names = Self.attributes(of: array)["coordinates"]?.split(separator: " ").prefix(4) ?? []
      let sizes = [dimensions[count - 2], dimensions[count - 1]].map {
        Int(GDALDimensionGetSize($0))
      }
      let planes = names.compactMap { name -> CoordinatePlane? in
        guard let plane = GDALGroupResolveMDArray(root, String(name), "/", nil) else { return nil }
        defer { GDALMDArrayRelease(plane) }
        return Self.values(of: plane, shape: sizes).map {
          CoordinatePlane(name: String(name), values: $0, attributes: Self.attributes(of: plane))
        }
      }
      guard let axes = GridAxis.axes(of: planes, height: sizes[0], width: sizes[1]) else {
        return nil
      }
      (rows, columns) = axes
    }

    /// Opens the dataset `name` with its rows in the file's order.
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
      guard let values = values(of: variable, shape: [Int(GDALDimensionGetSize(dimension))]) else {
        return nil
      }
      let name = GDALDimensionGetName(dimension).map { String(cString: $0) } ?? ""
      return GridAxis(name: name, values: values, attributes: attributes(of: variable))
    }

    /// All values of an array of this shape; `nil` for another shape, and if a value is not finite.
    private static func values(of array: GDALMDArrayH, shape: [Int]) -> [Double]? {
      var rank = 0
      guard let dimensions = GDALMDArrayGetDimensions(array, &rank) else { return nil }
      let sizes = (0..<rank).map { Int(clamping: GDALDimensionGetSize(dimensions[$0])) }
      GDALReleaseDimensions(dimensions, rank)
      let (count, overflow) = shape.reduce((1, false)) {
        let product = $0.0.multipliedReportingOverflow(by: $1)
        return (product.partialValue, $0.1 || product.overflow)
      }
      guard sizes == shape, !overflow, (1...1 << 24).contains(count),
        let type = GDALExtendedDataTypeCreate(GDT_Float64)
      else { return nil }
      defer { GDALExtendedDataTypeRelease(type) }
      var values = [Double](repeating: 0, count: count)
      let start = [GUInt64](repeating: 0, count: rank)
      let isRead = GDALMDArrayRead(array, start, sizes, nil, nil, type, &values, nil, 0) != 0
      return isRead && values.allSatisfy(\.isFinite) ? values : nil
    }

    private static func attributes(of variable: GDALMDArrayH) -> [String: String] {
      var result = [String: String]()
      var count = 0
      // GDAL stores the unit separately, and returns no list if there is no other attribute.
      let list = GDALMDArrayGetAttributes(variable, &count, nil)
      defer { GDALReleaseAttributes(list, count) }
      for index in 0..<count {
        guard let attribute = list?[index], let name = GDALAttributeGetName(attribute),
          let text = GDALAttributeReadAsString(attribute)
        else { continue }
        result[String(cString: name).lowercased()] = String(cString: text)
      }
      if let unit = GDALMDArrayGetUnit(variable).map({ String(cString: $0) }), !unit.isEmpty {
        result["units"] = unit
      }
      return result
    }
  }
#endif
