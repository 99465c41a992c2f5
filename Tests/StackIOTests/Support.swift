import Foundation
import InSARPhase
import RasterIO
import TestSupport

@testable import StackIO

/// A sample whose values tell which one it is: two rasters of different shapes.
func sample(_ index: Int) throws -> SampleRecord {
  let rate = (0..<12).map { Float(index * 100 + $0) }
  let dates = (0..<3).map { Float(index) + Float($0) / 8 }
  return try SampleRecord(
    arrays: [
      SampleArray(
        name: "rate", unit: "cm/yr", meaning: "line-of-sight rate, positive toward the satellite",
        array: NpyArray(
          shape: [3, 4], values: index == 1 ? rate.map { $0 == 100 ? .nan : $0 } : rate)),
      SampleArray(
        name: "years", unit: "yr", meaning: "time since the first date",
        array: NpyArray(shape: [3], values: dates)),
    ], metadata: ["index": "\(index)", "place": "Überall"])
}

/// Every file below a folder, by its relative path.
func tree(_ folder: String) throws -> [String: Data] {
  var result: [String: Data] = [:]
  let names = FileManager.default.enumerator(atPath: folder)?.allObjects as? [String] ?? []
  for name in names {
    var isFolder: ObjCBool = false
    let exists = FileManager.default.fileExists(atPath: "\(folder)/\(name)", isDirectory: &isFolder)
    if exists && !isFolder.boolValue {
      result[name] = FileManager.default.contents(atPath: "\(folder)/\(name)")
    }
  }
  return result
}

/// A Python that has the modules, for checks by independent readers; `nil` where there is none.
enum Python {
  static func run(_ script: String, _ arguments: String...) throws -> String {
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

  static func has(_ modules: String) -> Bool { (try? run("import \(modules)")) != nil }

  struct Failure: Error { let text: String }
}
