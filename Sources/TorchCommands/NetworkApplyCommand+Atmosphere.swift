import ArgumentParser
import Commands
import DurableFiles
import PhaseNetworks
import RasterIO
import TorchCore

/// What `apply` does with a network that removes the atmosphere.
extension NetworkApplyCommand {
  /// What lies beside the results.
  private struct AtmosphereManifest: Encodable {
    var program = ProgramVersion.name
    var network: String
    var sha256: String
    var method: String
    var maps: [String]
    var seconds: Double
  }

  func removeAtmosphere(_ path: String) throws {
    if !reading.coherence.isEmpty {
      throw ValidationError(
        "--coherence is for networks that unwrap; \(path) removes the atmosphere.")
    }
    let names = try names()
    let file = try AtmosphereFile.read(path, device: Device(network.device))
    let processor = AtmosphereProcessor(
      file, windowPixels: network.window, overlapPixels: network.overlap)
    var options = reading.file.options()
    options.losConvention = reading.units.losSign
    let inputs = Array(zip(interferograms, names))
    try writeResults(of: inputs, doing: "correcting", noun: "maps") { input, folder in
      try apply(processor, file, input.0, options, input.1, folder)
    } manifest: { _, seconds in
      AtmosphereManifest(
        network: path, sha256: file.sha256, method: file.description.method.rawValue,
        maps: interferograms, seconds: seconds)
    }
  }

  private func apply(
    _ processor: AtmosphereProcessor, _ file: AtmosphereFile, _ input: String,
    _ options: RasterReadOptions, _ name: String, _ folder: String
  ) throws {
    let map = try UnwrappedMap(
      input, options: options, unitWhereUnstated: reading.units.unit,
      wavelengthMeters: reading.wavelength)
    for note in map.notes { printNote("Note: \(input): \(note)") }
    let estimate = try processor.estimate(
      centimeters: map.centimeters, width: map.raster.width, height: map.raster.height,
      interruption: Interruption.check)
    let results = AtmosphereResults(map, estimateCM: estimate, network: file.sha256)
    for format in out.format.choices {
      let isNpy = format == .npy || format == .same && FilePath.fileExtension(input) == "npy"
      let chosen = isNpy || !RasterFormat.tif.isAvailable ? RasterFormat.npy : .tif
      try results.write(as: chosen, name: name, in: folder)
    }
    try results.writePicture(label: name, to: "\(folder)/\(name).png")
  }

  /// The names of the results.
  private func names() throws -> [String] {
    let names = try interferograms.map { path in
      guard !FileSystem.isFolder(path) else {
        throw ValidationError(
          "\(path) is a folder: name the files of unwrapped phase, displacement or rate.")
      }
      return FilePath.withoutExtension(FilePath.name(path))
    }
    if let twice = Dictionary(grouping: names, by: { $0 }).first(where: { $0.value.count > 1 }) {
      throw ValidationError(
        "Several maps are named \(twice.key): process them into different folders.")
    }
    return names
  }
}
