import DurableFiles
import Foundation
import Kernel
import Pictures
import RasterIO
import Rasters

/// A wrapped interferogram in a raster file, with its coherence if it is known.
package struct InterferogramFile: Sendable {
  package let input: PhaseInput
  /// The layout in which results are written like the input.
  package let layout: PhaseLayout
  /// Rad; NaN where there are no data.
  package var phase: Raster
  package var coherence: [Float]?
  /// How the amplitude is read; `nil` where there is none.
  private var amplitudeOptions: RasterReadOptions?
  /// What a user may not expect, one sentence each.
  package var notes: [String] = []

  package var path: String { input.path }

  /// Reads a phase in rad or complex numbers; turns of an unwrapped phase are dropped.
  ///
  /// The coherence is a raster of the same size, from 0 to 1, or bytes up to 255.
  /// - Throws: `PhaseNetworkError.interferogram` for another unit, no data, or a coherence of another
  ///   size or range; `RasterError`.
  package init(_ input: PhaseInput, options: RasterReadOptions = .init()) throws {
    self.input = input
    let path = input.path
    let scene = try RasterReader.read(path, options: options)
    phase = scene.raster
    if scene.description.infiniteCount > 0 {
      throw RasterError.infinite(path: path, count: scene.description.infiniteCount)
    }
    var note: String?
    layout = PhaseLayout(scene.description, path: path, note: &note)
    if let note { notes.append(note) }
    if [.licsar, .hyp3].contains(layout), options.noData == nil {
      // Both write 0 where there are no data, and not all of their files declare it.
      phase.values = phase.values.map { $0 == 0 ? .nan : $0 }
    }
    phase.unit = phase.unit ?? (scene.description.sampleType.hasPrefix("complex") ? .radians : nil)
    try checkPhase(noData: scene.description.noDataSource)
    amplitudeOptions = amplitudeOptions(scene.description, options)
    coherence = try input.coherence.map { try readCoherence($0, options) }
    if input.isCoherenceFound, let found = input.coherence {
      let without = OptionName.coherence(PhaseInput.noCoherence)
      notes.append("the coherence is \(FilePath.name(found)) beside it (\(without): without)")
    }
  }

  /// - Parameter coherence: its path; `nil`: one beside the file, if the layout has one.
  package init(
    _ path: String, options: RasterReadOptions = .init(), coherence: String? = nil
  ) throws {
    let found = try PhaseInput.resolve([path], coherences: coherence.map { [$0] } ?? [])
    try self.init(found.inputs[0], options: options)
  }

  private mutating func checkPhase(noData: String) throws {
    let finite = phase.values.lazy.filter(\.isFinite)
    guard let low = finite.min(), let high = finite.max() else {
      throw PhaseNetworkError.interferogram(
        path: path, reason: "no pixel has data (\(noData) means none)",
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
  }

  private func amplitudeOptions(_ description: RasterDescription, _ given: RasterReadOptions)
    -> RasterReadOptions?
  {
    var options = given
    (options.readsLengths, options.unit) = (true, nil)
    switch layout {
    case .isce, .roipac, .gamma(_, isComplex: true):
      if !description.sampleType.hasPrefix("complex") {
        guard description.bandCount == 2, description.band == 2 else { return nil }
        options.band = 1
      }
      return options
    default: return nil
    }
  }

  /// The lengths of complex numbers, or the first band of an amplitude and a phase; NaN without data.
  /// Read only where it is written again.
  /// - Returns: `nil` where a file has neither, or its layout has no place for it.
  /// - Throws: `RasterError`.
  package func amplitude() throws -> [Float]? {
    try amplitudeOptions.map { try RasterReader.read(path, options: $0).raster.values }
  }

  private func readCoherence(_ path: String, _ options: RasterReadOptions) throws -> [Float] {
    let raster = try coherenceRaster(path, options)
    guard raster.width == phase.width, raster.height == phase.height else {
      throw PhaseNetworkError.interferogram(
        path: path,
        reason: "its size is \(raster.height) x \(raster.width), and that of \(self.path) is "
          + "\(phase.height) x \(phase.width) (rows x columns)",
        remedy: "Give the coherence of the same interferogram, or "
          + "\(OptionName.coherence(PhaseInput.noCoherence)).")
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

  private func coherenceRaster(_ path: String, _ options: RasterReadOptions) throws -> Raster {
    do {
      let scene = try RasterReader.read(path)
      // Two bands are amplitude and coherence.
      guard scene.description.bandCount == 2, scene.description.band == 1 else {
        return scene.raster
      }
      return try RasterReader.read(path, options: RasterReadOptions(band: 2)).raster
    } catch let error as RasterError {
      // A flat file beside one whose size is known.
      guard case .gamma(let order, _) = layout, let bytes = FileSystem.size(path) else {
        throw error
      }
      var options = RasterReadOptions()
      (options.width, options.height) = (phase.width, phase.height)
      options.byteOrder = options.byteOrder ?? order
      options.sampleType = bytes == phase.values.count ? .uint8 : .float32
      return try RasterReader.read(path, options: options).raster
    }
  }
}

extension ProcessedPhase {
  /// 1 where the uncertainty is at most `limitRadians`, 0 elsewhere, NaN without data.
  package func mask(limitRadians: Double) -> [Float] {
    let limit = Float(limitRadians)
    return uncertaintyRadians.map { $0.isNaN ? .nan : $0 <= limit ? 1 : 0 }
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
