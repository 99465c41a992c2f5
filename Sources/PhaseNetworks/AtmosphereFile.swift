import DurableFiles
import Foundation
import Kernel
import TorchCore
import TorchNN

/// The description of a network that removes the atmosphere, and its origin.
package struct AtmosphereDescription: Sendable, Equatable, Codable {
  package var architecture: AtmosphereArchitecture
  package var method: AtmosphereConfiguration.Method
  /// The network sees displacements divided by this.
  package var scaleCM: Double
  package var iterations: Int
  package var samplesSeen: Int
  /// Rows and columns of the training samples.
  package var sizePixels: Int
  /// What it was trained on, for people.
  package var sources: [String]
  package var program = ProgramVersion.name
}

/// A network that removes the atmosphere, in one safetensors file.
package struct AtmosphereFile {
  let network: AtmosphereGenerator
  package let description: AtmosphereDescription
  package let device: Device
  /// SHA-256 of the file, in hexadecimal.
  package let sha256: String

  static let formatName = "ganinsar-atmosphere-1"

  /// Whether a file is a network of this kind; `false` for one that cannot be read.
  package static func isOne(_ path: String) -> Bool {
    (try? Safetensors(path: path))?.metadata["format"] == formatName
  }

  /// - Parameter halfPrecision: stores float16, which halves the file.
  static func write(
    _ network: AtmosphereGenerator, _ description: AtmosphereDescription,
    halfPrecision: Bool = false, to path: String
  ) throws {
    try network.write(
      describedBy: description, format: formatName, halfPrecision: halfPrecision, to: path)
  }

  /// Writes the network again, in half precision.
  /// - Throws: `RunError.cannotWrite`.
  package func export(to path: String) throws {
    try Self.write(network, description, halfPrecision: true, to: path)
  }

  /// Reads and checks a network.
  /// - Throws: `PhaseNetworkError.notANetwork` for another kind of file, `TorchError.file` for a missing
  ///   or damaged one, `ModuleError` if its tensors do not match its architecture.
  package static func read(_ path: String, device: Device = .cpu) throws -> AtmosphereFile {
    let file = try Safetensors(path: path)
    let description: AtmosphereDescription = try NetworkFile.description(
      of: file, path, format: formatName, task: " \(OptionName.task("atmosphere"))")
    let faults = description.architecture.faults()
    guard faults.isEmpty, description.scaleCM > 0, description.scaleCM.isFinite else {
      throw PhaseNetworkError.notANetwork(
        path: path, reason: "has an impossible description: \(faults.joined(separator: "; "))")
    }
    // A small file must not request a large network.
    guard
      file.shape("unet.encoder.0.first.weight")?.first == description.architecture.channels
    else {
      throw PhaseNetworkError.notANetwork(
        path: path, reason: "is damaged: its first layer is not as wide as it says")
    }
    let network = try AtmosphereGenerator(
      description.architecture, RandomGenerator(seed: 0, .placeholderWeights))
    try NetworkFile.load(file, into: network, path, device)
    return AtmosphereFile(
      network: network, description: description, device: device,
      sha256: try SHA256.hex(ofFile: path))
  }
}
