import DurableFiles
import Foundation
import RasterIO
import TorchCore

extension SampleGeneration {
  /// As `output` of a command, standard output: `ganinsar generate -o -`.
  public static let standardOutput = "-"

  /// Draws the maps as one `.npy` array [count, rows, columns] of little-endian float32 in cm/yr, and hands
  /// its bytes on: the header first, then each batch of maps as soon as it is drawn. Writes no file.
  ///
  /// The array is the one that `numpy.stack` makes of the files that `run` writes.
  ///
  /// - Parameters:
  ///   - write: takes the next bytes; what it throws ends the drawing.
  ///   - progress: called with the number of maps that have been handed on.
  /// - Throws: `SamplingError` for arguments out of range or that ask for files, the errors of reading the
  ///   model, `RunError.interrupted` on Ctrl-C.
  public func stream(
    to write: (UnsafeRawBufferPointer) throws -> Void, progress: (Int) -> Void = { _ in }
  ) throws {
    try validate()
    let faults = streamFaults()
    guard faults.isEmpty else { throw SamplingError.arguments(faults) }
    let model = try RateMapModel(contentsOf: self.model, device: Device(device))
    let size = try model.size(asked: self.size, options)
    guard model.quantities.count == 1 else {
      throw SamplingError.arguments([
        "a stream is one array of one quantity, and this model draws "
          + "\(model.quantities.map(\.rawValue).joined(separator: ", ")): name a folder for them"
      ])
    }
    try NpyArray.header(shape: [count, size.height, size.width]).withUnsafeBytes(write)
    for start in stride(from: first, to: first + count, by: batchSize) {
      try Interruption.check()
      let indices = start..<min(start + batchSize, first + count)
      let maps = try model.maps(
        indices, seed: seed, size: size, options, interruption: Interruption.check)
      for (index, map) in zip(indices, maps) {
        guard map.values.allSatisfy(\.isFinite) else {
          throw SamplingError.notFinite(sample: index, model: self.model)
        }
        var bytes = Data()
        bytes.append(littleEndian: map.values)
        try bytes.withUnsafeBytes(write)
      }
      progress(indices.upperBound - first)
    }
  }

  /// What was asked that only a folder can hold.
  private func streamFaults() -> [String] {
    var faults: [String] = []
    if formats != [.npy] {
      faults.append(
        "a stream is one .npy array: leave out other formats, or name a folder for the maps")
    }
    if like != nil || beside != nil || coarse != nil {
      faults.append(
        "a stream has no georeference, no contact sheet and no detail on a coarse map: name a folder for "
          + "them")
    }
    if isInBands {
      faults.append(
        "maps of more than \(largestWhole) pixels are made in bands, which a stream cannot hold: name a "
          + "folder for them")
    }
    return faults
  }
}
