import DurableFiles
import Foundation
import InSARPhase
import Kernel
import RasterIO

extension StackSource {
  /// Opens a folder that `compose` wrote.
  static func openFolder(_ path: String, dataset: String?) throws -> StackSource {
    let manifest = try readManifest(path)
    let shape = [manifest.geometry.height, manifest.geometry.width]
    let network = manifest.network
    let phaseName = dataset ?? Plane.unwrapped.rawValue
    let layers = manifest.layers.filter { $0.unit == "rad" }.map(\.name)
    guard dataset == nil || layers.contains(phaseName) else {
      throw StackIOError.badStack(
        path: path, reason: "it has no layer '\(phaseName)' of phases",
        remedy: "Its layers are \(layers.joined(separator: ", ")).")
    }
    @Sendable func file(_ plane: Plane, _ pair: InterferogramPair) -> String {
      let isNamed = plane == .unwrapped || (plane == .wrapped && dataset != nil)
      return "\(network.name(pair))/\(isNamed ? phaseName : plane.rawValue).npy"
    }
    var source = StackSource(
      path: path, network: network, geometry: manifest.geometry, phaseName: phaseName,
      read: { plane, index, rows, _ in
        try values("\(path)/\(file(plane, network.pairs[index]))", shape: shape, rows: rows)
      })
    source.wrappedName = dataset ?? Plane.wrapped.rawValue
    source.georeference = manifest.georeference
    source.sensor = manifest.sensor
    source.equivalentLooks = manifest.equivalentLooks
    source.referencePixel = (manifest.referencePixelRow, manifest.referencePixelColumn)
    let checksums = Dictionary(
      manifest.checksums.map { ($0.file, $0.sha256) }, uniquingKeysWith: { first, _ in first })
    source.verification = { planes in
      for pair in network.pairs {
        for plane in planes {
          let name = file(plane, pair)
          try verify("\(path)/\(name)", checksum: checksums[name])
        }
      }
    }
    let isMotion = ["unwrapped", "wrapped", "deformation"].contains(phaseName)
    let hasMotion = manifest.layers.contains { $0.name == "deformation" }
    let truth = isMotion && hasMotion ? manifest.truth.map(\.name) : []
    source.truth = { name in
      guard truth.contains(name) else { return nil }
      try verify("\(path)/\(name).npy", checksum: checksums["\(name).npy"])
      return try values("\(path)/\(name).npy", shape: shape, rows: 0..<shape[0])
    }
    return source
  }

  private static func values(_ file: String, shape: [Int], rows: Range<Int>) throws -> [Float] {
    let reader = try NpyReader(file)
    guard reader.shape == shape else {
      throw StackIOError.badStack(
        path: file, reason: "its shape is \(reader.shape), but the stack's is \(shape)",
        remedy: "Compose the stack again.")
    }
    return try reader.read(rows.lowerBound * shape[1]..<rows.upperBound * shape[1])
  }

  package static func readManifest(_ path: String) throws -> StackManifest {
    let file = "\(path)/\(StackManifest.fileName)"
    let data = try InputFile.read(file)
    func bad(_ reason: String) -> StackIOError {
      .badStack(
        path: file, reason: reason,
        remedy: "Give a folder that `ganinsar compose` wrote, or compose it again.")
    }
    do {
      let manifest = try naming(file) { try JSONDecoder().decode(StackManifest.self, from: data) }
      guard manifest.formatVersion == StackManifest.currentVersion else {
        throw bad("format version \(manifest.formatVersion) is not supported")
      }
      guard manifest.equivalentLooks > 0 else {
        throw bad("the number of looks is \(manifest.equivalentLooks); it must be positive")
      }
      return manifest
    } catch let error as DecodingError {
      throw bad(error.fault)
    }
  }

  private static func verify(_ file: String, checksum: String?) throws {
    try Interruption.check()
    guard let checksum else {
      throw StackIOError.badStack(
        path: file, reason: "the manifest has no checksum for it",
        remedy: "Compose the stack "
          + "again."
      )
    }
    guard try SHA256.hex(ofFile: file) == checksum else {
      throw StackIOError.badStack(
        path: file, reason: "its checksum differs from the manifest: it was changed or damaged",
        remedy: "Copy it again, or compose the stack again.")
    }
  }
}
