import DurableFiles
import Foundation
import TorchCore

/// A network that adds detail to a coarse map of the user: four pixels per coarse pixel along each
/// axis, with the coarse map as the means of the blocks.
///
/// The strength of the detail follows from the coarse map by a law that was fitted to real scenes:
/// its rms is 1.17 times the local roughness of the coarse map; a floor can be added (decision 0030).
package struct DetailModel {
  private let network: FieldGenerator
  private let refinement: FieldRefinement
  package let scenes: [String]
  package let device: Device
  /// SHA-256 of the file, in hexadecimal.
  package let sha256: String

  /// What a model file says of the network.
  package var channels: Int { network.blocks[0].conv1.weight.tensor.shape[1] / 8 }
  package var noisePlanes: Int { network.noisePlanes }
  var rule: FieldRefinement.Rule { refinement.rule }
  func state() throws -> [String: Tensor] { try network.state() }
  func half() throws -> [String: Tensor] { try network.half(prefix: Self.prefix) }

  static let formatName = "ganinsar-detail-1"
  private static let prefix = "detail."
  package static let factor = FieldRefinement.factor

  /// Coarse pixels that are refined at once.
  private static let tile = 96

  private struct Description: Codable {
    var detailChannels: Int
    var detailNoisePlanes: Int?
    var scenes: [String]
    var refinement: FieldRefinement.Rule?
  }

  /// Whether the file is a model that does nothing but add detail; `false` also if it cannot be read.
  package static func isOne(_ path: String) -> Bool {
    (try? Safetensors(path: path))?.metadata["format"] == formatName
  }

  /// Writes a model that adds detail, in float16.
  /// - Parameter network: in evaluation mode, its norms calibrated.
  package static func write(
    _ network: FieldGenerator, channels: Int, scenes: [String], to path: String
  ) throws {
    try Safetensors.write(
      network.half(prefix: prefix), format: formatName,
      description: Description(
        detailChannels: channels,
        detailNoisePlanes: network.noisePlanes == 0 ? nil : network.noisePlanes, scenes: scenes,
        refinement: .spline), to: path)
  }

  /// Reads a detail model, or the detail network of a field model.
  /// - Throws: `TorchError.file` if the file is missing, damaged or has no detail network;
  ///   `ModuleError`.
  package static func read(_ path: String, device: Device = .cpu) throws -> DetailModel {
    let file = try Safetensors(path: path)
    if file.metadata["format"] == FieldModel.formatName {
      let model = try FieldModel.read(path, device: device)
      guard let network = model.detail else {
        throw TorchError.file(
          path: path, reason: "draws maps of its own and has no network for detail on other maps")
      }
      return DetailModel(
        network: network, refinement: model.refinement, scenes: model.description.scenes,
        device: device, sha256: model.sha256)
    }
    guard file.metadata["format"] == formatName, let json = file.metadata["description"],
      let description = try? JSONDecoder().decode(Description.self, from: Data(json.utf8)),
      (1...128).contains(description.detailChannels),
      FieldModelDescription.supports(noisePlanes: description.detailNoisePlanes)
    else { throw TorchError.file(path: path, reason: "is not a model that adds detail") }
    try file.verifyChecksum()
    let tensors = try file.finiteTensors()
    if let unknown = tensors.keys.filter({ !$0.hasPrefix(prefix) }).min() {
      throw TorchError.file(path: path, reason: "holds an unknown tensor, \(unknown)")
    }
    return DetailModel(
      network: try FieldGenerator.read(
        .detail(channels: description.detailChannels, noisePlanes: description.detailNoisePlanes),
        prefix: prefix, of: tensors, path: path, device: device),
      refinement: FieldRefinement(rule: description.refinement ?? .blocks),
      scenes: description.scenes, device: device, sha256: try SHA256.hex(ofFile: path))
  }

  /// A map with detail.
  /// - Parameters:
  ///   - coarse: cm/yr, row-major, finite.
  ///   - strength: the factor of the detail's rms; 1 is that of real scenes.
  ///   - floor: rms of the detail over the spread of the coarse map, on ground without roughness.
  ///   - stage: 0 for the first refinement, 1 for that of its result, and so on.
  /// - Returns: cm/yr, 4 `height` rows of 4 `width`.
  package func refined(
    _ coarse: [Float], width: Int, height: Int, _ draw: FieldDraw, strength: Double,
    floor: Double, stage: Int = 0, interruption: () throws -> Void = {}
  ) throws -> [Float] {
    var draw = draw
    draw.map += stage << 48
    let factor = FieldRefinement.factor
    let margin = refinement.margin + FieldRefinement.energyMargin
    var map = MapPixels(rows: 0..<height * factor, columns: 0..<width * factor)
    try withoutGradients {
      let raster = try Tensor(coarse, shape: [1, 1, height, width]).to(device: device)
      let wide = try raster.pad(
        left: margin, right: margin, top: margin, bottom: margin, .replicate)
      let plan = try FieldPlan(
        network, style: draw.style(level: 1, size: network.styleSize).to(device: device),
        labels: nil)
      let spread = coarse.count > 1 ? try raster.std().item() : 0
      for rows in (0..<height).tiles(of: Self.tile) {
        for columns in (0..<width).tiles(of: Self.tile) {
          try interruption()
          let part = try wide.narrow(2, from: rows.lowerBound, length: rows.count + 2 * margin)
            .narrow(3, from: columns.lowerBound, length: columns.count + 2 * margin)
          let latents = try draw.detailInput(
            noisePlanes: network.noisePlanes, rows: rows, columns: columns,
            margin: refinement.latentMargin
          ).to(device: device)
          let refined = try refinement.refine(
            coarse: part.cropped(FieldRefinement.energyMargin),
            energy: FieldRefinement.energy(part, smallest: floor * spread, strength: strength),
            latents: latents, plan.callAsFunction)
          try map.place(
            refined, rows: rows.multiplied(by: factor), columns: columns.multiplied(by: factor))
        }
      }
    }
    return map.values
  }
}
