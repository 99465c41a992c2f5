import DurableFiles
import Foundation

/// The model that ships with the program, for commands that name no model.
public enum ShippedModel {
  public static let fileName = "models/ganinsar.safetensors"
  public static let variable = "GANINSAR_MODEL"

  /// `GANINSAR_MODEL`, else `models/ganinsar.safetensors` where the program's files lie: beside the
  /// executable, in the checkout above `.build`, or in `share/ganinsar`.
  /// - Throws: `SamplingError.noModel` naming the places.
  public static func locate() throws -> String {
    try locate(
      environment: ProcessInfo.processInfo.environment, executable: ShippedFiles.executablePath())
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
