import DurableFiles
import Kernel
import Rasters

#if GDAL
  import CGDAL
  import Foundation

  extension RasterReader {
    /// Reads one band of a file that GDAL supports; `nil` if no driver recognizes the file.
    static func readGDAL(_ path: String, options: RasterReadOptions) throws -> RasterScene? {
      try NativeLibrary.exclusively {
        try GDALMessages.collecting { messages in
          let given = path
          let path = isceImage(of: Sidecar.describedPath(of: given))
          try VRTRules.check(path)
          let file = try GDALRules.fileName(path)
          guard FilePath.withCString(file, { GDALIdentifyDriver($0, nil) }) != nil else {
            return nil
          }
          guard var dataset = GDALDataset(opening: file) else {
            // A driver may accept the first bytes of a file and still not recognize it.
            if messages.cause.contains("not recognized as a supported") { return nil }
            throw messages.failure(of: path)
          }
          var datasetName: String?
          var opened = file
          if dataset.bandCount == 0 || isOther(options.dataset, than: dataset) {
            let name = try subdataset(of: dataset, path: path, options: options)
            datasetName = name.split(separator: ":").last.map(String.init)
            guard let inner = GDALDataset(opening: name) else {
              throw messages.failure(of: path)
            }
            dataset = inner
            opened = name
          }
          try dataset.checkRawSize(path: path)
          let place = netCDFPlace(&dataset, name: opened, file: file)
          var scene = try readBand(
            dataset, path: path, names: [given, path].map { FilePath.name($0) },
            datasetName: datasetName, place: place, options: options, messages: messages)
          scene.description.path = given
          // GDAL's warnings about the axes do not matter if the axes give the georeference.
          scene.description.notes += messages.warnings.filter {
            place == nil || !($0.contains("Latitude") || $0.contains("Longitude"))
          }
          return scene
        }
      }
    }

    /// The ISCE image of a header: GDAL needs `name`, and users may give `name.xml`. If only a
    /// `name.vrt` exists beside an image, that file is opened.
    private static func isceImage(of path: String) -> String {
      let exists = FileSystem.exists
      if path.hasSuffix(".xml"), exists(String(path.dropLast(4))) {
        return String(path.dropLast(4))
      }
      if !path.hasSuffix(".vrt"), !exists(path + ".xml"), exists(path + ".vrt") {
        return path + ".vrt"
      }
      return path
    }

    /// The georeference of a netCDF variable from its own coordinates. The dataset is then opened
    /// again with its rows in the file's order, also if that order is unknown.
    private static func netCDFPlace(_ dataset: inout GDALDataset, name: String, file: String)
      -> GridPlace?
    {
      guard dataset.driverName == "netCDF", let band = GDALGetRasterBand(dataset.handle, 1),
        let variable = bandAttributes(band).first(where: { $0.key == "NETCDF_VARNAME" })?.value
      else { return nil }
      return GDALMessages.collecting { _ in
        let mapping = dataset.metadata().compactMap { item -> (key: String, value: String)? in
          guard let mark = item.key.lastIndex(of: "#") else { return nil }
          return (String(item.key[item.key.index(after: mark)...]), item.value)
        }
        let crs = CFAttributes(mapping).epsgCode.flatMap(CRS.wkt(ofEPSG:)) ?? dataset.crsWKT
        let place = NetCDFAxes(path: file, variable: variable).flatMap {
          GridPlace(rows: $0.rows, columns: $0.columns, crsWKT: crs)
        }
        guard place != nil || dataset.geotransform == nil,
          let again = NetCDFAxes.openInFileOrder(name)
        else { return nil }
        dataset = again
        return place
      }
    }

    /// Whether the user wants another dataset than the variable that GDAL has opened.
    private static func isOther(_ wanted: String?, than dataset: GDALDataset) -> Bool {
      guard let wanted else { return false }
      guard let band = GDALGetRasterBand(dataset.handle, 1),
        let variable = bandAttributes(band).first(where: { $0.key == "NETCDF_VARNAME" })?.value
      else { return true }
      return DatasetName.index(of: wanted, in: [variable]) == nil
    }

    private static func subdataset(
      of dataset: GDALDataset, path: String, options: RasterReadOptions
    ) throws -> String {
      let all = dataset.subdatasets
      let names = all.map { name in
        String((name.split(separator: ":").last ?? name[...]).trimmingPrefix { $0 == "/" })
      }
      if let wanted = options.dataset {
        if let index = DatasetName.index(of: wanted, in: names) { return all[index] }
        throw RasterError.doesNotFit(
          path: path, reason: "there is no dataset '\(wanted)'",
          remedy: names.isEmpty
            ? "It holds a single raster: leave \(OptionName.dataset) out."
            : "It holds: \(names.joined(separator: ", ")).")
      }
      if all.count == 1 { return all[0] }
      throw RasterError.doesNotFit(
        path: path, reason: all.isEmpty ? "it contains no raster" : "it contains several rasters",
        remedy: all.isEmpty
          ? "Name a raster file."
          : "Choose with \(OptionName.dataset): \(names.joined(separator: ", ")).")
    }

    private static func readBand(
      _ dataset: GDALDataset, path: String, names: [String], datasetName: String?,
      place: GridPlace?, options: RasterReadOptions, messages: GDALMessages
    ) throws -> RasterScene {
      let bandCount = dataset.bandCount
      let isUnwrappedPair = bandCount == 2 && names.contains { $0.contains(".unw") }
      let number = try checkedBand(
        options.band ?? (isUnwrappedPair ? 2 : 1), count: bandCount, path: path)
      guard let band = GDALGetRasterBand(dataset.handle, Int32(number)) else {
        throw messages.failure(of: path)
      }
      let type = GDALGetRasterDataType(band)
      let isComplex = GDALDataTypeIsComplex(type) != 0
      var description = RasterDescription(
        path: path, format: formatName(dataset),
        sampleType: String(cString: GDALGetDataTypeName(type)).lowercased())
      description.dataset = datasetName
      description.band = number
      description.bandCount = bandCount
      if bandCount > 1 && options.band == nil && !isUnwrappedPair { noteFirstBand(&description) }

      var values = try dataset.readPixels(
        band, isComplex: isComplex, lengths: options.readsLengths, path: path, messages: messages)
      var noData = NoData()
      var hasNoData: Int32 = 0
      let declared = GDALGetRasterNoDataValue(band, &hasNoData)
      let attributes = bandAttributes(band) + dataset.metadata()
      let stated = CFAttributes(attributes)
      if !isComplex {
        noData.declared = stated.fills
        if hasNoData != 0 && !noData.declared.contains(declared) {
          if dataset.driverName == "netCDF" && noData.declared.isEmpty {
            noData.declaredBy = "netCDF's default fill value"
          }
          noData.declared.append(declared)
        }
        noData.validRange = stated.validRange
      }
      if isUnwrappedPair && number == 2 && hasNoData == 0 {
        noData.convention = ([0], "0 (the convention of unwrapped phase files)")
      }
      let isMasked = try dataset.applyMask(band, to: &values, path: path)
      noData.apply(to: &values, options: options, description: &description)
      if isMasked { description.noDataSource += ", mask band" }
      applyScale(band, to: &values, notes: &description.notes)

      description.metadata = Dictionary(attributes) { first, _ in first }
      var unit: RasterUnit?
      findUnit(
        band, attributes: attributes, fileNames: names,
        isPhase: (isComplex && !options.readsLengths) || (isUnwrappedPair && number == 2),
        unit: &unit,
        description: &description)
      description.processor = description.metadata["PROCESSOR"]

      var raster = Raster(
        width: dataset.width, height: dataset.height, values: values, unit: unit)
      if let place {
        raster.settle(place)
        if let note = place.note { description.notes.append(note) }
      } else {
        raster.georeference = georeference(
          of: dataset, metadata: description.metadata, &description)
      }
      description.crsName = raster.georeference.flatMap { CRS.name(ofWKT: $0.crsWKT) }
      return RasterScene(raster: raster, description: description)
    }

    private static func formatName(_ dataset: GDALDataset) -> String {
      switch dataset.driverName {
      case "GTiff": "GeoTIFF"
      case "netCDF", "GMT": "netCDF"
      case "SRTMHGT": "SRTM .hgt"
      case let name: name
      }
    }

    private static func applyScale(
      _ band: GDALRasterBandH, to values: inout [Float], notes: inout [String]
    ) {
      var has: Int32 = 0
      let scale = GDALGetRasterScale(band, &has)
      let hasScale = has != 0
      let offset = GDALGetRasterOffset(band, &has)
      guard (hasScale && scale != 1) || (has != 0 && offset != 0) else { return }
      for index in values.indices { values[index] = Float(Double(values[index]) * scale + offset) }
      notes.append("the stored scale \(scale) and offset \(offset) were applied")
    }

    private static func bandAttributes(_ band: GDALRasterBandH) -> [(key: String, value: String)] {
      gdalStringList(GDALGetMetadata(band, nil))
    }

    private static func findUnit(
      _ band: GDALRasterBandH, attributes: [(key: String, value: String)], fileNames: [String],
      isPhase: Bool, unit: inout RasterUnit?, description: inout RasterDescription
    ) {
      var candidates = [(source: String, text: String)]()
      if let text = GDALGetRasterUnitType(band).map({ String(cString: $0) }), !text.isEmpty {
        candidates.append(("band unit", text))
      }
      for (key, value) in attributes where CFAttributes.unitKeys.contains(key.lowercased()) {
        candidates.append(("\(key) tag", value))
      }
      for (source, text) in candidates {
        if let found = RasterUnit(parsing: text) {
          unit = found
          description.unitSource = "\(source) '\(text)'"
          return
        }
      }
      if let (source, text) = candidates.first {
        description.unitSource =
          "\(source) '\(text)' is no unit of deformation known here"
        return
      }
      if isPhase {
        unit = .radians
        description.unitSource = "phase, by the convention of the format"
      } else if let convention = fileNames.lazy.compactMap(ProductName.init).first {
        unit = convention.unit
        description.unitSource = convention.words
        if let sign = convention.losConvention {
          description.losConvention = sign
          description.losSource = "the name: LiCSBAS's vel...geo.tif"
        }
      }
    }

    private static func georeference(
      of dataset: GDALDataset, metadata: [String: String], _ description: inout RasterDescription
    ) -> Georeference? {
      if let numbers = dataset.geotransform {
        return Georeference(geotransform: numbers, crsWKT: dataset.crsWKT)
      }
      // GMT grids whose axes are slightly uneven: GDAL returns no geotransform, but the ranges
      // determine it.
      guard dataset.width > 1, dataset.height > 1,
        let x = range(metadata["x#actual_range"]), let y = range(metadata["y#actual_range"])
      else { return nil }
      let dx = (x.high - x.low) / Double(dataset.width - 1)
      let dy = (y.high - y.low) / Double(dataset.height - 1)
      description.notes.append(
        "pixel size from the ranges of the axes, which are not evenly spaced")
      return Georeference(
        geotransform: [x.low - dx / 2, dx, 0, y.high + dy / 2, 0, -dy], crsWKT: dataset.crsWKT)
    }

    private static func range(_ text: String?) -> (low: Double, high: Double)? {
      let numbers = (text ?? "").split { "{}, ".contains($0) }.compactMap { Double($0) }
      guard numbers.count == 2, numbers[0] < numbers[1] else { return nil }
      return (numbers[0], numbers[1])
    }
  }
#endif
