import DurableFiles
import Rasters

#if GDAL
  import InSARPhase
  import RasterIO
  import DurableFiles

  /// Writes `geotiff/<pair>/<layer>.tif` for every layer of every interferogram, and the truth.
  struct GeoTIFFSink: StackSink {
    private let stack: StackDescription
    private let folder: String

    init(_ stack: StackDescription, folder: String) throws {
      self.stack = stack
      self.folder = "\(folder)/geotiff"
      try AtomicFolder.makeFolders(self.folder)
      for plane in stack.truth {
        try write(
          plane.values, unit: plane.unit, meaning: plane.meaning, to: "\(plane.name).tif",
          metadata: [:])
      }
    }

    mutating func add(_ interferogram: Interferogram) throws {
      let pair = stack.network.pairs[interferogram.index]
      let name = stack.network.name(pair)
      try AtomicFolder.makeFolders("\(folder)/\(name)")
      for layer in stack.layers {
        try write(
          layer.values(interferogram), unit: layer.unit, meaning: layer.meaning,
          to: "\(name)/\(layer.name).tif",
          metadata: [
            "REFERENCE_DATE": "\(stack.network.dates[pair.reference])",
            "SECONDARY_DATE": "\(stack.network.dates[pair.secondary])",
            "PERPENDICULAR_BASELINE_M": "\(stack.network.perpendicularBaselineMeters(pair))",
            "WAVELENGTH_M": "\(stack.geometry.radar.wavelengthMeters)",
            "PHASE_SIGN": StackDescription.signConvention,
          ])
      }
    }

    private func write(
      _ values: [Float], unit: String, meaning: String, to name: String, metadata: [String: String]
    ) throws {
      let raster = Raster(
        width: stack.geometry.width, height: stack.geometry.height, values: values,
        unit: RasterUnit(parsing: unit), georeference: stack.georeference)
      let options = RasterWriteOptions(
        losConvention: unit == "cm/yr" ? .towardSatellite : nil,
        metadata: metadata.merging(["MEANING": meaning, "SENSOR": stack.sensor.rawValue]) { $1 })
      try RasterWriter.write(raster, to: "\(folder)/\(name)", format: .tif, options: options)
    }
  }
#endif
