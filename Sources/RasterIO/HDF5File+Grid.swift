#if GDAL
  import CHDF5

  extension HDF5File {
    /// All values of a numeric dataset, in double precision, which coordinates need. `nil` for
    /// other datasets, and for more than 2^24 values.
    /// - Throws: `RasterError` if they cannot be read: without coordinates the order of a raster's
    ///   rows is unknown.
    func doubles(_ dataset: Dataset) throws -> [Double]? {
      let (count, overflow) = dataset.shape.reduce((1, false)) {
        let product = $0.0.multipliedReportingOverflow(by: $1)
        return (product.partialValue, $0.1 || product.overflow)
      }
      guard dataset.isNumeric, !overflow, (1...1 << 24).contains(count) else { return nil }
      try checkSize(dataset)
      var values = [Double](repeating: 0, count: count)
      try withDataset(dataset) { handle, _ in
        H5Dread(
          handle, ch5_native_double(), ch5_all(), ch5_all(), ch5_default_properties(), &values)
      }
      return values
    }

    /// The fill value that was set for a dataset; `nil` if it is the default of the library.
    func fillValue(of dataset: Dataset) -> Double? {
      var value: Double?
      try? withDataset(dataset) { handle, _ in
        let creation = H5Dget_create_plist(handle)
        guard creation >= 0 else { return -1 }
        defer { H5Pclose(creation) }
        var status = H5D_FILL_VALUE_UNDEFINED
        var number = 0.0
        if H5Pfill_value_defined(creation, &status) >= 0, status == H5D_FILL_VALUE_USER_DEFINED,
          H5Pget_fill_value(creation, ch5_native_double(), &number) >= 0
        {
          value = number
        }
        return 0
      }
      return value
    }

    /// Limits the number of coordinates of one shape, so that a hostile file cannot fill the memory
    /// with them.
    private static let mostCoordinates = 8

    /// The georeference of a dataset from the coordinates in its group or a parent group, as in
    /// NISAR's products, netCDF and custom files; `nil` if there are none.
    func place(of dataset: Dataset, among all: [Dataset]) throws -> GridPlace? {
      let (height, width) = (dataset.shape[dataset.shape.count - 2], dataset.shape.last ?? 0)
      let groups = Self.groups(of: dataset.name)
      let crs = try crsWKT(of: dataset, groups: groups, among: all)
      for group in groups {
        let axes = try all.filter {
          $0.isNumeric && $0.shape.count == 1 && Self.groups(of: $0.name)[0] == group
            && [height, width].contains($0.shape[0]) && $0.name != dataset.name
        }.map { ($0, GridAxis(name: $0.name, values: [], attributes: lowercased($0.name))) }
          .filter { $0.1.direction != nil }.prefix(Self.mostCoordinates)
          .compactMap { found, axis in
            try doubles(found).map {
              GridAxis(name: axis.name, values: $0, attributes: axis.attributes)
            }
          }
        func axis(_ direction: GridAxis.Direction, _ count: Int) -> GridAxis? {
          axes.first { $0.direction == direction && $0.values.count == count }
        }
        if let rows = axis(.north, height), let columns = axis(.east, width) {
          return GridPlace(rows: rows, columns: columns, crsWKT: crs)
        }
        if let rows = axis(.east, height), let columns = axis(.north, width) {
          return GridPlace(rows: rows, columns: columns, crsWKT: crs)
        }
        let planes = try all.filter {
          $0.shape == [height, width] && Self.groups(of: $0.name)[0] == group
            && $0.name != dataset.name && GridAxis(name: $0.name, values: []).direction != nil
        }.prefix(Self.mostCoordinates).compactMap { found in
          try doubles(found).map {
            CoordinatePlane(name: found.name, values: $0, attributes: lowercased(found.name))
          }
        }
        if let (rows, columns) = GridAxis.axes(of: planes, height: height, width: width) {
          return GridPlace(rows: rows, columns: columns, crsWKT: crs)
        }
      }
      return nil
    }

    private func lowercased(_ name: String) -> [String: String] {
      Dictionary(attributes(of: name).map { ($0.key.lowercased(), $0.value) }) { first, _ in first }
    }

    /// The CRS from the dataset that `grid_mapping` names, or from one with a usual name: NISAR's
    /// `projection` is an EPSG code. Empty if there is none.
    private func crsWKT(of dataset: Dataset, groups: [String], among all: [Dataset]) throws
      -> String
    {
      let stated = CFAttributes(attributes(of: dataset.name))["grid_mapping"]
      let names = [stated, "projection", "crs", "spatial_ref", "mapping"].compactMap { $0 }
      for group in groups {
        for name in names {
          guard let mapping = all.first(where: { $0.name == group + name }) else { continue }
          let facts = CFAttributes(attributes(of: mapping.name))
          let code =
            try facts.epsgCode
            ?? (mapping.shape.isEmpty || mapping.shape == [1]
              ? doubles(mapping)?.first.flatMap { Int32(exactly: $0) } : nil)
          if let wkt = code.flatMap({ $0 > 1000 ? CRS.wkt(ofEPSG: $0) : nil }) ?? facts.wkt {
            return wkt
          }
        }
      }
      let root = CFAttributes(attributes())
      return root.epsgCode.flatMap(CRS.wkt(ofEPSG:)) ?? root.wkt ?? ""
    }

    /// `a/b/`, `a/` and the root's empty name, for a dataset `a/b/c`.
    private static func groups(of name: String) -> [String] {
      let steps = name.split(separator: "/").dropLast()
      return (0...steps.count).reversed().map { steps.prefix($0).map { "\($0)/" }.joined() }
    }
  }
#endif
