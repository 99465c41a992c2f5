#if GDAL
  import CGDAL
  import Foundation
  import RasterIO

  /// Valid files of kinds that this project reads but does not write.
  enum GDALSeeds {
    /// GeoTIFFs: compressed in several ways, in strips and tiles, integers, complex, with a mask.
    static func tiffs(in folder: String) -> [FuzzCase] {
      [
        ("deflate", GDT_Float32, ["COMPRESS=DEFLATE", "PREDICTOR=3"]),
        (
          "lzw", GDT_Int16,
          ["COMPRESS=LZW", "PREDICTOR=2", "TILED=YES", "BLOCKXSIZE=16", "BLOCKYSIZE=16"]
        ),
        ("packbits", GDT_Byte, ["COMPRESS=PACKBITS"]), ("complex", GDT_CFloat32, []),
        ("big", GDT_Float64, ["BIGTIFF=YES"]),
        ("sparse", GDT_Float32, ["SPARSE_OK=TRUE", "TILED=YES"]),
        ("bands", GDT_UInt16, ["INTERLEAVE=PIXEL"]),
      ].compactMap { name, type, options in
        make("GTiff", "\(folder)/\(name).tif", type, options, isFilled: name != "sparse")
          .map { FuzzCase(["a.tif": $0], main: "a.tif") }
      }
    }

    /// netCDF-4, which is HDF5 inside, chunked and compressed.
    static func netCDF4(in folder: String) -> [FuzzCase] {
      [["FORMAT=NC4"], ["FORMAT=NC4", "COMPRESS=DEFLATE"]].compactMap { options in
        make("netCDF", "\(folder)/a.nc", GDT_Float32, options, isFilled: true)
          .map { FuzzCase(["a.nc": $0], main: "a.nc") }
      }
    }

    private static func make(
      _ format: String, _ path: String, _ type: GDALDataType, _ options: [String], isFilled: Bool
    ) -> [UInt8]? {
      let (width, height): (Int32, Int32) = (40, 30)
      guard let memory = GDALGetDriverByName("MEM"), let driver = GDALGetDriverByName(format),
        let source = GDALCreate(memory, "", width, height, 1, type, nil)
      else { return nil }
      defer { GDALClose(source) }
      var place = RasterReaders.place.geotransform
      GDALSetGeoTransform(source, &place)
      GDALSetProjection(source, RasterReaders.place.crsWKT)
      let band = GDALGetRasterBand(source, 1)
      GDALSetRasterNoDataValue(band, 7)
      if isFilled {
        var values = (0..<Int(width * height)).map { Float($0 % 50) }
        _ = GDALRasterIO(
          band, GF_Write, 0, 0, width, height, &values, width, height, GDT_Float32, 0, 0)
      }
      var list: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
      for option in options { list = CSLAddString(list, option) }
      defer { CSLDestroy(list) }
      guard let copy = GDALCreateCopy(driver, path, source, 0, list, nil, nil) else { return nil }
      GDALClose(copy)
      return FileManager.default.contents(atPath: path).map { Array($0) }
    }
  }
#endif
