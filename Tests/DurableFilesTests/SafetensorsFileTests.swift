import Foundation
import TestSupport
import Testing

@testable import DurableFiles

@Suite struct SafetensorsFileTests {
  static func write(
    _ arrays: [String: [Float]], metadata: [String: String] = [:], to path: String
  ) throws {
    try SafetensorsFile.write(
      arrays.mapValues { (.float32, [$0.count]) }, metadata: metadata, to: path
    ) { name, body in
      try arrays[name]!.withUnsafeBytes(body)
    }
  }

  private let folder: TemporaryFolder
  private let path: String

  init() throws {
    folder = try TemporaryFolder()
    path = folder.file("a.safetensors")
  }

  @Test("arrays come back bit for bit, with shapes, types and metadata")
  func roundTrip() throws {
    let values: [Float] = [1, -0.0, .nan, .infinity, .leastNonzeroMagnitude, 7]
    let bytes: [UInt8] = [1, 2, 3]
    try SafetensorsFile.write(
      ["b": (.float32, [2, 3]), "a": (.uint8, [3]), "none": (.float64, [0, 4])],
      metadata: ["key": "value"], to: path
    ) { name, body in
      switch name {
      case "b": try values.withUnsafeBytes(body)
      case "a": try bytes.withUnsafeBytes(body)
      default: try body(UnsafeRawBufferPointer(start: nil, count: 0))
      }
    }
    let file = try SafetensorsFile(path: path)
    try file.verifyChecksum()
    #expect(file.names == ["a", "b", "none"] && file.metadata["key"] == "value")
    #expect(file.entry("b")?.shape == [2, 3] && file.entry("a")?.type == .uint8)
    #expect(file.entry("none")?.count == 0 && file.entry("c") == nil)
    // "a" has three bytes, so that "b" is not aligned.
    #expect(try sameBits(file.floats("b"), values))
    #expect(try file.withBytes(of: "a") { Array($1) } == bytes)
  }

  @Test("an array that is not there, or of another type, is named")
  func missing() throws {
    try SafetensorsFile.write(["a": (.uint8, [1])], to: path) { _, body in
      try [UInt8(1)].withUnsafeBytes(body)
    }
    let file = try SafetensorsFile(path: path)
    #expect(message { _ = try file.floats("b") }.contains("'b'"))
    #expect(message { _ = try file.floats("a") }.contains("'a' is U8, and F32 is expected"))
  }

  @Test("any byte that changes is found")
  func checksum() throws {
    try Self.write(["x": [1, 2]], metadata: ["k": "v"], to: path)
    let whole = try Data(contentsOf: URL(fileURLWithPath: path))
    for place in whole.count - 8..<whole.count {
      var bytes = whole
      bytes[place] ^= 1
      try bytes.write(to: URL(fileURLWithPath: path))
      #expect(throws: RunError.self) { try SafetensorsFile(path: path).verifyChecksum() }
    }
  }

  @Test("the numbers of the types are LibTorch's, which older files' checksums contain")
  func codes() {
    let codes = SafetensorsFile.ElementType.allCases.map(\.code)
    #expect(codes == [11, 0, 1, 2, 3, 4, 5, 15, 6, 7, 9])
  }
}
