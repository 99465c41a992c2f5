import DurableFiles
import Rasters

#if GDAL
  import Foundation
  import InSARPhase
  import RasterIO

  /// The radar geometry from MintPy's attributes and the geometry file beside the stack.
  struct MintPyGeometry {
    let geometry: StackGeometry
    /// The georeference of the file; `nil` in radar coordinates, and for an implausible one.
    let georeference: Georeference?
    /// Notes about nominal values that are used instead of missing ones.
    private(set) var notes: [String] = []

    /// - Throws: `StackIOError.badStack`; `RasterError` for a geometry file that cannot be read.
    init(_ file: HDF5Reader, height: Int, width: Int) throws {
      let attributes = file.attributes
      guard let wavelength = Self.number(attributes, "WAVELENGTH") else {
        throw StackIOError.badStack(
          path: file.path, reason: "it has no attribute WAVELENGTH",
          remedy: "Add it, in meters, with MintPy's add_attribute.py.")
      }
      let stated = RasterReader.mintPyGeoreference(attributes)
      let doubt = stated.flatMap { RasterReader.placeDoubt($0, height: height) }
      let place = doubt == nil ? stated : nil
      let sensor = Self.sensor(attributes)
      let nominal = RadarGeometry(sensor ?? .sentinel1)
      // The geometry file is more accurate than the sensor's table.
      let mean = try Self.means(beside: file.path)
      let incidence = mean["incidenceAngle"]
      let range = mean["slantRangeDistance"] ?? Self.number(attributes, "STARTING_RANGE")
      geometry = try StackSource.naming(file.path) {
        let radar = try RadarGeometry(
          wavelengthMeters: wavelength, incidenceDegrees: incidence ?? nominal.incidenceDegrees,
          slantRangeMeters: range ?? nominal.slantRangeMeters,
          headingDegrees: Self.number(attributes, "HEADING") ?? nominal.headingDegrees,
          look: attributes["ANTENNA_SIDE"] == "1" ? .left : .right,
          rangeBandwidthHertz: nominal.rangeBandwidthHertz)
        let pixel =
          place?.groundPixelSizeMeters ?? Self.number(attributes, "AZIMUTH_PIXEL_SIZE") ?? 30
        return try StackGeometry(
          width: width, height: height, pixelSizeMeters: pixel, radar: radar)
      }
      georeference = place
      if let doubt { notes.append(doubt) }
      let missing = [
        incidence == nil
          ? "incidence angle, \(nominal.incidenceDegrees.decimals(1)) degrees" : nil,
        range == nil ? "slant range, \((nominal.slantRangeMeters / 1000).decimals(0)) km" : nil,
      ].compactMap { $0 }
      if !missing.isEmpty {
        notes.append(
          "nominal \((sensor ?? .sentinel1).rawValue) \(missing.joined(separator: "; ")), which the "
            + "height error scales with: no geometryGeo.h5 or geometryRadar.h5 beside the stack has it"
        )
      }
    }

    static func sensor(_ attributes: [String: String]) -> Sensor? {
      // An unknown platform is not an error, because a rate needs only the wavelength.
      attributes["PLATFORM"].flatMap { try? Sensor(name: $0) }
    }

    static func number(_ attributes: [String: String], _ key: String) -> Double? {
      attributes[key].flatMap { Double($0.trimmingCharacters(in: .whitespaces)) }
    }

    /// As in MintPy: the number of independent looks, or else the number of all looks.
    static func looks(_ attributes: [String: String]) -> Double {
      func positive(_ key: String) -> Double? {
        number(attributes, key).flatMap { $0 > 0 && $0.isFinite ? $0 : nil }
      }
      return positive("NCORRLOOKS") ?? (positive("ALOOKS") ?? 1) * (positive("RLOOKS") ?? 1)
    }

    /// REF_Y and REF_X, or else the pixel of REF_LAT and REF_LON, as in MintPy; may be outside the
    /// image.
    func referencePixel(_ attributes: [String: String]) -> (row: Int, column: Int)? {
      // Clamped, so that a far position remains outside.
      func whole(_ number: Double?) -> Int? {
        number.flatMap { $0.isNaN ? nil : Int(min(max($0, -1e9), 1e9).rounded(.down)) }
      }
      if let row = whole(Self.number(attributes, "REF_Y")),
        let column = whole(Self.number(attributes, "REF_X"))
      {
        return (row, column)
      }
      guard let numbers = georeference?.geotransform,
        let latitude = Self.number(attributes, "REF_LAT"),
        let longitude = Self.number(attributes, "REF_LON"),
        let row = whole((latitude - numbers[3]) / numbers[5] + 0.01),
        let column = whole((longitude - numbers[0]) / numbers[1] + 0.01)
      else { return nil }
      return (row, column)
    }

    /// The mean of each plane in the geometry files beside the stack, or beside the target of a
    /// link, without values that cannot be an angle or a range from orbit: zeros, NaN and other
    /// no-data values.
    private static func means(beside path: String) throws -> [String: Double] {
      var result: [String: Double] = [:]
      let files = Sidecar.bases(of: path).flatMap { base in
        ["geometryGeo.h5", "geometryRadar.h5"].map { FilePath.sibling(base, $0) }
      }
      for file in files {
        // A broken link is reported as a file that cannot be read.
        guard FileSystem.hasEntry(file) else { continue }
        let reader = try HDF5Reader(file)
        let planes: [(String, ClosedRange<Float>)] = [
          ("incidenceAngle", 0.1...89.9), ("slantRangeDistance", 1e3...1e8),
        ]
        for (dataset, range) in planes
        where result[dataset] == nil && reader.allShapes[dataset] != nil {
          result[dataset] = try mean(reader, dataset, of: range)
        }
      }
      return result
    }

    private static func mean(
      _ reader: HDF5Reader, _ dataset: String, of range: ClosedRange<Float>
    ) throws -> Double? {
      guard let shape = reader.shapes[dataset], shape.count == 2 else {
        throw StackIOError.badStack(
          path: reader.path,
          reason: "dataset '\(dataset)' is not a plane of numbers [rows, columns]",
          remedy: "Load the geometry again with MintPy's load_data.py, or move the file away.")
      }
      var (sum, count) = (0.0, 0)
      let step = max(1, (1 << 22) / max(1, shape[1]))
      for start in stride(from: 0, to: shape[0], by: step) {
        let rows = start..<min(start + step, shape[0])
        for value in try reader.plane(dataset, rows: rows) where range.contains(value) {
          sum += Double(value)
          count += 1
        }
      }
      return count > 0 ? sum / Double(count) : nil
    }
  }
#endif
