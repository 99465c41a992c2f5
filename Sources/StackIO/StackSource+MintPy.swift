#if GDAL
  import Foundation
  import InSARPhase
  import RasterIO

  extension StackSource {
    /// Opens MintPy's `ifgramStack.h5`; interferograms that `dropIfgram` leaves out are not there.
    ///
    /// Pixels of exactly 0 have no data, as MintPy has it. Without a sensor or with an unknown one the
    /// geometry that the attributes lack is Sentinel-1's.
    static func openMintPy(_ path: String) throws -> StackSource {
      let file = try HDF5Reader(path)
      func bad(_ reason: String, _ remedy: String) -> StackIOError {
        .badStack(path: path, reason: reason, remedy: remedy)
      }
      guard let shape = file.shapes["unwrapPhase"] ?? file.shapes["wrapPhase"], shape.count == 3
      else {
        throw bad(
          "it has no dataset 'unwrapPhase' [interferograms, rows, columns]",
          "Give MintPy's inputs/ifgramStack.h5.")
      }
      let dates = try file.texts("date")
      let baselines = try file.values("bperp")
      let kept = file.shapes["dropIfgram"] == nil ? nil : try file.values("dropIfgram")
      guard dates.count == 2 * shape[0], baselines.count == shape[0] else {
        throw bad(
          "\(shape[0]) interferograms, \(dates.count) dates and \(baselines.count) baselines "
            + "do not fit together", "Load the stack again with MintPy's load_data.py.")
      }
      let items = (0..<shape[0]).filter { kept?[$0] != 0 }
      let pairs = try items.map { item in
        (
          try AcquisitionDate(dates[2 * item]), try AcquisitionDate(dates[2 * item + 1]),
          Double(baselines[item]), item
        )
      }
      let (network, order) = try network(of: pairs, path: path)
      let geometry = try geometry(file, height: shape[1], width: shape[2])
      let attributes = file.attributes
      let row = attributes["REF_Y"].flatMap { Int($0) }
      let column = attributes["REF_X"].flatMap { Int($0) }
      return StackSource(
        path: path, network: network, geometry: geometry,
        georeference: RasterReader.mintPyGeoreference(attributes),
        sensor: attributes["PLATFORM"].flatMap { try? Sensor(name: $0) },
        equivalentLooks: looks(attributes),
        referencePixel: row.flatMap { row in column.map { (row, $0) } },
        read: { plane, index, rows in
          // Unwrapped phases serve where wrapped ones are asked for: whole turns do not matter there.
          let isWrapped = plane == .wrapped && file.shapes["wrapPhase"] != nil
          let name = isWrapped ? "wrapPhase" : plane == .coherence ? "coherence" : "unwrapPhase"
          let values = try file.plane(name, item: order[index], rows: rows)
          return plane == .coherence ? values : values.map { $0 == 0 ? .nan : $0 }
        })
    }

    /// MintPy stores a baseline for each pair; those of the dates follow from a path through them.
    /// - Returns: the network, and for each of its pairs the item in the file.
    private static func network(
      of pairs: [(AcquisitionDate, AcquisitionDate, Double, Int)], path: String
    ) throws -> (InterferogramNetwork, [Int]) {
      let dates = Set(pairs.flatMap { [$0.0, $0.1] }).sorted()
      guard let first = dates.first else {
        throw StackIOError.badStack(
          path: path, reason: "it has no interferogram that is kept",
          remedy: "Reset dropIfgram with MintPy's modify_network.py.")
      }
      var baselines = [first: 0.0]
      var isGrowing = true
      while isGrowing {
        isGrowing = false
        for (reference, secondary, baseline, _) in pairs {
          if let known = baselines[reference], baselines[secondary] == nil {
            baselines[secondary] = known + baseline
            isGrowing = true
          } else if let known = baselines[secondary], baselines[reference] == nil {
            baselines[reference] = known - baseline
            isGrowing = true
          }
        }
      }
      let places = Dictionary(uniqueKeysWithValues: dates.enumerated().map { ($1, $0) })
      // A date that no path reaches is for the network itself to report.
      let network = try InterferogramNetwork(
        acquisitions: dates.map {
          Acquisition(date: $0, perpendicularBaselineMeters: baselines[$0] ?? 0)
        },
        pairs: pairs.map {
          InterferogramPair(reference: places[$0.0]!, secondary: places[$0.1]!)
        })
      let items = Dictionary(
        uniqueKeysWithValues: pairs.map {
          (InterferogramPair(reference: places[$0.0]!, secondary: places[$0.1]!), $0.3)
        })
      return (network, network.pairs.map { items[$0]! })
    }

    private static func geometry(_ file: HDF5Reader, height: Int, width: Int) throws
      -> StackGeometry
    {
      let attributes = file.attributes
      func number(_ key: String) -> Double? { attributes[key].flatMap { Double($0) } }
      let sensor = attributes["PLATFORM"].flatMap { try? Sensor(name: $0) } ?? .sentinel1
      guard let wavelength = number("WAVELENGTH") else {
        throw StackIOError.badStack(
          path: file.path, reason: "it has no attribute WAVELENGTH",
          remedy: "Add it, in metres, with MintPy's add_attribute.py.")
      }
      // What the file beside it says of the geometry is nearer the truth than the sensor's table.
      let beside = (file.path as NSString).deletingLastPathComponent
      let mean = geometryMeans(in: beside)
      let nominal = RadarGeometry(sensor)
      let radar = try RadarGeometry(
        wavelengthMeters: wavelength,
        incidenceDegrees: mean["incidenceAngle"] ?? nominal.incidenceDegrees,
        slantRangeMeters: mean["slantRangeDistance"] ?? number("STARTING_RANGE")
          ?? nominal.slantRangeMeters,
        headingDegrees: number("HEADING") ?? nominal.headingDegrees,
        look: attributes["ANTENNA_SIDE"] == "1" ? .left : .right,
        rangeBandwidthHertz: nominal.rangeBandwidthHertz)
      let pixel =
        RasterReader.mintPyGeoreference(attributes)?.groundPixelSizeMeters
        ?? number("AZIMUTH_PIXEL_SIZE") ?? 30
      return try StackGeometry(
        width: width, height: height, pixelSizeMeters: pixel, radar: radar)
    }

    /// Mean of each plane of the geometry file beside the stack, leaving out zeros and NaN.
    private static func geometryMeans(in folder: String) -> [String: Double] {
      var result: [String: Double] = [:]
      for file in ["geometryGeo.h5", "geometryRadar.h5"] {
        guard let reader = try? HDF5Reader("\(folder)/\(file)") else { continue }
        for name in ["incidenceAngle", "slantRangeDistance"] where result[name] == nil {
          let values = ((try? reader.values(name)) ?? []).filter { $0.isFinite && $0 != 0 }
          guard !values.isEmpty else { continue }
          result[name] = values.reduce(0) { $0 + Double($1) } / Double(values.count)
        }
      }
      return result
    }

    /// MintPy's rule: the number of independent looks, else that of all looks.
    private static func looks(_ attributes: [String: String]) -> Double {
      func number(_ key: String) -> Double? {
        attributes[key].flatMap { Double($0) }.flatMap { $0 > 0 && $0.isFinite ? $0 : nil }
      }
      return number("NCORRLOOKS") ?? (number("ALOOKS") ?? 1) * (number("RLOOKS") ?? 1)
    }
  }
#endif
