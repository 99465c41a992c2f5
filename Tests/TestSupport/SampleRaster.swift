import Rasters

/// A small field with a hole, whose values tell row from column.
public func sampleRaster(
  width: Int = 37, height: Int = 21, unit: RasterUnit? = .centimetersPerYear,
  georeference: Georeference? = nil
) -> Raster {
  var values = (0..<width * height).map { Float($0 % width) * 0.25 - Float($0 / width) }
  values[0] = 0
  values[width + 3] = .nan
  return Raster(
    width: width, height: height, values: values, unit: unit, georeference: georeference)
}
