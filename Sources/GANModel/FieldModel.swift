import DurableFiles
import Foundation
import TorchCore

/// A model for rate maps of any size, in one safetensors file.
///
/// A native model generates maps at the resolution of its training patches. A model with detail
/// first generates a coarse map (the means of 4 x 4 pixels and the strength of the detail in each
/// block), and then the detail. Each map has the statistics of one training patch, drawn from a
/// table in the file.
package struct FieldModel {
  let base: FieldGenerator
  /// Applied to the output of `base`, [1, 1, K, K]: brings its mean spectrum to that of the
  /// training patches (decision 0036). `nil` in files without.
  let filter: Tensor?
  let detail: FieldGenerator?
  /// Raw statistics of training patches: [rows, labelCount].
  let table: [[Float]]
  let origins: PatchOrigins?
  let labelMeans: [Float]
  let labelDeviations: [Float]
  package let description: FieldModelDescription
  package let device: Device
  /// SHA-256 of the file, in hexadecimal.
  package let sha256: String

  static let formatName = "ganinsar-field-1"

  /// Whether the file is a field model; `false` also if it cannot be read.
  package static func isOne(_ path: String) -> Bool {
    (try? Safetensors(path: path))?.metadata["format"] == formatName
  }

  /// - Throws: `TorchError.file` if the file is missing, damaged or not a field model,
  ///   `ModuleError` if its tensors do not match its description.
  package static func read(_ path: String, device: Device = .cpu) throws -> FieldModel {
    let file = try Safetensors(path: path)
    guard file.metadata["format"] == formatName, let json = file.metadata["description"] else {
      throw TorchError.file(path: path, reason: "is not a model for maps of any size")
    }
    try file.verifyChecksum()
    guard
      let description = try? JSONDecoder().decode(
        FieldModelDescription.self, from: Data(json.utf8))
    else {
      throw TorchError.file(path: path, reason: "has an invalid description")
    }
    let faults = description.faults()
    guard faults.isEmpty else {
      throw TorchError.file(
        path: path, reason: "has an impossible description: \(faults.joined(separator: "; "))")
    }
    var tensors = try file.finiteTensors()
    let labelCount = description.labelCount
    guard let labels = tensors.removeValue(forKey: "labels"), labels.shape.count == 2,
      labels.shape[0] > 1, labels.shape[1] == labelCount
    else {
      throw TorchError.file(path: path, reason: "lacks its table of labels [N, \(labelCount)]")
    }
    let filter = try Self.filter(
      tensors.removeValue(forKey: "filter"), description, path: path)
    let origins = try PatchOrigins(
      scenes: tensors.removeValue(forKey: "rows.scene"),
      quiet: tensors.removeValue(forKey: "rows.quiet"), names: description.scenes,
      rows: labels.shape[0], path: path)
    let prefixes = ["base."] + (description.detailChannels == nil ? [] : ["detail."])
    let unknown = tensors.keys.filter { name in !prefixes.contains { name.hasPrefix($0) } }
    guard unknown.isEmpty else {
      throw TorchError.file(
        path: path,
        reason:
          "holds tensors that its description does not name, such as \(unknown.min()!): it was "
          + "written by another version of this program")
    }
    func network(_ prefix: String, _ layout: FieldGenerator.Layout) throws -> FieldGenerator {
      try FieldGenerator.read(layout, prefix: prefix, of: tensors, path: path, device: device)
    }
    let wide = try labels.to(dtype: .float32)
    // A statistic that is the same for all patches is 0 for the network.
    let deviations = try wide.std([0]).floats().map { $0 > 0 ? $0 : 1 }
    return FieldModel(
      base: try network(
        "base.",
        .base(
          channels: description.baseChannels, labelCount: labelCount,
          outputChannels: description.drawsEnergy ? 2 : 1, blocks: description.geometry.blocks,
          noisePlanes: description.baseNoisePlanes)),
      filter: try filter?.to(dtype: .float32).to(device: device),
      detail: try description.detailChannels.map {
        try network(
          "detail.", .detail(channels: $0, noisePlanes: description.detailNoisePlanes))
      },
      table: try wide.floats().chunked(by: labelCount), origins: origins,
      labelMeans: try wide.mean([0]).floats(), labelDeviations: deviations,
      description: description, device: device, sha256: try SHA256.hex(ofFile: path))
  }
}

extension FieldModel {
  private static let largestFilter = 65

