import DurableFiles
import Rasters

#if GDAL
  import CGDAL
  import DurableFiles

  extension RasterWriter {
    static func writeGeoTIFF(
      _ raster: RasterRows, to path: String, options: RasterWriteOptions
    ) throws {
      try AtomicFile.write(to: path) { temporary in
        try NativeLibrary.exclusively {
          try GDALMessages.collecting { messages in
            try createGeoTIFF(
              raster, at: temporary, named: path, options: options, messages: messages)
            // A full disk may be noticed only when the last tiles are flushed.
            if let reason = messages.errors.first {
              throw RunError.cannotWrite(path: path, reason: reason)
            }
          }
        }
      }
    }

    private static func createGeoTIFF(
      _ raster: RasterRows, at path: String, named name: String, options: RasterWriteOptions,
      messages: GDALMessages
    ) throws {
      guard let driver = GDALGetDriverByName("GTiff") else {
        return messages.add("no GTiff driver")
      }
      var creation: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
      defer { CSLDestroy(creation) }
      // Predictor 3 is for floating-point values; small rasters get small tiles.
      let tile = min(256, (max(raster.width, raster.height) + 15) / 16 * 16)
      for (key, value) in [
        ("TILED", "YES"), ("BLOCKXSIZE", "\(tile)"), ("BLOCKYSIZE", "\(tile)"),
        ("COMPRESS", "DEFLATE"), ("PREDICTOR", "3"), ("BIGTIFF", "IF_SAFER"),
      ] {
        creation = CSLSetNameValue(creation, key, value)
      }
      guard
        let handle = FilePath.withCString(
          path,
          {
            GDALCreate(
              driver, $0, Int32(raster.width), Int32(raster.height), 1, GDT_Float32, creation)
          }),
        let band = GDALGetRasterBand(handle, 1)
      else { return messages.add("GDAL cannot create it") }
      let dataset = GDALDataset(handle)
      if var georeference = raster.georeference {
        GDALSetGeoTransform(handle, &georeference.geotransform)
        if !georeference.crsWKT.isEmpty { GDALSetProjection(handle, georeference.crsWKT) }
      }
      let noData = options.noDataValue ?? .nan
      GDALSetRasterNoDataValue(band, Double(noData))
      for (key, value) in options.metadata.sorted(by: { $0.key < $1.key }) {
        GDALSetMetadataItem(handle, key, value, nil)
      }
      if let unit = raster.unit {
        GDALSetRasterUnitType(band, unit.rawValue)
        GDALSetMetadataItem(handle, "UNIT", unit.rawValue, nil)
      }
      if let quantity = options.quantity {
        GDALSetMetadataItem(handle, quantityKey, quantity.rawValue, nil)
      }
      if let convention = options.losConvention {
        GDALSetMetadataItem(handle, losConventionKey, convention.rawValue, nil)
      }
      let isInParts = raster.bandHeight < raster.height
      try raster.forEachBand { rows, values in
        var values = noData.isNaN ? values : values.map { $0.isNaN ? noData : $0 }
        let status = values.withUnsafeMutableBytes {
          GDALRasterIO(
            band, GF_Write, 0, Int32(rows.lowerBound), Int32(raster.width), Int32(rows.count),
            $0.baseAddress, Int32(raster.width), Int32(rows.count), GDT_Float32, 0, 0)
        }
        if status != CE_None && messages.errors.isEmpty { messages.add("GDAL gives no reason") }
        // Otherwise GDAL keeps as many tiles as its cache holds, a share of the machine's memory.
        if isInParts { GDALFlushCache(handle) }
        if let reason = messages.errors.first {
          throw RunError.cannotWrite(path: name, reason: reason)
        }
      }
      dataset.close()
    }
  }
#endif
