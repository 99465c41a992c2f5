import DurableFiles
import Foundation
import Kernel
import Patches
import Rasters
import TorchCore

/// A generator with everything that is needed to generate rate maps, in one safetensors file.
package struct ModelFile {
  package let generator: Generator
  package let description: ModelDescription
  package let device: Device
  /// SHA-256 of the file, in hexadecimal.
  package let sha256: String

  private static let formatName = "ganinsar-generator-1"
  /// Of models of other quantities than rates, which earlier versions would take for rates.
  private static let quantityFormatName = "ganinsar-generator-2"
  /// Of models whose maps have several quantities.
  private static let jointFormatName = "ganinsar-generator-3"

  /// Writes the generator's state and its description.
  ///
  /// - Parameter halfPrecision: stores float16, which halves the file.
  package static func write(
    _ generator: Generator, _ description: ModelDescription, halfPrecision: Bool = false,
    to path: String
  ) throws {
    let format =
      description.quantities.count > 1
      ? jointFormatName : description.quantity == .rate ? formatName : quantityFormatName
    try generator.write(
      describedBy: description, format: format,
      halfPrecision: halfPrecision, to: path)
  }

  /// Reads and checks a model; the generator is in evaluation mode, in float32, on `device`.
  /// - Throws: `TorchError.file` if the file is missing, damaged, or not a model of this program;
  ///   `ModuleError` if its tensors do not match its architecture. A tensor with NaN or infinite
  ///   values is also reported as damage.
  package static func read(_ path: String, device: Device = .cpu) throws -> ModelFile {
    let file = try Safetensors(path: path)
    let formats = [formatName, quantityFormatName, jointFormatName]
    guard formats.contains(file.metadata["format"] ?? ""), let json = file.metadata["description"]
    else {
      let reason =
        switch file.metadata["format"] {
        case FieldModel.formatName: "is a field model, which only 'ganinsar generate' can use"
        case DetailModel.formatName:
          "adds detail to a map and draws none of its own: give the map with \(OptionName.coarse)"
        default:
          "is not a generator written by ganinsar: give a run folder or its model.safetensors"
        }
      throw TorchError.file(path: path, reason: reason)
    }
    try file.verifyChecksum()
    let description: ModelDescription
    do {
      description = try JSONDecoder().decode(ModelDescription.self, from: Data(json.utf8))
    } catch {
      throw TorchError.file(path: path, reason: "has an invalid description")
    }
    let faults = description.architecture.faults() + description.transform.faults()
    guard faults.isEmpty else {
      throw TorchError.file(
        path: path, reason: "has an impossible description: \(faults.joined(separator: "; "))")
    }
    // A small file must not request a large network.
    let fewest = try description.architecture.fewestGeneratorValues()
    let stored = file.names.reduce(0) { $0 + (file.shape($1) ?? []).reduce(1, *) }
    guard fewest <= max(16 << 20, stored) else {
      throw TorchError.file(
        path: path,
        reason:
          "is damaged: its architecture has more than \(fewest) values, but the file has \(stored)")
    }
    let generator = try Generator(
      description.architecture, mapChannels: description.quantities.count,
      RandomGenerator(seed: 0, .placeholderWeights))
    let tensors = try file.finiteTensors()
    try generator.load(tensors)
    try generator.setRequiresGradient(false)
    try generator.setTraining(false)
    try generator.move(to: device)
    return ModelFile(
      generator: generator, description: description, device: device,
      sha256: try SHA256.hex(ofFile: path))
  }
}

extension Safetensors {
  /// All tensors.
  /// - Throws: `TorchError.file` with the first tensor that contains NaN or infinite values.
  func finiteTensors() throws -> [String: Tensor] {
    let tensors = try tensors()
    for (name, tensor) in tensors.sorted(by: { $0.key < $1.key })
    where try !tensor.isAllFinite() {
      throw TorchError.file(
        path: path,
        reason:
          "its tensor '\(name)' has NaN or infinite values, so it cannot generate "
          + "maps: use an earlier checkpoint, or train again")
    }
    return tensors
  }
}

/// The description of a model and its origin.
package struct ModelDescription: Sendable, Equatable, Codable {
  package var architecture: Architecture
  package var transform: RateTransform
  /// Number of training iterations.
  package var iterations: Int
  /// Number of training patches seen.
  package var patchesSeen: Int
  /// Names of the training scenes.
  package var scenes: [String]
  /// The settings of its training patches, and the last epoch, for the schedules of the rules.
  package var patches: PatchLoaderConfiguration
  package var epoch: Int

  /// What the maps measure.
  package var quantity: Quantity { transform.measured }
  /// What each channel of a map measures; `quantity` is the first.
  package var quantities: [Quantity] { transform.quantities }

  package init(
    architecture: Architecture, transform: RateTransform, iterations: Int, patchesSeen: Int,
    scenes: [String], patches: PatchLoaderConfiguration, epoch: Int
  ) {
    self.architecture = architecture
    self.transform = transform
    self.iterations = iterations
    self.patchesSeen = patchesSeen
    self.scenes = scenes
    self.patches = patches
    self.epoch = epoch
  }
}