  private static func filter(
    _ tensor: Tensor?, _ description: FieldModelDescription, path: String
  ) throws -> Tensor? {
    guard let tensor else { return nil }
    guard !description.drawsEnergy else {
      throw TorchError.file(path: path, reason: "has a filter for two channels, which is unknown")
    }
    let side = tensor.shape.last ?? 0
    guard tensor.shape == [1, 1, side, side], side % 2 == 1, side <= largestFilter else {
      throw TorchError.file(
        path: path,
        reason: "has a filter \(tensor.shape) instead of [1, 1, K, K] with K odd, up to "
          + "\(largestFilter)")
    }
    return tensor
  }

  /// Number of pixels that the filter needs around.
  var filterRadius: Int { (filter?.shape[3] ?? 1) / 2 }

  /// How detail is added.
  var refinement: FieldRefinement { FieldRefinement(rule: description.refinement ?? .blocks) }
}

extension FieldGenerator {
  /// A network for drawing, from those tensors of a file whose names begin with `prefix`.
  /// - Throws: `TorchError.file` for another width, `ModuleError` if tensors do not match.
  static func read(
    _ layout: Layout, prefix: String, of tensors: [String: Tensor], path: String, device: Device
  ) throws -> FieldGenerator {
    // A small file must not request a large network.
    guard tensors["\(prefix)first.weight"]?.shape.first == layout.widths[0] else {
      throw TorchError.file(
        path: path,
        reason: "is damaged: its \(prefix)first.weight is not \(layout.widths[0]) wide")
    }
    let network = try FieldGenerator(layout, RandomGenerator(seed: 0, .placeholderWeights))
    let own = tensors.filter { $0.key.hasPrefix(prefix) }
    try network.load(
      Dictionary(
        uniqueKeysWithValues: own.map { (String($0.key.dropFirst(prefix.count)), $0.value) }))
    try network.setRequiresGradient(false)
    try network.setTraining(false)
    try network.move(to: device)
    return network
  }
}

/// The description of a field model and its origin.
package struct FieldModelDescription: Sendable, Equatable, Codable {
  /// Width of the base network.
  package var baseChannels: Int
  /// Number of blocks of the base network; `nil` in files of earlier versions, which have four.
  package var baseBlocks: Int?
  /// Planes of white noise that the base network takes; `nil` in files of earlier versions, which
  /// have none.
  package var baseNoisePlanes: Int?
  /// Width of the detail network; `nil` for a model without.
  package var detailChannels: Int?
  package var detailNoisePlanes: Int?
  /// Maps with a rate beyond it, of either sign, are drawn again; `nil` in files that set no limit.
  package var greatestRateCMPerYear: Double?
  /// Side in pixels of its training patches, which is also the default size of maps.
  package var sizePixels: Int
  package var iterations: Int
  /// Names of the training scenes.
  package var scenes: [String]
  /// How detail is added; `nil` in files of earlier versions and without detail.
  var refinement: FieldRefinement.Rule?

  /// Whether the base network draws the strength of the detail beside the coarse map.
  var drawsEnergy: Bool { detailChannels != nil && (refinement ?? .blocks) == .blocks }

  /// Number of statistics on which a map is conditioned: five of its rates, and two of the strength
  /// of its detail if that is drawn.
  var labelCount: Int { drawsEnergy ? 7 : 5 }

  static func supports(noisePlanes: Int?) -> Bool { (0...8).contains(noisePlanes ?? 0) }

  var geometry: FieldGeometry { FieldGeometry(blocks: baseBlocks ?? FieldGeometry.usualBlocks) }

  func faults() -> [String] {
    var faults: [String] = []
    let supported = FieldGeometry.supportedBlocks
    if let baseBlocks, !supported.contains(baseBlocks) {
      faults.append(
        "baseBlocks is \(baseBlocks): this version reads \(supported.lowerBound) to "
          + "\(supported.upperBound)")
    }
    for (name, width) in [("baseChannels", baseChannels), ("detailChannels", detailChannels ?? 1)]
    where !(1...128).contains(width) {
      faults.append("\(name) is \(width): use 1 to 128")
    }
    for (name, planes) in [
      ("baseNoisePlanes", baseNoisePlanes), ("detailNoisePlanes", detailNoisePlanes),
    ] where !Self.supports(noisePlanes: planes) {
      faults.append("\(name) is \(planes ?? 0): this version reads 0 to 8")
    }
    if let greatest = greatestRateCMPerYear, !(greatest > 0 && greatest.isFinite) {
      faults.append("greatestRateCMPerYear is \(greatest): use a positive number")
    }
    if !(16...4096).contains(sizePixels) {
      faults.append("sizePixels is \(sizePixels): use 16 to 4096")
    }
    return faults
  }
}

extension Array {
  /// Consecutive parts of equal length; an incomplete last part is dropped.
  func chunked(by length: Int) -> [[Element]] {
    stride(from: 0, through: count - length, by: length).map { Array(self[$0..<$0 + length]) }
  }
}
