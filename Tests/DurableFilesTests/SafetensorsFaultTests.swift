import Foundation
import TestSupport
import Testing

@testable import DurableFiles

/// Files that lie: each is one `RunError.damaged` that names the path, never a trap, and never an
/// allocation of the size that the file claims.
@Suite struct SafetensorsFaultTests {
  let folder: TemporaryFolder
  let path: String

  init() throws {
    folder = try TemporaryFolder()
    path = folder.file("hostile.safetensors")
  }

  private func expectRefused(
    _ bytes: Data, saying words: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    try bytes.write(to: URL(fileURLWithPath: path))
    expectRefused(path, saying: words, sourceLocation: sourceLocation)
  }

  private func expectRefused(
    _ path: String, saying words: String, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let error = #expect(throws: RunError.self, sourceLocation: sourceLocation) {
      _ = try SafetensorsFile(path: path)
    }
    guard case .damaged(path, let reason) = error else {
      Issue.record("\(String(describing: error))", sourceLocation: sourceLocation)
      return
    }
    #expect(words.isEmpty || reason.contains(words), sourceLocation: sourceLocation)
  }

  @Test func whatStandsInPlaceOfAModelIsNamed() throws {
    try expectRefused(
      Data("version https://git-lfs.github.com/spec/v1\noid sha256:4d\nsize 9\n".utf8),
      saying: "git lfs pull")
    try expectRefused(Data("<!doctype html>\n<html>".utf8), saying: "web page")
  }

  /// A file with this header and so many bytes of values.
  private func file(_ header: String, values: Int = 8, claimedLength: UInt64? = nil) -> Data {
    let json = Data(header.utf8)
    let length = claimedLength ?? UInt64(json.count)
    return withUnsafeBytes(of: length.littleEndian) { Data($0) } + json + Data(count: values)
  }

  private func tensor(_ dtype: String, _ shape: String, _ offsets: String) -> String {
    #"{"dtype":"\#(dtype)","shape":\#(shape),"data_offsets":\#(offsets)}"#
  }

  @Test(arguments: [0, 1, 7]) func tooShort(count: Int) throws {
    try expectRefused(Data(count: count), saying: "too short")
  }

  @Test(arguments: [UInt64(1) << 63, .max, 1_000_000_000_000, 100_000_001, 60])
  func headersBeyondTheFile(length: UInt64) throws {
    try expectRefused(
      file(#"{"x":{}}"#, claimedLength: length), saying: "claims \(length) bytes")
  }

  @Test(arguments: [
    "", "not json", "[]", "[1, 2]", "7", "null", #"{"x": 3}"#,
    #"{"x": {"dtype": 5, "shape": [], "data_offsets": [0, 8]}}"#, #"{"x": "#,
    #"{"__metadata__": {"a": 1}}"#, #"{"x": {"dtype":"F32","shape":[1.5],"data_offsets":[0,8]}}"#,
    #"{"x": {"dtype":"F32","shape":[1e40],"data_offsets":[0,8]}}"#,
  ])
  func headersThatAreSomethingElse(header: String) throws {
    try expectRefused(file(header), saying: "its header is not")
  }

  @Test(arguments: ["[", #"{"x":"#]) func deeplyNestedHeaders(opening: String) throws {
    try expectRefused(
      file(String(repeating: opening, count: 10_000)), saying: "its header is not")
    let closing = opening == "[" ? "]" : "}"
    let whole =
      String(repeating: opening, count: 10_000) + (opening == "[" ? "" : "1")
      + String(repeating: closing, count: 10_000)
    try expectRefused(file(whole), saying: "its header is not")
  }

  @Test func stringsWhereATensorBelongs() throws {
    try expectRefused(file(#"{"x": {"a": "b"}}"#), saying: "'x' has no dtype")
    try expectRefused(file(#"{"x": {"dtype": "F32"}}"#), saying: "'x' has no dtype")
  }

  @Test(arguments: ["F8", "f32", "F32 ", ""]) func unknownTypes(type: String) throws {
    try expectRefused(
      file(#"{"x":\#(tensor(type, "[2]", "[0,8]"))}"#), saying: "unknown type \(type)")
  }

  @Test(arguments: [
    "[-2]", "[-1, -2]", "[1099511627776, 1099511627776]", "[9223372036854775807, 2]",
    "[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,2]",
  ])
  func impossibleShapes(shape: String) throws {
    try expectRefused(
      file(#"{"x":\#(tensor("F32", shape, "[0,8]"))}"#), saying: "impossible shape")
  }

  @Test(arguments: [
    "[0, 16]", "[8, 16]", "[8, 0]", "[-8, 0]", "[0, 4]", "[0]", "[]", "[0, 8, 16]",
    "[9223372036854775800, 9223372036854775807]", "[-9223372036854775808, 9223372036854775807]",
  ])
  func impossibleOffsets(offsets: String) throws {
    try expectRefused(
      file(#"{"x":\#(tensor("F32", "[2]", offsets))}"#), saying: "its offsets are")
  }

  @Test func sizesThatDoNotMatch() throws {
    try expectRefused(
      file(#"{"x":\#(tensor("F32", "[3]", "[0,8]"))}"#), saying: "needs 12 bytes")
    try expectRefused(
      file(#"{"x":\#(tensor("F32", "[1000000000000]", "[0,8]"))}"#), saying: "its offsets are")
  }

  @Test func gapsOverlapsAndLeftovers() throws {
    let first = tensor("F32", "[1]", "[0,4]")
    try expectRefused(
      file(#"{"a":\#(first),"b":\#(tensor("F32", "[1]", "[8,12]"))}"#, values: 12),
      saying: "'b' starts at byte 8, not 4")
    try expectRefused(
      file(#"{"a":\#(first),"b":\#(tensor("F32", "[1]", "[2,6]"))}"#, values: 6),
      saying: "starts at byte 2, not 4")
    try expectRefused(file(#"{"a":\#(first),"b":\#(first)}"#, values: 4), saying: "starts at byte")
    try expectRefused(file(#"{"a":\#(first)}"#, values: 5), saying: "5")
    try expectRefused(file("{}", values: 1), saying: "1")
  }

  @Test func cutOffValues() throws {
    try SafetensorsFileTests.write(["x": [Float](repeating: 1, count: 100)], to: path)
    let whole = try Data(contentsOf: URL(fileURLWithPath: path))
    for count in [whole.count - 1, whole.count - 400, 100, 9, 8] {
      try expectRefused(whole.prefix(count), saying: "")
    }
    try expectRefused(whole + Data([0]), saying: "")
  }

  @Test func thingsThatAreNoFiles() {
    expectRefused(folder.path, saying: "cannot be read")
    expectRefused(folder.file("nothing"), saying: "no such file")
    expectRefused("", saying: "")
  }

  @Test(.enabled(if: geteuid() != 0, "root may read everything")) func anUnreadableFile() throws {
    try SafetensorsFileTests.write(["x": [1]], to: path)
    try FileManager.default.setAttributes([.posixPermissions: 0], ofItemAtPath: path)
    expectRefused(path, saying: "permissions")
  }
}
