import DurableFiles
import Foundation
import Rasters

/// What the file of a generator says of itself, read without LibTorch.
package struct ModelSummary: Sendable, Equatable, Encodable {
  package var path: String
  /// What its maps measure.
  package var quantity: Quantity
  /// What else its maps measure, in further channels; `nil`: nothing.
  package var companions: [Quantity]?
  /// The side of its maps in pixels, or of its training patches if it draws any size; `nil` for a model
  /// that only adds detail to maps.
  package var sizePixels: Int?
  package var drawsAnySize: Bool
  /// Names of the training scenes.
  package var scenes: [String]

  /// Whether a path names a model: a `.safetensors` file, or a run folder with one.
  package static func isModel(_ path: String) -> Bool {
    FileSystem.isFolder(path)
      ? FileSystem.exists("\(path)/\(fileName)") : path.hasSuffix(".safetensors")
  }

  private static let fileName = "model.safetensors"

  /// - Parameter path: a `.safetensors` file, or a run folder that contains `model.safetensors`.
  /// - Throws: `RunError.damaged` if it is missing, damaged, or not a generator of this program.
  package init(_ path: String) throws {
    let file = FileSystem.isFolder(path) ? "\(path)/\(Self.fileName)" : path
    let metadata = try SafetensorsFile(path: file).metadata
    let format = metadata["format"] ?? ""
    func unusable(_ reason: String) -> RunError { .damaged(path: file, reason: reason) }
    guard let json = metadata["description"].map({ Data($0.utf8) }) else {
      throw unusable("it is not a generator written by ganinsar")
    }
    self.path = file
    let decoder = JSONDecoder()
    if format.hasPrefix("ganinsar-generator-") {
      guard let found = try? decoder.decode(FixedSize.self, from: json) else {
        throw unusable("it has an invalid description")
      }
      quantity = found.transform.quantity ?? .rate
      companions = found.transform.others?.map { $0.quantity ?? .rate }
      (sizePixels, drawsAnySize) = (found.architecture.sizePixels, false)
      scenes = found.scenes
    } else if format.hasPrefix("ganinsar-field-") {
      guard let found = try? decoder.decode(Field.self, from: json) else {
        throw unusable("it has an invalid description")
      }
      (quantity, sizePixels, drawsAnySize) = (.rate, found.sizePixels, true)
      scenes = found.scenes
    } else if format.hasPrefix("ganinsar-detail-") {
      guard let found = try? decoder.decode(Detail.self, from: json) else {
        throw unusable("it has an invalid description")
      }
      (quantity, drawsAnySize) = (.rate, false)
      scenes = found.scenes
    } else {
      throw unusable("it is not a generator written by ganinsar")
    }
  }

  private struct FixedSize: Decodable {
    struct Transform: Decodable {
      struct Channel: Decodable { var quantity: Quantity? }
      var quantity: Quantity?
      var others: [Channel]?
    }
    struct Architecture: Decodable { var sizePixels: Int }
    var transform: Transform
    var architecture: Architecture
    var scenes: [String]
  }

  private struct Field: Decodable {
    var sizePixels: Int
    var scenes: [String]
  }

  private struct Detail: Decodable {
    var scenes: [String]
  }
}
