import Foundation

/// The path of `Fixtures/<name>` beside the calling test file.
public func fixturePath(_ name: String, file: StaticString = #filePath) -> String {
  URL(fileURLWithPath: "\(file)").deletingLastPathComponent()
    .appendingPathComponent("Fixtures").appendingPathComponent(name).path
}
