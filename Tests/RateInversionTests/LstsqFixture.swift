import Foundation
import InSARPhase
import TestSupport

/// What numpy's lstsq found; `scripts/fixtures/make_inversion.py` makes it.
struct LstsqFixture: Decodable {
  struct Pixel: Decodable {
    var phase: [Float?]
    var coherence: [Float]
    /// By weighting and unknowns: the unknowns, then their standard errors.
    var estimates: [String: [Double]]
  }
  var wavelengthM: Double
  var rangeM: Double
  var incidenceDeg: Double
  var looks: Double
  var days: [Int]
  var baselinesM: [Double]
  var pairs: [[Int]]
  var pixels: [Pixel]

  static func load() throws -> LstsqFixture {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    let data = try Data(contentsOf: URL(fileURLWithPath: fixturePath("lstsq.json")))
    return try decoder.decode(LstsqFixture.self, from: data)
  }

  func radar() throws -> RadarGeometry {
    try RadarGeometry(
      wavelengthMeters: wavelengthM, incidenceDegrees: incidenceDeg, slantRangeMeters: rangeM,
      headingDegrees: -12, rangeBandwidthHertz: 5e7)
  }

  func network() throws -> InterferogramNetwork {
    let start = try AcquisitionDate("20200101")
    return try InterferogramNetwork(
      acquisitions: zip(days, baselinesM).map {
        Acquisition(date: try start.adding(days: $0), perpendicularBaselineMeters: $1)
      }, pairs: pairs.map { InterferogramPair(reference: $0[0], secondary: $0[1]) })
  }
}
