import Rasters

/// A target grid for resampling.
public struct RasterGrid: Sendable, Equatable {
  public var width: Int
  public var height: Int
  public var georeference: Georeference?

  public init(width: Int, height: Int, georeference: Georeference?) {
    self.width = width
    self.height = height
    self.georeference = georeference
  }

  public init(_ raster: Raster) {
    self.init(width: raster.width, height: raster.height, georeference: raster.georeference)
  }
}

extension Raster {
  /// This raster resampled to another grid, bilinearly between pixel centers; NaN outside.
  ///
  /// If one of the two has no georeference and the shapes are equal, the raster is returned
  /// unchanged.
  /// - Parameter path: the file, for error messages.
  /// - Throws: `RasterError.doesNotFit` for different shapes without georeference, or if GDAL
  ///   cannot transform between the two grids; `RasterError.needsGDAL`.
  public func warped(onto grid: RasterGrid, path: String) throws -> Raster {
    let isSameShape = width == grid.width && height == grid.height
    guard let own = georeference, let other = grid.georeference else {
      if isSameShape { return self }
      throw RasterError.doesNotFit(
        path: path,
        reason: "it has \(height) rows and \(width) columns where \(grid.height) and \(grid.width) "
          + "are needed, and it has no georeference",
        remedy: "Give a raster of the same shape, or GeoTIFFs with a georeference.")
    }
    if isSameShape && own == other { return self }
    #if GDAL
      return try warp(from: own, onto: grid, other, path: path)
    #else
      throw RasterError.needsGDAL(path: path)
    #endif
  }
}

#if GDAL
  import CGDAL

  extension Raster {
    private func warp(
      from own: Georeference, onto grid: RasterGrid, _ other: Georeference, path: String
    ) throws -> Raster {
      try NativeLibrary.exclusively {
        try GDALMessages.collecting { messages in
          guard let source = memoryDataset(width, height, own, filled: values),
            let target = memoryDataset(
              grid.width, grid.height, other,
              filled: [Float](repeating: .nan, count: grid.width * grid.height)),
            GDALReprojectImage(
              source.handle, nil, target.handle, nil, GRA_Bilinear, 0, 0, nil, nil, nil) == CE_None
          else {
            throw RasterError.doesNotFit(
              path: path, reason: "it cannot be resampled to the other grid: \(messages.cause)",
              remedy: "Warp it with gdalwarp to the grid of the rate map.")
          }
          var result = Raster(
            width: grid.width, height: grid.height,
            values: [Float](repeating: .nan, count: grid.width * grid.height), unit: unit,
            georeference: other)
          transfer(GF_Read, target, grid.width, grid.height, &result.values)
          return result
        }
      }
    }

    private func memoryDataset(
      _ width: Int, _ height: Int, _ georeference: Georeference, filled values: [Float]
    ) -> GDALDataset? {
      guard let driver = GDALGetDriverByName("MEM"),
        let handle = GDALCreate(driver, "", Int32(width), Int32(height), 1, GDT_Float32, nil),
        let band = GDALGetRasterBand(handle, 1)
      else { return nil }
      let dataset = GDALDataset(handle)
      var numbers = georeference.geotransform
      GDALSetGeoTransform(handle, &numbers)
      if !georeference.crsWKT.isEmpty { GDALSetProjection(handle, georeference.crsWKT) }
      GDALSetRasterNoDataValue(band, .nan)
      var values = values
      transfer(GF_Write, dataset, width, height, &values)
      return dataset
    }

    private func transfer(
      _ direction: GDALRWFlag, _ dataset: GDALDataset, _ width: Int, _ height: Int,
      _ values: inout [Float]
    ) {
      values.withUnsafeMutableBytes { bytes in
        _ = GDALRasterIO(
          GDALGetRasterBand(dataset.handle, 1), direction, 0, 0, Int32(width), Int32(height),
          bytes.baseAddress, Int32(width), Int32(height), GDT_Float32, 0, 0)
      }
    }
  }
#endif
