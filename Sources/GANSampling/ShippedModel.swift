import DurableFiles
import Foundation

/// The model that ships with the program, for commands that name no model.
public enum ShippedModel {
  public static let fileName = "models/ganinsar.safetensors"
  /// The model that adds detail to coarse maps.
  public static let detailFileName = "models/detail.safetensors"
  public static let variable = "GANINSAR_MODEL"

  /// `GANINSAR_MODEL`, else `models/ganinsar.safetensors` where the program's files lie: beside the
  /// executable, in the checkout above `.build`, or in `share/ganinsar`.
  /// - Throws: `SamplingError.noModel` naming the places.
  public static func locate() throws -> String {
    try locate(
      environment: ProcessInfo.processInfo.environment, executable: ShippedFiles.executablePath())
  }

  /// The model for detail on coarse maps: `models/detail.safetensors` in one of the same places.
  /// - Throws: `SamplingError.noModel` naming the places.
  public static func locateDetail() throws -> String {
    let executable = ShippedFiles.executablePath()
    guard let found = ShippedFiles.find(detailFileName, executable: executable) else {
      throw SamplingError.noModel(
        lookedAt: ShippedFiles.places(detailFileName, executable: executable))
    }
    return found
  }

  package static func locate(environment: [String: String], executable: String) throws -> String {
    if let path = environment[variable], !path.isEmpty { return path }
    guard let found = ShippedFiles.find(fileName, executable: executable) else {
      throw SamplingError.noModel(
        lookedAt: ShippedFiles.places(fileName, executable: executable))
    }
    return found
  }
}
