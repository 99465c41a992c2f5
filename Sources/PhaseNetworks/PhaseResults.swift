import DurableFiles
import Foundation
import RasterIO
import Rasters
import StackFiles

/// Writes what a network made of an interferogram, in a format or in the layout of the input.
package struct PhaseResults {
  package var result: ProcessedPhase
  package var file: InterferogramFile
  /// An existing folder.
  package var folder: String
  /// The uncertainty up to which the mask is 1.
  package var limitRadians: Double
  /// SHA-256 of the network.
  package var network: String

  package init(
    _ result: ProcessedPhase, of file: InterferogramFile, in folder: String, limitRadians: Double,
    network: String
  ) {
    (self.result, self.file, self.folder) = (result, file, folder)
    (self.limitRadians, self.network) = (limitRadians, network)
  }

  private var name: String { file.input.name }
  private var width: Int { result.width }
  private var height: Int { result.height }

  /// Writes the layers as rasters `NAME_<layer>.<format>`.
  /// - Throws: `RunError.cannotWrite`, `RasterError`.
  package func write(as format: RasterFormat) throws {
    for layer in Layer.allCases {
      try writeRaster(layer, to: "\(name)_\(layer.rawValue).\(format.rawValue)", format)
    }
  }

  /// Writes the layers in the layout of the input, with the files that describe them.
  ///
  /// Files without header, and GeoTIFFs of LiCSAR and HyP3, hold 0 where there are no data, as the
  /// programs of these layouts expect; a phase of exactly 0 becomes 1e-9.
  /// - Throws: `RunError.cannotWrite`, `RasterError`.
  package func writeAsInput() throws {
    switch file.layout {
    case .geoTIFF: try write(as: .tif)
    case .npy: try write(as: .npy)
    case .isce: try writeISCE()
    case .roipac: try writeROIPAC()
    case .gamma(let order, let isComplex): try writeGAMMA(order, isComplex)
    case .licsar:
      try writeProduct([
        .unwrapped: ".geo.unw.tif", .filtered: ".geo.diff_pha.tif",
        .filteredUnwrapped: ".geo.filtered_unwrapped.tif", .uncertainty: ".geo.uncertainty.tif",
        .mask: ".geo.mask.tif", .regions: ".geo.conncomp.tif",
      ])
    case .hyp3:
      try writeProduct([
        .unwrapped: "_unw_phase.tif", .filtered: "_wrapped_phase.tif",
        .filteredUnwrapped: "_filtered_unwrapped.tif", .uncertainty: "_uncertainty.tif",
        .mask: "_mask.tif", .regions: "_conncomp.tif",
      ])
      try copyBeside("\(name).txt")
    case .licsbas: try writeLiCSBAS()
    }
  }

  // MARK: - Layers

  enum Layer: String, CaseIterable {
    case filtered, unwrapped
    case filteredUnwrapped = "filtered_unwrapped"
    case uncertainty, mask, regions

    var unit: RasterUnit? { [.mask, .regions].contains(self) ? nil : .radians }
  }

  /// NaN where there are no data.
  private func values(_ layer: Layer) -> [Float] {
    switch layer {
    case .filtered: result.filteredRadians
    case .unwrapped: result.unwrappedRadians
    case .filteredUnwrapped: result.filteredUnwrappedRadians
    case .uncertainty: result.uncertaintyRadians
    case .mask: result.mask(limitRadians: limitRadians)
    case .regions: result.regions.map { $0 == 0 ? .nan : Float($0) }
    }
  }

  /// 0 where there are no data, and only there in phases.
  private func zeroed(_ layer: Layer) -> [Float] {
    layer.unit == nil
      ? values(layer).map { $0.isNaN ? 0 : $0 } : NoDataZero.encoded(values(layer))
  }

  /// That of the input, or 1; 0 where there are no data.
  private func amplitude() throws -> [Float] {
    guard let amplitude = try file.amplitude() else {
      return result.filteredRadians.map { $0.isNaN ? 0 : 1 }
    }
    return zip(amplitude, result.filteredRadians).map { $0.isNaN || $1.isNaN ? 0 : $0 }
  }

  // MARK: - GeoTIFF and NumPy

  private func writeRaster(
    _ layer: Layer, to file: String, _ format: RasterFormat, noDataValue: Float? = nil
  ) throws {
    let values =
      noDataValue == 0 && layer.unit != nil
      ? NoDataZero.withoutZeros(values(layer)) : values(layer)
    let raster = Raster(
      width: width, height: height, values: values, unit: layer.unit,
      georeference: self.file.phase.georeference)
    try RasterWriter.write(
      raster, to: "\(folder)/\(file)", format: format,
      options: RasterWriteOptions(
        metadata: ["PHASE_NETWORK": network, "LAYER": layer.rawValue], noDataValue: noDataValue))
  }

  /// GeoTIFFs with the names of a product, and its coherence as it was.
  private func writeProduct(_ endings: KeyValuePairs<Layer, String>) throws {
    for (layer, ending) in endings {
      try writeRaster(layer, to: name + ending, .tif, noDataValue: 0)
    }
    try copyCoherence()
  }

  // MARK: - Files without header

  private func writeFlat(
    _ planes: [[Float]], to file: String, _ type: SampleType = .float32,
    _ order: ByteOrder = .little
  ) throws {
    try FlatImage(width: width, height: height, planes: planes, type: type, order: order)
      .write(to: "\(folder)/\(file)")
  }

  private func writeISCE() throws {
    let name = FlatName(file.path)
    let amplitude = try amplitude()
    func write(
      _ planes: [[Float]], _ file: String, _ meaning: String, _ type: SampleType = .float32
    ) throws {
      try writeFlat(planes, to: file, type)
      let header = ISCEHeader(
        width: width, height: height, georeference: self.file.phase.georeference, fileName: file,
        bandCount: type == .complex64 ? 1 : planes.count, type: type, description: meaning)
      try AtomicFile.write(Data(header.xml.utf8), to: "\(folder)/\(file).xml")
      try AtomicFile.write(Data(header.vrt.utf8), to: "\(folder)/\(file).vrt")
    }
    let (part, regions) = ("_filtered", zeroed(.regions))
    try write([amplitude, zeroed(.unwrapped)], name.file("unw"), "input plus whole turns, rad")
    try write(
      [amplitude, zeroed(.filteredUnwrapped)], name.file("unw", part: part),
      "filtered phase plus whole turns, rad")
    try write(
      [values(.filtered), amplitude], name.file("int", part: part), "filtered phase", .complex64)
    try write(
      [zeroed(.uncertainty)], name.file("uncertainty"), "circular standard deviation, rad")
    try write([zeroed(.mask)], name.file("msk"), "1: uncertainty within the limit", .uint8)
    try write(
      [regions], name.file("unw.conncomp"), "connected regions of data",
      regions.max() ?? 0 > 255 ? .float32 : .uint8)
    try copyCoherence()
  }

  private func writeROIPAC() throws {
    let name = FlatName(file.path)
    let amplitude = try amplitude()
    let header = Sidecar.bases(of: file.path).map { $0 + ".rsc" }.first(where: FileSystem.exists)
    func write(_ planes: [[Float]], _ file: String, _ type: SampleType = .float32) throws {
      try writeFlat(planes, to: file, type)
      if let header { try copy(header, to: "\(file).rsc") }
    }
    try write([amplitude, zeroed(.unwrapped)], name.file("unw"))
    try write([amplitude, zeroed(.filteredUnwrapped)], name.file("unw", part: "_filtered"))
    try write([values(.filtered), amplitude], name.file("int", part: "_filtered"), .complex64)
    try write([zeroed(.uncertainty)], name.file("uncertainty"))
    try write([amplitude, zeroed(.mask)], name.file("msk"))
    try write([zeroed(.regions)], name.file("regions"))
    try copyCoherence()
  }

  private func writeGAMMA(_ order: ByteOrder, _ isComplex: Bool) throws {
    let name = FlatName(file.path)
    let part = "_filtered"
    func write(_ planes: [[Float]], _ file: String, _ type: SampleType = .float32) throws {
      try writeFlat(planes, to: file, type, order)
    }
    let ending = name.ending.isEmpty || name.ending == "unw" ? "diff" : name.ending
    try write([zeroed(.unwrapped)], name.file("unw"))
    try write([zeroed(.filteredUnwrapped)], name.file("unw", part: part))
    try write(
      isComplex ? [values(.filtered), amplitude()] : [zeroed(.filtered)],
      name.file(ending, part: part),
      isComplex ? .complex64 : .float32)
    try write([zeroed(.uncertainty)], name.file("uncertainty"))
    try write([zeroed(.mask)], name.file("mask"))
    try write([zeroed(.regions)], name.file("regions"))
    try copyCoherence()
    // One parameter file serves all files of a stem.
    for stem in [name.stem, name.stem + part] {
      if let parameters = RasterReader.gammaParameters(of: file.path) {
        try copy(parameters, to: "\(stem).\(FilePath.fileExtension(parameters))")
      } else {
        let text = "title: \(stem)\nrange_samples: \(width)\nazimuth_lines: \(height)\n"
        try AtomicFile.write(Data(text.utf8), to: "\(folder)/\(stem).par")
      }
    }
  }

  private func writeLiCSBAS() throws {
    try writeFlat([NoDataZero.withoutZeros(values(.unwrapped))], to: "\(name).unw")
    try writeFlat(
      [NoDataZero.withoutZeros(values(.filteredUnwrapped))], to: "\(name)_filtered.unw")
    try writeFlat([values(.filtered)], to: "\(name)_filtered.pha")
    try writeFlat([values(.uncertainty)], to: "\(name).uncertainty")
    try writeFlat([values(.mask)], to: "\(name).mask")
    try writeFlat([zeroed(.regions)], to: "\(name).conncomp", .uint8)
    try copyCoherence()
  }

  // MARK: - Copies

  /// The coherence with what describes it, if it was found beside the input.
  private func copyCoherence() throws {
    guard file.input.isCoherenceFound, let coherence = file.input.coherence else { return }
    for ending in ["", ".xml", ".vrt", ".rsc", ".par"] {
      try copyBeside(FilePath.name(coherence) + ending)
    }
  }

  /// Copies a file that lies beside the input, if it exists.
  private func copyBeside(_ name: String) throws {
    let path = FilePath.sibling(file.path, name)
    if FileSystem.exists(path) { try copy(path, to: name) }
  }

  private func copy(_ path: String, to name: String) throws {
    try FileWriter.copy(path, to: "\(folder)/\(name)")
  }
}
