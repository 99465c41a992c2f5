#if GDAL
  import CHDF5
  import RunSupport

  extension RasterWriter {
    /// Writes MintPy's `velocity.h5`: dataset `velocity` in m/year, positive toward the satellite,
    /// and the root attributes that MintPy's programs need.
    ///
    /// `NO_DATA_VALUE` is set to `nan`, so that a rate of exactly 0 stays a rate. The wavelength is
    /// Sentinel-1's unless `options.metadata` gives another: a rate map does not depend on it.
    static func writeMintPy(_ raster: Raster, to path: String, options: RasterWriteOptions) throws {
      var raster = try raster.converted(to: .metersPerYear)
      if options.losConvention == .awayFromSatellite {
        raster.values = raster.values.map { -$0 }
      }
      let attributes = try mintPyAttributes(raster, path: path, options: options)
      try AtomicFile.write(to: path) { temporary in
        try NativeLibrary.exclusively {
          guard create(raster, attributes: attributes, at: temporary) else {
            throw RunError.cannotWrite(path: path, reason: HDF5File.reason())
          }
        }
      }
    }

    private static func mintPyAttributes(
      _ raster: Raster, path: String, options: RasterWriteOptions
    ) throws -> [String: String] {
      // The reference pixel is where the rate is 0 by definition: the one nearest to it.
      let reference =
        raster.values.indices.filter { raster.values[$0].isFinite }
        .min { abs(raster.values[$0]) < abs(raster.values[$1]) } ?? 0
      var result = [
        "FILE_TYPE": "velocity", "UNIT": "m/year", "DATA_TYPE": "float32", "NO_DATA_VALUE": "nan",
        "LENGTH": "\(raster.height)", "WIDTH": "\(raster.width)", "WAVELENGTH": "0.0554658",
        "ALOOKS": "1", "RLOOKS": "1", "PROCESSOR": "ganinsar",
        "REF_Y": "\(reference / raster.width)", "REF_X": "\(reference % raster.width)",
        losConventionKey: LOSConvention.towardSatellite.rawValue,
      ]
      if let georeference = raster.georeference {
        let numbers = georeference.geotransform
        guard numbers[2] == 0, numbers[4] == 0 else {
          throw RasterError.unsupported(
            path: path, reason: "MintPy's grids are not rotated, and this one is",
            remedy: "Write GeoTIFF, or warp it to a north-up grid first.")
        }
        let isProjected =
          !georeference.crsWKT.isEmpty && !CRS.isGeographic(wkt: georeference.crsWKT)
        result["X_FIRST"] = "\(numbers[0])"
        result["X_STEP"] = "\(numbers[1])"
        result["Y_FIRST"] = "\(numbers[3])"
        result["Y_STEP"] = "\(numbers[5])"
        for key in ["X_UNIT", "Y_UNIT"] { result[key] = isProjected ? "meters" : "degrees" }
        if let code = CRS.epsgCode(ofWKT: georeference.crsWKT) { result["EPSG"] = code }
      }
      return result.merging(options.metadata) { _, given in given }
    }

    /// `false` on any failure, with the reason on HDF5's error stack.
    private static func create(_ raster: Raster, attributes: [String: String], at path: String)
      -> Bool
    {
      let defaults = ch5_default_properties()
      let file = H5Fcreate(path, ch5_truncate(), defaults, defaults)
      guard file >= 0 else { return false }
      var isWritten = write(raster, into: file)
      if isWritten {
        isWritten = attributes.sorted { $0.key < $1.key }.allSatisfy {
          writeText($0.value, named: $0.key, on: file)
        }
      }
      // The flush is what fails on a full disk; asked for before the file is closed.
      if isWritten { isWritten = H5Fflush(file, H5F_SCOPE_LOCAL) >= 0 }
      return H5Fclose(file) >= 0 && isWritten
    }

    private static func write(_ raster: Raster, into file: hid_t) -> Bool {
      let space = H5Screate_simple(2, [UInt64(raster.height), UInt64(raster.width)], nil)
      guard space >= 0 else { return false }
      defer { H5Sclose(space) }
      let defaults = ch5_default_properties()
      let dataset = H5Dcreate2(
        file, "velocity", ch5_little_float(), space, defaults, defaults, defaults)
      guard dataset >= 0 else { return false }
      defer { H5Dclose(dataset) }
      return raster.values.withUnsafeBytes {
        H5Dwrite(
          dataset, ch5_native_float(), ch5_all(), ch5_all(), defaults, $0.baseAddress) >= 0
      } && writeText("m/year", named: "UNIT", on: dataset)
    }

    /// A variable-length UTF-8 string, as h5py writes them.
    private static func writeText(_ text: String, named name: String, on object: hid_t) -> Bool {
      let type = H5Tcopy(ch5_c_string())
      let space = H5Screate(H5S_SCALAR)
      defer {
        H5Tclose(type)
        H5Sclose(space)
      }
      H5Tset_size(type, ch5_variable_length())
      H5Tset_cset(type, H5T_CSET_UTF8)
      let defaults = ch5_default_properties()
      let attribute = H5Acreate2(object, name, type, space, defaults, defaults)
      guard attribute >= 0 else { return false }
      defer { H5Aclose(attribute) }
      return text.withCString { pointer in
        var pointer: UnsafePointer<CChar>? = pointer
        return H5Awrite(attribute, type, &pointer) >= 0
      }
    }
  }
#endif
