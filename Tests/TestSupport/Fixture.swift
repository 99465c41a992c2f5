import Foundation

/// The path of `Fixtures/<name>` beside the calling test file.
public func fixturePath(_ name: String, file: StaticString = #filePath) -> String {
  URL(fileURLWithPath: "\(file)").deletingLastPathComponent()
    .appendingPathComponent("Fixtures").appendingPathComponent(name).path
}

/// The path of `models/<name>.safetensors` of this checkout.
public func shippedModelPath(_ name: String) -> String {
  URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("models/\(name).safetensors").path
}
