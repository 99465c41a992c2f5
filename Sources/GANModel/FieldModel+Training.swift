import Foundation
import Kernel
import Patches
import TorchCore
import TorchNN

// What the training of a field model needs of its networks and its file.

extension BatchShare {
  /// This process's rows of a tensor for the whole batch.
  package func part(_ x: Tensor, on device: Device) throws -> Tensor {
    try x.narrow(0, from: range.lowerBound, length: range.count).to(device: device)
  }
}

extension FieldGenerator {
  /// Rows and columns of latents that give a training patch of a base network.
  private static let baseCells = 8
  package static let supportedNoisePlanes = 0...8

  /// A base network of `FieldGeometry.usualBlocks` with initial values.
  package static func base(
    channels: Int, noisePlanes: Int, _ generator: RandomGenerator
  ) throws -> FieldGenerator {
    try FieldGenerator(
      .base(
        channels: channels, labelCount: FieldNormalization.labelCount, outputChannels: 1,
        noisePlanes: noisePlanes), generator)
  }

  /// Random numbers for the maps of a batch.
  package struct Latents {
    let grid: Tensor
    let style: Tensor
    let noise: Tensor?

    /// For a part of the batch, on a device.
    package func part(_ share: BatchShare, on device: Device) throws -> Latents {
      func part(_ x: Tensor) throws -> Tensor { try share.part(x, on: device) }
      return Latents(grid: try part(grid), style: try part(style), noise: try noise.map(part))
    }
  }

  /// Drawn on the CPU, so that they are the same on every device.
  package func latents(_ count: Int, _ random: inout CounterRandom) throws -> Latents {
    func normal(_ shape: [Int]) throws -> Tensor {
      let values = (0..<shape.reduce(1, *)).map { _ in Float(random.normal()) }
      return try Tensor(values, shape: shape)
    }
    let (channels, cells) =
      labelCount > 0
      ? (FieldLatents.baseChannels, Self.baseCells)
      : (FieldLatents.detailChannels, DetailWindow.latentCells)
    // The map, one more pixel on each side, and the noise's own border.
    let side = FieldNormalization.patchSide + 2 + 2 * FieldLatents.noiseMargin
    return Latents(
      grid: try normal([count, channels, cells, cells]),
      style: try normal([count, styleSize]),
      noise: noisePlanes == 0 ? nil : try normal([count, noisePlanes, side, side]))
  }

  /// Maps as discriminators see them: [N, 1, 64, 64].
  /// - Parameter labels: normalized, [N, 5].
  package func seen(_ latents: Latents, labels: Tensor) throws -> Tensor {
    let raw = try self(
      latents.grid, style: latents.style, labels: labels, noise: latents.noise)
    return try FieldNormalization.seen(generated: raw.cropped(1))
  }

  /// - Throws: `error` if weights are those of another network.
  func check(_ weights: [String: Tensor], of error: FieldError) throws {
    guard try state().mapValues(\.shape) == weights.mapValues(\.shape) else { throw error }
  }

  /// Begins with the base network of a model: its labels were normalized by its own table, and the
  /// first layer that sees them takes that over.
  /// - Parameters:
  ///   - means: of the labels of the new table, and `deviations` theirs.
  /// - Throws: `FieldError.otherNetwork` for a model of another width, number of blocks or noise.
  package func begin(with model: FieldModel, path: String, means: [Float], deviations: [Float])
    throws
  {
    var weights = try model.base.state()
    try check(
      weights,
      of: .otherNetwork(
        path: path, channels: model.description.baseChannels,
        noisePlanes: model.base.noisePlanes, blocks: model.geometry.blocks))
    guard let weight = weights["embedding.0.weight"], let bias = weights["embedding.0.bias"] else {
      throw ModuleError.missingTensors(["embedding.0.weight"])
    }
    try withoutGradients {
      func row(_ values: [Float]) throws -> Tensor { try FieldTable.row(values, weight.device) }
      let scale = try row(model.labelDeviations)
      let shift = try (row(means) - row(model.labelMeans)) / scale  // [1, 5]
      weights["embedding.0.bias"] = try bias + (weight * shift).sum([1])
      weights["embedding.0.weight"] = try weight * row(deviations) / scale
      try load(weights)
    }
  }
}

