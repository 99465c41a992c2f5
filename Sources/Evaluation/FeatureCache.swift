import DurableFiles
import FeatureMetrics
import Foundation

/// A cache of features on disk, keyed by images, preprocessing and weights. Damaged entries are
/// computed again.
public struct FeatureCache: Sendable {
  public let folder: String

  /// Must be changed if the same images give different features.
  private static let version = 1

  /// The name of the features in an entry.
  static let name = "features"

  public init(folder: String) { self.folder = folder }

  /// `$XDG_CACHE_HOME/ganinsar/features`, or else `~/.cache/ganinsar/features`.
  public static func standardFolder(
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) -> String {
    let home = environment["HOME"] ?? "."
    return "\(environment["XDG_CACHE_HOME"] ?? "\(home)/.cache")/ganinsar/features"
  }

  static func key(images: String, mode: PreprocessingMode, weights: String) -> String {
    SHA256.hex(of: Data("\(version) \(images) \(mode.rawValue) \(weights)".utf8))
  }

  private func path(_ key: String) -> String { "\(folder)/\(key).safetensors" }

  /// The features with a record's `featuresKey`; `nil` if they are missing or damaged.
  public func read(_ key: String) -> FeatureSet? {
    guard let file = try? SafetensorsFile(path: path(key)), (try? file.verifyChecksum()) != nil,
      let shape = file.entry(Self.name)?.shape, shape.count == 2,
      let values = try? file.floats(Self.name)
    else { return nil }
    return FeatureSet(count: shape[0], dimension: shape[1], values: values)
  }

  /// - Throws: `RunError.cannotWrite`.
  func write(_ features: FeatureSet, _ key: String) throws {
    try AtomicFolder.makeFolders(folder)
    try SafetensorsFile.write(
      [Self.name: (.float32, [features.count, features.dimension])], to: path(key)
    ) { _, body in
      try features.values.withUnsafeBytes(body)
    }
  }
}
