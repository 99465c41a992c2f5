import DurableFiles
import Rasters

#if GDAL
  import CHDF5
  import Foundation
  import DurableFiles

  extension RasterWriter {
    /// Writes MintPy's `velocity.h5`: dataset `velocity` in m/year, positive toward the satellite,
    /// and the root attributes that MintPy's programs need.
    ///
    /// `NO_DATA_VALUE` is set to `nan`, so that a rate of exactly 0 is valid. The wavelength is
    /// Sentinel-1's unless `options.metadata` gives another: a rate map does not depend on it.
    static func writeMintPy(_ raster: Raster, to path: String, options: RasterWriteOptions) throws {
      var raster = try raster.converted(to: .metersPerYear)
      if options.losConvention == .awayFromSatellite {
        raster.values = raster.values.map { -$0 }
      }
      let attributes = try mintPyAttributes(raster, path: path, options: options)
      let image = try NativeLibrary.exclusively {
        guard let image = fileImage(raster, attributes: attributes) else {
          throw RunError.cannotWrite(path: path, reason: HDF5File.reason())
        }
        return image
      }
      try AtomicFile.write(image, to: path)
    }

    private static func mintPyAttributes(
      _ raster: Raster, path: String, options: RasterWriteOptions
    ) throws -> [String: String] {
      // At the reference pixel the rate is 0 by definition, so the pixel with the rate nearest to 0
      // is used.
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
        guard georeference.isNorthUp else {
          throw RasterError.unsupported(
            path: path, reason: "MintPy's grids are not rotated, and this one is",
            remedy: "Write GeoTIFF, or warp it to a north-up grid first.")
        }
        result.merge(mintPyGrid(georeference)) { $1 }
      }
      return result.merging(options.metadata) { _, given in given }
    }

    /// MintPy's attributes for a grid that is not rotated.
    public static func mintPyGrid(_ georeference: Georeference) -> [String: String] {
      let isProjected =
        !georeference.crsWKT.isEmpty && !CRS.isGeographic(wkt: georeference.crsWKT)
      let unit = isProjected ? "meters" : "degrees"
      let numbers = georeference.geotransform
      var result = [
        "X_FIRST": "\(numbers[0])", "X_STEP": "\(numbers[1])", "X_UNIT": unit,
        "Y_FIRST": "\(numbers[3])", "Y_STEP": "\(numbers[5])", "Y_UNIT": unit,
      ]
      result["EPSG"] = CRS.epsgCode(ofWKT: georeference.crsWKT)
      return result
    }

    /// The bytes of the file, created in memory, because HDF5 cannot close a file on a full disk.
    /// `nil` on failure, with the reason on HDF5's error stack.
    private static func fileImage(_ raster: Raster, attributes: [String: String]) -> Data? {
      let access = H5Pcreate(ch5_file_access())
      defer { H5Pclose(access) }
      guard ch5_keep_in_memory(access, 1 << 20) >= 0 else { return nil }
      // The name is not used, because no file is written.
      let file = H5Fcreate("velocity.h5", ch5_truncate(), ch5_default_properties(), access)
      guard file >= 0 else { return nil }
      defer { H5Fclose(file) }
      guard write(raster, into: file),
        attributes.sorted(by: { $0.key < $1.key }).allSatisfy({
          HDF5Text.write($0.value, named: $0.key, on: file)
        }), H5Fflush(file, H5F_SCOPE_LOCAL) >= 0
      else { return nil }
      let size = H5Fget_file_image(file, nil, 0)
      guard size > 0 else { return nil }
      var image = Data(count: size)
      let copied = image.withUnsafeMutableBytes { H5Fget_file_image(file, $0.baseAddress, size) }
      return copied == size ? image : nil
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
      } && HDF5Text.write("m/year", named: "UNIT", on: dataset)
    }
  }
#endif