/// Statistics of training patches, from which maps get theirs.
package struct FieldTable {
  /// [rows][5].
  package let labels: [[Float]]
  /// The number of the scene of each row, and the fraction of its pixels that are quiet.
  package let scenes: [Int]
  package let quietFractions: [Float]
  package let means: [Float]
  package let deviations: [Float]

  package init(labels: [[Float]], scenes: [Int], quietFractions: [Float]) throws {
    self.labels = labels
    self.scenes = scenes
    self.quietFractions = quietFractions
    // As the file keeps them, so that a model that was read normalizes as the training did.
    let table = try Self.tensor(labels).to(dtype: .float16).to(dtype: .float32)
    means = try table.mean([0]).floats()
    deviations = try table.std([0]).floats().map { $0 > 0 ? $0 : 1 }
  }

  package func normalized(_ raw: Tensor) throws -> Tensor {
    try (raw - Self.row(means, raw.device)) / Self.row(deviations, raw.device)
  }

  /// Undoes `normalized`.
  package func raw(_ normalized: Tensor) throws -> Tensor {
    let device = normalized.device
    return try normalized * Self.row(deviations, device) + Self.row(means, device)
  }

  fileprivate static func row(_ values: [Float], _ device: Device) throws -> Tensor {
    try Tensor(values, shape: [1, values.count]).to(device: device)
  }

  fileprivate static func tensor(_ rows: [[Float]]) throws -> Tensor {
    try Tensor(rows.flatMap { $0 }, shape: [rows.count, FieldNormalization.labelCount])
  }
}

extension FieldModel {
  /// Writes a model for `generate`, in float16.
  /// - Parameters:
  ///   - base: in evaluation mode, its norms calibrated.
  ///   - detail: for a base network that draws the means of 4 x 4 pixels.
  ///   - greatestRateCMPerYear: maps with a rate beyond it are drawn again.
  package static func write(
    base: FieldGenerator, channels: Int, detail: DetailModel?, table: FieldTable,
    scenes: [String], iterations: Int, greatestRateCMPerYear: Double, to path: String
  ) throws {
    var tensors = try base.half(prefix: "base.")
    tensors["labels"] = try FieldTable.tensor(table.labels).to(dtype: .float16)
    let rows = table.labels.count
    tensors["rows.scene"] = try Tensor(table.scenes.map(Float.init), shape: [rows])
      .to(dtype: .float16)
    tensors["rows.quiet"] = try Tensor(table.quietFractions, shape: [rows]).to(dtype: .float16)
    if let detail { tensors.merge(try detail.half()) { $1 } }
    let side = FieldNormalization.patchSide
    let description = FieldModelDescription(
      baseChannels: channels, baseBlocks: FieldGeometry.usualBlocks,
      baseNoisePlanes: base.noisePlanes == 0 ? nil : base.noisePlanes,
      detailChannels: detail?.channels,
      detailNoisePlanes: detail.flatMap { $0.noisePlanes == 0 ? nil : $0.noisePlanes },
      greatestRateCMPerYear: greatestRateCMPerYear,
      sizePixels: detail == nil ? side : side * FieldRefinement.factor, iterations: iterations,
      scenes: scenes, refinement: detail?.rule)
    try Safetensors.write(tensors, format: formatName, description: description, to: path)
  }
}

extension Safetensors {
  /// Writes a model with its description, as `FieldModel.read` and `DetailModel.read` expect it.
  static func write(
    _ tensors: [String: Tensor], format: String, description: some Encodable, to path: String
  ) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let json = try encoder.encode(description)
    try write(
      tensors, metadata: ["format": format, "description": String(decoding: json, as: UTF8.self)],
      to: path)
  }
}

extension FieldGenerator {
  /// The network's tensors for a file, in float16.
  func half(prefix: String) throws -> [String: Tensor] {
    try withoutGradients {
      try Dictionary(
        uniqueKeysWithValues: state().map { name, value in
          (prefix + name, try value.detached().to(device: .cpu).contiguous().to(dtype: .float16))
        })
    }
  }
}
