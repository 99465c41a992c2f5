import DurableFiles
import Foundation

/// The model that ships with the program, for commands that name no model.
public enum ShippedModel {
  public static let fileName = "models/ganinsar.safetensors"
  public static let variable = "GANINSAR_MODEL"

  /// `GANINSAR_MODEL`, or else `models/ganinsar.safetensors` in a parent folder of the executable:
  /// that of the bundle, or the checkout above `.build`.
  /// - Throws: `SamplingError.noModel` with the searched paths.
  public static func locate(
    environment: [String: String] = ProcessInfo.processInfo.environment,
    executable: String = executablePath()
  ) throws -> String {
    if let path = environment[variable], !path.isEmpty { return path }
    let places = folders(above: executable).map { "\($0)/\(fileName)" }
    guard let found = places.first(where: { FileSystem.exists($0) }) else {
      throw SamplingError.noModel(lookedAt: places)
    }
    return found
  }

  /// A built product is up to four folders below the checkout: `.build/<platform>/release`.
  private static let depth = 4

  static func folders(above executable: String) -> [String] {
    var folder = URL(fileURLWithPath: executable).resolvingSymlinksInPath().path
    return (0..<depth).map { _ in
      folder = FilePath.folder(folder)
      return folder
    }
  }

  /// The path of the running program; its first argument if the system does not tell.
  public static func executablePath() -> String {
    let link = "/proc/self/exe"
    return (try? FileManager.default.destinationOfSymbolicLink(atPath: link))
      ?? CommandLine.arguments.first ?? ""
  }
}
