import DurableFiles
import Foundation

/// The model that ships with the program, for commands that name no model.
public enum ShippedModel {
  public static let fileName = "models/ganinsar.safetensors"
  /// The model for maps that are larger than the patches of the other one.
  public static let largeFileName = "models/large.safetensors"
  /// The side in pixels up to which maps come from `fileName`.
  static let patchSide = 64
  /// The model that adds detail to coarse maps.
  public static let detailFileName = "models/detail.safetensors"
  /// The network by whose features a training may judge maps.
  package static let featuresFileName = "models/features.safetensors"
  public static let variable = "GANINSAR_MODEL"

  /// `GANINSAR_MODEL`, else `models/ganinsar.safetensors` where the program's files lie: beside the
  /// executable, in the checkout above `.build`, or in `share/ganinsar`.
  /// - Throws: `SamplingError.noModel` naming the places.
  public static func locate() throws -> String {
    try locate(
      environment: ProcessInfo.processInfo.environment, executable: ShippedFiles.executablePath())
  }

  /// The model that ships for maps of a size: `GANINSAR_MODEL` for any, else `models/large.safetensors`
  /// for maps of more than 64 pixels along a side and for windows, which have features of up to 256
  /// pixels, and `models/ganinsar.safetensors` for smaller ones.
  /// - Parameters:
  ///   - size: `nil` for the default.
  ///   - isWindow: whether a part of an endless map is asked for.
  /// - Throws: `SamplingError.noModel` naming the places.
  public static func locate(for size: MapSize?, isWindow: Bool = false) throws -> String {
    try locate(
      for: size, isWindow: isWindow, environment: ProcessInfo.processInfo.environment,
      executable: ShippedFiles.executablePath())
  }

  static func locate(
    for size: MapSize?, isWindow: Bool, environment: [String: String], executable: String
  ) throws -> String {
    let side = size.map { max($0.width, $0.height) } ?? 0
    if isWindow || side > patchSide, environment[variable]?.isEmpty ?? true,
      let large = ShippedFiles.find(largeFileName, executable: executable)
    {
      return large
    }
    return try locate(environment: environment, executable: executable)
  }

  /// The model for detail on coarse maps: `models/detail.safetensors` in one of the same places.
  /// - Throws: `SamplingError.noModel` naming the places.
  public static func locateDetail() throws -> String { try locate(detailFileName) }

  /// The network for learned features: `models/features.safetensors` in one of the same places.
  /// - Throws: `SamplingError.noFeatures` naming the places.
  package static func locateFeatures(
    executable: String = ShippedFiles.executablePath()
  ) throws -> String {
    try locate(featuresFileName, otherwise: SamplingError.noFeatures, executable: executable)
  }

  private static func locate(
    _ fileName: String, otherwise error: ([String]) -> SamplingError = SamplingError.noModel,
    executable: String = ShippedFiles.executablePath()
  ) throws -> String {
    guard let found = ShippedFiles.find(fileName, executable: executable) else {
      throw error(ShippedFiles.places(fileName, executable: executable))
    }
    return found
  }

  package static func locate(environment: [String: String], executable: String) throws -> String {
    if let path = environment[variable], !path.isEmpty { return path }
    return try locate(fileName, executable: executable)
  }
}
