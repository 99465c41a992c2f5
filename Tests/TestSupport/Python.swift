import Foundation

/// A Python that has the modules, for checks by independent readers; `nil` if there is none.
public enum Python {
  public static func run(_ script: String, _ arguments: String...) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", "-c", script] + arguments
    let output = Pipe()
    let errors = Pipe()
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    let text = output.fileHandleForReading.readDataToEndOfFile()
    let complaint = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw Failure(text: String(decoding: complaint, as: UTF8.self))
    }
    return String(decoding: text, as: UTF8.self)
  }

  public static func has(_ modules: String) -> Bool { (try? run("import \(modules)")) != nil }

  public struct Failure: Error { public let text: String }
}
