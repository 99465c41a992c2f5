import DurableFiles

#if GDAL
  import Foundation
  import InSARPhase
  import RasterIO
  import DurableFiles

  /// Writes `mintpy/inputs/ifgramStack.h5` and the geometry beside it, as MintPy's `load_data` does.
  ///
  /// Missing pixels are 0, as in MintPy.
  struct MintPySink: StackSink {
    private let stack: StackDescription
    private let writer: HDF5FileWriter

    init(_ stack: StackDescription, folder: String) throws {
      self.stack = stack
      let inputs = "\(folder)/mintpy/inputs"
      try AtomicFolder.makeFolders(inputs)
      let attributes = MintPyAttributes(stack).all
      try Self.writeGeometry(stack, attributes: attributes, folder: inputs)

      let network = stack.network
      let (height, width) = (stack.geometry.height, stack.geometry.width)
      let count = network.pairs.count
      writer = try HDF5FileWriter(
        path: "\(inputs)/ifgramStack.h5",
        layout: HDF5Layout(
          attributes: attributes.merging(["FILE_TYPE": "ifgramStack", "UNIT": "radian"]) { $1 },
          datasets: [
            .init(
              name: "date", shape: [count, 2],
              content: .texts(
                network.pairs.flatMap {
                  [network.dates[$0.reference], network.dates[$0.secondary]].map(\.description)
                })),
            .init(
              name: "bperp", shape: [count],
              content: .floats(
                network.pairs.map { Float(network.perpendicularBaselineMeters($0)) })),
            .init(
              name: "dropIfgram", shape: [count],
              content: .booleans([Bool](repeating: true, count: count)),
              attributes: ["MEANING": "TRUE for an interferogram that is used"]),
            .init(
              name: "unwrapPhase", shape: [count, height, width], content: .streamedFloats,
              attributes: ["UNIT": "radian"]),
            .init(
              name: "coherence", shape: [count, height, width], content: .streamedFloats,
              attributes: ["UNIT": "1"]),
          ]))
    }

    mutating func add(_ interferogram: Interferogram) throws {
      let start = interferogram.index * stack.geometry.count
      let phase = NoDataZero.encoded(interferogram.unwrappedRadians)
      try writer.write(phase, to: "unwrapPhase", at: start)
      let coherence = interferogram.coherence.map { $0.isNaN ? 0 : $0 }
      try writer.write(coherence, to: "coherence", at: start)
    }

    /// Height in m, incidence and azimuth in degrees, slant range in m: one value for the scene,
    /// which is small compared with the range.
    private static func writeGeometry(
      _ stack: StackDescription, attributes: [String: String], folder: String
    ) throws {
      let radar = stack.geometry.radar
      let count = stack.geometry.count
      func constant(_ value: Double) -> [Float] { [Float](repeating: Float(value), count: count) }
      let look = radar.look == .right ? -90.0 : 90.0
      let azimuth = -(radar.headingDegrees + look)
      let planes: [(String, [Float], String)] = [
        ("height", stack.dem ?? constant(0), "m"),
        ("incidenceAngle", constant(radar.incidenceDegrees), "degree"),
        ("azimuthAngle", constant(azimuth - (azimuth / 360).rounded() * 360), "degree"),
        ("slantRangeDistance", constant(radar.slantRangeMeters), "m"),
      ]
      let name = stack.georeference == nil ? "geometryRadar.h5" : "geometryGeo.h5"
      _ = try HDF5FileWriter(
        path: "\(folder)/\(name)",
        layout: HDF5Layout(
          attributes: attributes.merging(["FILE_TYPE": "geometry", "UNIT": "1"]) { $1 },
          datasets: planes.map { name, values, unit in
            .init(
              name: name, shape: [stack.geometry.height, stack.geometry.width],
              content: .floats(values), attributes: ["UNIT": unit])
          }))
    }
  }

  /// The root attributes that MintPy's programs need.
  struct MintPyAttributes {
    let all: [String: String]

    init(_ stack: StackDescription) {
      let radar = stack.geometry.radar
      let dates = stack.network.dates
      let earthRadius = 6_371_000.0
      let incidence = radar.incidenceDegrees * .pi / 180
      // The law of cosines in the triangle of Earth's center, the ground and the satellite.
      let orbitRadius =
        (earthRadius * earthRadius + radar.slantRangeMeters * radar.slantRangeMeters
        + 2 * earthRadius * radar.slantRangeMeters * cos(incidence)).squareRoot()
      var result = [
        "LENGTH": "\(stack.geometry.height)", "WIDTH": "\(stack.geometry.width)",
        "WAVELENGTH": "\(radar.wavelengthMeters)", "ALOOKS": "1", "RLOOKS": "1",
        "NCORRLOOKS": "\(stack.equivalentLooks)", "REF_Y": "\(stack.referencePixel.row)",
        "REF_X": "\(stack.referencePixel.column)", "PROCESSOR": "ganinsar",
        "PLATFORM": stack.sensor.rawValue, "HEADING": "\(radar.headingDegrees)",
        "ORBIT_DIRECTION": abs(radar.headingDegrees) < 90 ? "ASCENDING" : "DESCENDING",
        "ANTENNA_SIDE": radar.look == .right ? "-1" : "1", "CENTER_LINE_UTC": "43200",
        "EARTH_RADIUS": "\(earthRadius)", "HEIGHT": "\(orbitRadius - earthRadius)",
        "STARTING_RANGE": "\(radar.slantRangeMeters)",
        "RANGE_PIXEL_SIZE": "\(stack.geometry.pixelSizeMeters * sin(incidence))",
        "AZIMUTH_PIXEL_SIZE": "\(stack.geometry.pixelSizeMeters)",
        "START_DATE": "\(dates.first!)", "END_DATE": "\(dates.last!)",
        "DATE12":
          "\(String("\(dates.first!)".dropFirst(2)))-\(String("\(dates.last!)".dropFirst(2)))",
        "NO_DATA_VALUE": "0", "PHASE_SIGN": StackDescription.signConvention,
      ]
      if let georeference = stack.georeference {
        result.merge(RasterWriter.mintPyGrid(georeference)) { $1 }
      }
      all = result
    }
  }
#endif
