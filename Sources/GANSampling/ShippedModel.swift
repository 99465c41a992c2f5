import DurableFiles
import Foundation

/// The model that comes with the program, for commands that name none.
public enum ShippedModel {
  public static let fileName = "models/ganinsar.safetensors"
  public static let variable = "GANINSAR_MODEL"

  /// `GANINSAR_MODEL`, else `models/ganinsar.safetensors` in a folder that the executable lies in: the
  /// bundle's, or the checkout's above `.build`.
  /// - Throws: `SamplingError.noModel` naming the places.
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

  /// A built product lies up to four folders below the checkout: `.build/<platform>/release`.
  private static let depth = 4

  static func folders(above executable: String) -> [String] {
    var folder = URL(fileURLWithPath: executable).resolvingSymlinksInPath().path
    return (0..<depth).map { _ in
      folder = FilePath.folder(folder)
      return folder
    }
  }

  /// The running program's own file; what it was called as where the system does not say.
  public static func executablePath() -> String {
    let link = "/proc/self/exe"
    return (try? FileManager.default.destinationOfSymbolicLink(atPath: link))
      ?? CommandLine.arguments.first ?? ""
  }
}
