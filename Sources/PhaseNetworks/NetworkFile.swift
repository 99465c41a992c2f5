import DurableFiles
import Foundation
import TorchCore
import TorchNN

/// The description of a phase network and its origin.
package struct NetworkDescription: Sendable, Equatable, Codable {
  package var architecture: PhaseArchitecture
  package var iterations: Int
  package var samplesSeen: Int
  /// Rows and columns of the training samples.
  package var sizePixels: Int
  /// What it was trained on, for people.
  package var sources: [String]
  package var program = ProgramVersion.name
}

/// A phase network in one safetensors file.
package struct NetworkFile {
  let network: PhaseNetwork
  package let description: NetworkDescription
  package let device: Device
  /// SHA-256 of the file, in hexadecimal.
  package let sha256: String

  static let formatName = "ganinsar-phase-1"
  package static let shippedName = "models/phase.safetensors"

  /// - Parameter halfPrecision: stores float16, which halves the file.
  static func write(
    _ network: PhaseNetwork, _ description: NetworkDescription, halfPrecision: Bool = false,
    to path: String
  ) throws {
    try network.write(
      describedBy: description, format: formatName, halfPrecision: halfPrecision, to: path)
  }

  /// Writes the network again, in half precision.
  /// - Throws: `RunError.cannotWrite`.
  package func export(to path: String) throws {
    try Self.write(network, description, halfPrecision: true, to: path)
  }

  /// The file of a run folder, or a file.
  package static func path(_ given: String) -> String {
    FileSystem.isFolder(given) ? "\(FilePath.trimmed(given))/network.safetensors" : given
  }

  /// The network that comes with the program.
  /// - Throws: `PhaseNetworkError.noNetwork`.
  package static func locateShipped() throws -> String {
    guard let found = ShippedFiles.find(shippedName) else {
      throw PhaseNetworkError.noNetwork(lookedAt: ShippedFiles.places(shippedName))
    }
    return found
  }

  /// Reads and checks a network.
  /// - Throws: `PhaseNetworkError.notANetwork` for another kind of file, `TorchError.file` for a missing
  ///   or damaged one, `ModuleError` if its tensors do not match its architecture.
  package static func read(_ path: String, device: Device = .cpu) throws -> NetworkFile {
    let file = try Safetensors(path: path)
    let description: NetworkDescription = try description(
      of: file, path, format: formatName, task: "")
    let faults = description.architecture.faults()
    guard faults.isEmpty else {
      throw PhaseNetworkError.notANetwork(
        path: path, reason: "has an impossible description: \(faults.joined(separator: "; "))")
    }
    // A small file must not request a large network.
    guard file.shape("first.encoder.0.first.weight")?.first == description.architecture.channels
    else {
      throw PhaseNetworkError.notANetwork(
        path: path, reason: "is damaged: its first layer is not as wide as it says")
    }
    let network = try PhaseNetwork(
      description.architecture, RandomGenerator(seed: 0, .placeholderWeights))
    try load(file, into: network, path, device)
    return NetworkFile(
      network: network, description: description, device: device,
      sha256: try SHA256.hex(ofFile: path))
  }

  /// What a network's file says about it, after its checksum was verified.
  ///
  /// - Parameter task: what must stand behind `ganinsar network train` to get such a network.
  /// - Throws: `PhaseNetworkError.notANetwork`, `TorchError.file`.
  static func description<Description: Decodable>(
    of file: Safetensors, _ path: String, format: String, task: String
  ) throws -> Description {
    guard file.metadata["format"] == format, let json = file.metadata["description"] else {
      throw PhaseNetworkError.notANetwork(
        path: path,
        reason: file.metadata["format"]?.hasPrefix("ganinsar") == true
          ? "is a network of another kind (\(file.metadata["format"]!)): give one that "
            + "'ganinsar network train\(task)' wrote"
          : "is not a phase network: give a run folder of 'ganinsar network train\(task)', or its "
            + "network.safetensors")
    }
    try file.verifyChecksum()
    guard let description = try? JSONDecoder().decode(Description.self, from: Data(json.utf8))
    else { throw PhaseNetworkError.notANetwork(path: path, reason: "has an invalid description") }
    return description
  }

  /// Loads a network's tensors, for use only.
  /// - Throws: `PhaseNetworkError.notANetwork` for values that are not finite, `ModuleError`.
  static func load(_ file: Safetensors, into network: any Module, _ path: String, _ device: Device)
    throws
  {
    let tensors = try file.tensors()
    for (name, tensor) in tensors.sorted(by: { $0.key < $1.key }) where try !tensor.isAllFinite() {
      throw PhaseNetworkError.notANetwork(
        path: path, reason: "its tensor '\(name)' has NaN or infinite values: train again")
    }
    try network.load(tensors)
    try network.setRequiresGradient(false)
    try network.move(to: device)
  }
}
