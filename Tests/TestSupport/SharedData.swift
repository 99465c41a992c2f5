import Foundation

/// Real scenes and weights that live beside the checkout, outside the project.
/// A test that needs one is skipped, by name, where it is absent.
public enum SharedData {
  public static let root = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("shared").path

  /// The path of a file below `shared/`, such as `data/permissive/campi_flegrei.tif`.
  public static func path(_ relative: String) -> String { "\(root)/\(relative)" }

  public static func has(_ relative: String) -> Bool {
    FileManager.default.fileExists(atPath: path(relative))
  }
}
