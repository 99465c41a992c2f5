import DurableFiles
import Foundation
import GANModel
import Kernel
import Pictures
import RasterIO
import Rasters
import RunSupport
import TorchCore

/// Preview images of a run: a grid of patches of the dataset, then grids of maps from the same latents
/// throughout training, each with its values (.npy, cm/yr). Of maps with several quantities, each
/// quantity has grids of its own, in the same order.
struct SnapshotWriter {
  private let folder: String
  private let output: TrainingConfiguration.Output
  private let latents: Tensor
  /// What the patches of the dataset are.
  private let patchHeading: String
  private let quantities: [Quantity]

  /// - Parameter patchHeading: stands above the patches of the dataset.
  init(_ run: RunFolder, _ trainer: Trainer, patchHeading: String) throws {
    self.patchHeading = patchHeading
    quantities = trainer.transform.quantities
    folder = run.file("snapshots")
    output = trainer.configuration.output
    let count = output.gridRows * output.gridColumns
    var random = CounterRandom(trainer.configuration.seed, .snapshotLatents)
    latents = try Latents.draw(count, trainer.generator.latentSize, &random)
    try AtomicFolder.makeFolders(folder)
  }

  func writeReal(_ trainer: Trainer) throws -> PNGImage {
    let sampler = trainer.loader.sampler
    let patches = try (0..<output.gridRows * output.gridColumns).map { index in
      let patch = try sampler.patch(at: index)
      return quantities.indices.map(patch.channel)
    }
    return try write(patches, size: sampler.patchSize, name: "real", label: patchHeading)
  }

  func write(_ sampling: SamplingGenerator, _ trainer: Trainer) throws -> PNGImage {
    let maps = try sampling.sample(
      latents, device: trainer.device, batchSize: trainer.configuration.batchSize)
    return try write(
      maps.channelsOfMaps(), size: trainer.configuration.architecture.sizePixels,
      name: "generated-\(trainer.iteration.zeroPadded(8))",
      label: "Generated, iteration \(trainer.iteration)")
  }

  /// - Parameter patches: the channels of each patch.
  /// - Returns: the picture of the first quantity.
  private func write(_ patches: [[[Float]]], size: Int, name: String, label: String) throws
    -> PNGImage
  {
    let pictures = try quantities.enumerated().map { channel, quantity in
      try write(
        patches.map { $0[channel] }, quantity, size: size,
        name: channel == 0 ? name : "\(name)-\(quantity.rawValue)",
        label: channel == 0 ? label : "\(label): \(quantity.words)")
    }
    return pictures[0]
  }

  private func write(
    _ patches: [[Float]], _ quantity: Quantity, size: Int, name: String, label: String
  ) throws -> PNGImage {
    // One scale for all pictures of a run; heights differ too much for it.
    let scaleLimit = quantity == .height ? nil : Float(quantity.usualLimit)
    try NpyArray(shape: [patches.count, size, size], values: patches.flatMap { $0 })
      .write(to: "\(folder)/\(name).npy")
    let rasters = patches.map {
      Raster(width: size, height: size, values: $0, unit: quantity.unit)
    }
    let picture = try ContactSheet.render(
      [ContactSheet.Group(label: label, patches: rasters)], columns: output.gridColumns,
      limit: Float(output.colorLimitCMPerYear),
      scale: quantity == .rate
        ? nil : ColorScale(quantity, values: patches.flatMap { $0 }, limit: scaleLimit))
    try picture.write(to: "\(folder)/\(name).png")
    return picture
  }
}
