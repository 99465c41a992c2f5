import DurableFiles
import Kernel
import Rasters

#if GDAL
  import CGDAL
  import Foundation

  extension RasterReader {
    /// Reads a MintPy file by its root attributes, or any HDF5 dataset of two or three axes.
    static func readHDF5(_ path: String, options: RasterReadOptions) throws -> RasterScene {
      let scene = try NativeLibrary.exclusively { () -> RasterScene? in
        let file = try HDF5File(path)
        let attributes = file.attributes()
        // netCDF-4 files are HDF5 files, and GDAL knows the netCDF conventions. But files with
        // HDF5's suffix are read as HDF5, and so is NISAR's HDF5, which claims the conventions:
        // GDAL would take its meters for degrees.
        let ending = FilePath.fileExtension(path).lowercased()
        let isNetCDF =
          !hdf5Endings.contains(ending)
          && (attributes["_NCProperties"] != nil
            || ["nc", "nc4", "grd", "cdf", "netcdf"].contains(ending))
        if isNetCDF && attributes["FILE_TYPE"] == nil && hasNetCDF {
          _ = try file.datasets()  // refuses references outside the folder
          return nil
        }
        return try readHDF5(file, attributes: attributes, options: options)
      }
      if let scene { return scene }
      guard let scene = try readGDAL(path, options: options) else {
        throw RasterError.unsupported(
          path: path, reason: "GDAL does not know it as netCDF",
          remedy: "Convert the file to GeoTIFF, or name it .h5.")
      }
      return scene
    }

    private static var hasNetCDF: Bool { GDALGetDriverByName("netCDF") != nil }

    private static func readHDF5(
      _ file: HDF5File, attributes: [String: String], options: RasterReadOptions
    ) throws -> RasterScene {
      let fileType = attributes["FILE_TYPE"]
      let isMintPy = fileType != nil
      let all = try file.datasets()
      let dataset = try chosenDataset(file, all, fileType: fileType, options: options)
      var description = RasterDescription(
        path: file.path, format: isMintPy ? "MintPy HDF5" : "HDF5",
        sampleType: dataset.sampleType)
      description.dataset = dataset.name
      description.bandCount = dataset.shape.count == 3 ? dataset.shape[0] : 1
      description.band = try checkedBand(
        options.band, count: description.bandCount, path: file.path)
      if options.band == nil && description.bandCount > 1 { noteFirstBand(&description) }
      description.metadata = attributes
      description.processor = attributes["PROCESSOR"]

      let height = dataset.shape[dataset.shape.count - 2]
      let width = dataset.shape[dataset.shape.count - 1]
      let (pixelCount, overflow) = width.multipliedReportingOverflow(by: height)
      guard pixelCount > 0, !overflow, pixelCount <= largestPixelCount else {
        throw RasterError.unsupported(
          path: file.path, reason: "dataset '\(dataset.name)' has shape \(dataset.shape)",
          remedy: "Choose another with \(OptionName.dataset), or cut it into smaller rasters.")
      }
      var values = try file.readPlane(dataset, item: description.band - 1)
      let name = String(dataset.name.split(separator: "/").last ?? "")
      let own = CFAttributes(file.attributes(of: dataset.name))
      let unit = findUnit(
        name, fileType: fileType, own: own.units, root: CFAttributes(attributes).units,
        &description)
      var noData = noData(
        name, isMintPy: isMintPy, attributes: attributes, width: width, height: height)
      let fills = own.fills + (file.fillValue(of: dataset).map { $0 == 0 ? [] : [$0] } ?? [])
      for fill in fills where !noData.declared.contains(fill) { noData.declared.append(fill) }
      noData.validRange = own.validRange
      noData.apply(to: &values, options: options, description: &description)
      if own.scale != 1 || own.offset != 0 {
        for index in values.indices {
          values[index] = Float(Double(values[index]) * own.scale + own.offset)
        }
        description.notes.append(
          "the stored scale \(own.scale) and offset \(own.offset) were applied")
      }
      if let stated = LOSStatement(in: file.attributes(of: dataset.name)) {
        description.state(stated)
      } else if isMintPy, let convention = mintPySign(name) {
        description.losConvention = convention
        description.losSource = "MintPy's convention for '\(name)'"
      }
      var raster = Raster(width: width, height: height, values: values, unit: unit)
      if let georeference = mintPyGeoreference(attributes) {
        raster.georeference = georeference
      } else if !isMintPy, let place = try file.place(of: dataset, among: all) {
        raster.settle(place)
        if let note = place.note { description.notes.append(note) }
      }
      description.crsName = raster.georeference.flatMap { CRS.name(ofWKT: $0.crsWKT) }
      return RasterScene(raster: raster, description: description)
    }

    private static func chosenDataset(
      _ file: HDF5File, _ all: [HDF5File.Dataset], fileType: String?, options: RasterReadOptions
    ) throws -> HDF5File.Dataset {
      let planes = all.filter { $0.isNumeric && (2...3).contains($0.shape.count) }
      let names = planes.map(\.name).joined(separator: ", ")
      if let wanted = options.dataset {
        if let index = DatasetName.index(of: wanted, in: planes.map(\.name)) {
          return planes[index]
        }
        throw RasterError.doesNotFit(
          path: file.path, reason: "there is no raster dataset '\(wanted)'",
          remedy: planes.isEmpty ? "It has none." : "It holds: \(names).")
      }
      if planes.count == 1 { return planes[0] }
      for name in [fileType, "velocity"] {
        if let found = planes.first(where: { $0.name == name }) { return found }
      }
      throw RasterError.doesNotFit(
        path: file.path,
        reason: planes.isEmpty ? "it has no raster dataset" : "it has several datasets",
        remedy: planes.isEmpty
          ? "Name a file with a two-dimensional dataset."
          : "Choose with \(OptionName.dataset): \(names).")
    }

    /// The UNIT of the dataset, or else that of the root, which applies to the dataset that the
    /// file is named after (and to its standard deviation).
    private static func findUnit(
      _ name: String, fileType: String?, own: [(key: String, text: String)],
      root: [(key: String, text: String)], _ description: inout RasterDescription
    ) -> RasterUnit? {
      let isMain = name == fileType || name == "\(fileType ?? "")Std" || fileType == nil
      let candidates =
        own.map { ("\($0.key.uppercased()) attribute of '\(name)'", $0.text) }
        + (isMain ? root.map { ("\($0.key.uppercased()) attribute of the file", $0.text) } : [])
      for (source, text) in candidates {
        if let unit = RasterUnit(parsing: text) {
          description.unitSource = "\(source) '\(text)'"
          return unit
        }
      }
      if let (source, text) = candidates.first {
        description.unitSource =
          "\(source) '\(text)' is no unit of deformation known here"
      } else if fileType != nil, let unit = mintPyUnits[name] {
        description.unitSource = "MintPy's convention for '\(name)'"
        return unit
      } else if let fileType, let stated = root.first {
        description.unitSource =
          "not stated: the file's '\(stated.text)' is that of '\(fileType)'; give it with \(OptionName.unit)"
      }
      return nil
    }

    private static let mintPyUnits: [String: RasterUnit] = [
      "velocity": .metersPerYear, "velocityStd": .metersPerYear, "timeseries": .meters,
      "height": .meters, "unwrapPhase": .radians, "wrapPhase": .radians,
    ]

    /// MintPy writes 0 for pixels that it did not invert; at the reference pixel, 0 is the value.
    private static func noData(
      _ name: String, isMintPy: Bool, attributes: [String: String], width: Int, height: Int
    ) -> NoData {
      var result = NoData()
      if let declared = attributes["NO_DATA_VALUE"].flatMap({ Double($0.lowercased()) }) {
        result.declared = [declared]
        return result
      }
      let zeroIsMissing = [
        "velocity", "velocityStd", "timeseries", "displacement", "unwrapPhase", "wrapPhase",
      ]
      guard isMintPy, zeroIsMissing.contains(name) else { return result }
      result.convention = ([0], "0 (MintPy's convention; the reference pixel keeps its 0)")
      if let row = attributes["REF_Y"].flatMap({ Int($0) }),
        let column = attributes["REF_X"].flatMap({ Int($0) }), (0..<height).contains(row),
        (0..<width).contains(column)
      {
        result.referencePixel = row * width + column
      }
      return result
    }

    /// MintPy: phase is positive away from the satellite, displacement and velocity toward it.
    private static func mintPySign(_ name: String) -> LOSConvention? {
      switch name {
      case "velocity", "timeseries", "displacement": return .towardSatellite
      case "unwrapPhase", "wrapPhase": return .awayFromSatellite
      default: return nil
      }
    }

    /// The grid in MintPy's root attributes; `nil` in radar coordinates.
    public static func mintPyGeoreference(_ attributes: [String: String]) -> Georeference? {
      guard var result = Georeference(firstStep: attributes) else { return nil }
      if let code = attributes["EPSG"].flatMap({ Int32($0) }), let wkt = CRS.wkt(ofEPSG: code) {
        result.crsWKT = wkt
      } else if result.crsWKT.isEmpty, let zone = attributes["UTM_ZONE"],
        let number = Int32(zone.prefix { $0.isNumber }), (1...60).contains(number),
        let wkt = CRS.wkt(ofEPSG: (zone.uppercased().hasSuffix("S") ? 32700 : 32600) + number)
      {
        result.crsWKT = wkt
      }
      return result
    }
  }
#endif
