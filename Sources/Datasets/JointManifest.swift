import DurableFiles
import Foundation
import Rasters

/// `manifest.json` of a folder in which several quantities of the same ground lie, each in a folder of
/// its own with the same file names: `maps/rate/sample-00000007.tif` and
/// `maps/coherence/sample-00000007.tif` belong together.
public struct JointManifest: Sendable, Equatable, Codable {
  public static let fileName = "manifest.json"

  /// `false` if the job that writes the folder was stopped.
  public var isComplete = false
  /// Version of the program that wrote it.
  public var program: String? = ProgramVersion.name
  public var modelSHA256: String
  public var seed: UInt64
  public var first: Int
  public var count: Int
  /// The names of the folders, first the quantity that a command takes if none is named.
  public var quantities: [Quantity]

  public init(
    modelSHA256: String, seed: UInt64, first: Int, count: Int, quantities: [Quantity]
  ) {
    self.modelSHA256 = modelSHA256
    self.seed = seed
    self.first = first
    self.count = count
    self.quantities = quantities
  }

  /// The manifest of a folder; `nil` if its maps have one quantity.
  public static func read(_ folder: String) -> JointManifest? {
    guard FileSystem.isFolder(folder),
      let data = try? InputFile.read("\(folder)/\(fileName)"),
      let found = try? JSONDecoder().decode(JointManifest.self, from: data)
    else { return nil }
    return found.quantities.isEmpty ? nil : found
  }

  /// The folder of a quantity's maps; that of the first quantity if there is none of `quantity`.
  public func folder(of quantity: Quantity?, in path: String) -> String {
    let own = quantities.first { $0 == quantity } ?? quantities[0]
    return "\(FilePath.trimmed(path))/\(own.rawValue)"
  }
}
