import RasterIO
import Rasters

extension RasterReadOptions {
  /// What a flat file without header needs.
  static func flat(
    unit: RasterUnit? = nil, width: Int? = nil, height: Int? = nil, sampleType: SampleType? = nil,
    byteOrder: ByteOrder? = nil, band: Int? = nil, noData: [Double]? = nil
  ) -> RasterReadOptions {
    var options = RasterReadOptions(unit: unit, band: band, noData: noData)
    options.width = width
    options.height = height
    options.sampleType = sampleType
    options.byteOrder = byteOrder
    return options
  }
}
