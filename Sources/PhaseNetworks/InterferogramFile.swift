import DurableFiles
import Foundation
import Kernel
import Pictures
import RasterIO
import Rasters

/// A wrapped interferogram in a raster file, with its coherence if it is known.
package struct InterferogramFile: Sendable {
  package let path: String
  /// Rad; NaN where there are no data.
  package var phase: Raster
  package var coherence: [Float]?
  /// What a user may not expect, one sentence each.
  package var notes: [String] = []

  /// Reads a phase in rad or complex numbers; turns of an unwrapped phase are dropped.
  ///
  /// - Parameter coherencePath: a raster of the same size, from 0 to 1, or bytes up to 255.
  /// - Throws: `PhaseNetworkError.interferogram` for another unit, no data, or a coherence of another
  ///   size or range; `RasterError`.
  package init(
    _ path: String, options: RasterReadOptions = .init(), coherence coherencePath: String? = nil
  ) throws {
    self.path = path
    let scene = try RasterReader.read(path, options: options)
    phase = scene.raster
    if scene.description.infiniteCount > 0 {
      throw RasterError.infinite(path: path, count: scene.description.infiniteCount)
    }
    let finite = phase.values.lazy.filter(\.isFinite)
    guard let low = finite.min(), let high = finite.max() else {
      throw PhaseNetworkError.interferogram(
        path: path, reason: "no pixel has data (\(scene.description.noDataSource) means none)",
        remedy: "Give a phase in rad, or complex numbers that are not all 0.")
    }
    let half = Float.pi + 1e-3
    switch phase.unit {
    case .radians: break
    case nil where low >= -half && high <= half && low < -0.5 && high > 0.5:
      notes.append(
        "its values lie within -pi and pi and are taken as a wrapped phase in rad")
    case let unit:
      throw PhaseNetworkError.interferogram(
        path: path,
        reason: unit.map { "its unit is \($0.rawValue)" }
          ?? "its unit is unknown, and its values run from \(low) to \(high)",
        remedy:
          "Give an interferogram in rad or as complex numbers; \(OptionName.unit("rad")) if it is one."
      )
    }
    if low < -half || high > half {
      notes.append("it has phases from \(low) to \(high) rad, whose turns are dropped")
    }
    phase.unit = .radians
    coherence = try coherencePath.map { try Self.coherence($0, of: phase, path: path) }
  }

  private static func coherence(_ path: String, of phase: Raster, path given: String) throws
    -> [Float]
  {
    let raster = try RasterReader.read(path).raster
    guard raster.width == phase.width, raster.height == phase.height else {
      throw PhaseNetworkError.interferogram(
        path: path,
        reason: "its size is \(raster.height) x \(raster.width), and that of \(given) is "
          + "\(phase.height) x \(phase.width) (rows x columns)",
        remedy: "Give the coherence of the same interferogram.")
    }
    let finite = raster.values.lazy.filter(\.isFinite)
    let (low, high) = (finite.min() ?? 0, finite.max() ?? 0)
    // LiCSBAS and LiCSAR store bytes.
    let isBytes = high > 1.001 && high <= 255 && finite.allSatisfy { $0 == $0.rounded() }
    guard low >= 0, high <= 1.001 || isBytes else {
      throw PhaseNetworkError.interferogram(
        path: path, reason: "its values run from \(low) to \(high)",
        remedy: "Give a coherence from 0 to 1, or bytes from 0 to 255.")
    }
    return raster.values.map { $0.isFinite ? min(1, isBytes ? $0 / 255 : $0) : 0 }
  }
}

extension ProcessedPhase {
  /// 1 where the uncertainty is at most `limitRadians`, 0 elsewhere, NaN without data.
  package func mask(limitRadians: Double) -> [Float] {
    let limit = Float(limitRadians)
    return uncertaintyRadians.map { $0.isNaN ? .nan : $0 <= limit ? 1 : 0 }
  }

  /// Names, planes and units of what is written.
  package func layers(limitRadians: Double) -> [(name: String, values: [Float], unit: RasterUnit?)]
  {
    [
      ("filtered", filteredRadians, .radians), ("unwrapped", unwrappedRadians, .radians),
      ("filtered_unwrapped", filteredUnwrappedRadians, .radians),
      ("uncertainty", uncertaintyRadians, .radians),
      ("mask", mask(limitRadians: limitRadians), nil),
      ("regions", regions.map { $0 == 0 ? .nan : Float($0) }, nil),
    ]
  }

  /// Writes `FOLDER/NAME_<layer>.<format>` for all layers and formats.
  /// - Throws: `RunError.cannotWrite`, `RasterError`.
  package func write(
    named name: String, of file: InterferogramFile, in folder: String, formats: [RasterFormat],
    limitRadians: Double, network: String
  ) throws {
    for (layer, values, unit) in layers(limitRadians: limitRadians) {
      let raster = Raster(
        width: width, height: height, values: values, unit: unit,
        georeference: file.phase.georeference)
      for format in formats {
        try RasterWriter.write(
          raster, to: "\(folder)/\(name)_\(layer).\(format.rawValue)", format: format,
          options: RasterWriteOptions(metadata: ["PHASE_NETWORK": network, "LAYER": layer]))
      }
    }
  }

  /// Draws the input and what was made of it.
  /// - Throws: `RunError.cannotWrite`.
  package func writePicture(_ wrapped: [Float], label: String, to path: String) throws {
    let sheet = LayerSheet(
      layers: ["wrapped", "filtered", "unwrapped", "uncertainty"].map {
        LayerSheet.Layer(name: $0, unit: "rad")
      },
      samples: [
        LayerSheet.Sample(
          label: label, width: width, height: height,
          planes: [wrapped, filteredRadians, filteredUnwrappedRadians, uncertaintyRadians])
      ], title: "", side: 260)
    try PictureFile.write(sheet.drawing(), to: path)
  }
}
