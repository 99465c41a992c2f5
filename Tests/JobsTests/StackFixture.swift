import Foundation
import RasterIO
import Rasters
import TestSupport

@testable import Jobs
@testable import StackFiles

/// A small stack with a hole in its rate map, composed into a temporary folder.
struct StackFixture {
  static let width = 24
  static let height = 20

  let folder: TemporaryFolder
  var rates: [String]

  init() throws {
    folder = try TemporaryFolder()
    rates = [folder.file("bowl.npy")]
    try NpyArray(shape: [Self.height, Self.width], values: Self.rate()).write(to: rates[0])
  }

  /// cm/yr, with no data in one corner.
  static func rate() -> [Float] {
    (0..<height * width).map { index in
      let (row, column) = (index / width, index % width)
      if row < 3 && column > 20 { return .nan }
      let (y, x) = (Float(row - 10) / 6, Float(column - 12) / 7)
      return -5 * expf(-x * x - y * y) + 0.4
    }
  }

  /// Noise of about 0.1 rad and a height error.
  static func configuration() -> ComposeConfiguration {
    var configuration = ComposeConfiguration()
    configuration.seed = 5
    configuration.network.count = 12
    configuration.network.maximumConnections = 4
    configuration.model.components = [.deformation, .topographicError, .decorrelation]
    configuration.model.decorrelation.looks = 16
    configuration.model.decorrelation.initialCoherence = 0.871
    configuration.model.decorrelation.finalCoherence = 0.871
    configuration.model.coherence.source = .uniform
    return configuration
  }

  func composition(
    _ configuration: ComposeConfiguration = StackFixture.configuration(),
    rasters: StackComposition.Rasters = .init()
  ) throws -> StackComposition {
    try StackComposition(
      rates: RateMaps(rates, options: .init(unit: .centimetersPerYear)),
      configuration: configuration, rasters: rasters)
  }

  /// A georeferenced copy of the rate map, in place of the one without a place.
  mutating func useGeoTIFF() throws {
    #if GDAL
      let path = folder.file("bowl.tif")
      try RasterWriter.write(
        Raster(
          width: Self.width, height: Self.height, values: Self.rate(), unit: .centimetersPerYear,
          georeference: Self.place), to: path, format: .tif)
      rates = [path]
    #endif
  }

  static let place = Georeference(
    geotransform: [12.5, 0.001, 0, 42.1, 0, -0.001], crsWKT: Georeference.wgs84WKT)
}

func rootMeanSquare(_ values: [Float]) -> Double {
  let finite = values.filter(\.isFinite).map(Double.init)
  return (finite.reduce(0) { $0 + $1 * $1 } / Double(finite.count)).squareRoot()
}
