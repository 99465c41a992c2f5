import DurableFiles
import Foundation
import TestSupport
import Testing
import TorchTestSupport

@testable import TorchCore

@Suite struct SafetensorsTests {
  let folder: TemporaryFolder
  let path: String

  init() throws {
    folder = try TemporaryFolder()
    path = folder.file("a.safetensors")
  }

  @Test(arguments: [
    DType.bool, .uint8, .int8, .int16, .int32, .int64, .float16, .bfloat16, .float32, .float64,
    .complex64,
  ])
  func roundTripOfEveryDType(dtype: DType) throws {
    let bytes = (0..<6 * dtype.bytesPerElement).map { UInt8($0 % 2) }
    let tensor = try bytes.withUnsafeBytes { try Tensor(bytes: $0, dtype: dtype, shape: [2, 3]) }
    try Safetensors.write(["x": tensor], to: path)
    let file = try Safetensors(path: path)
    #expect(file.dtype("x") == dtype && file.shape("x") == [2, 3])
    try file.tensor("x").withBytes { #expect(Array($0) == bytes) }
    try file.verifyChecksum()
  }

  @Test func manyTensorsAndMetadata() throws {
    let tensors = [
      "scalar": try Tensor([2.5] as [Float], shape: []),
      "none": try Tensor([] as [Float], shape: [0, 3]),
      "odd bytes": try Tensor([1, 2, 3] as [UInt8], shape: [3]),
      "a.b": try Tensor((0..<6).map(Double.init), shape: [2, 3]).transpose(0, 1),
      "日本 \"quoted\"": try Tensor([-1] as [Int64], shape: [1]),
    ]
    let metadata = ["format": "x/1", "note": "line\nbreak \"q\" \u{1F30B}", "empty": ""]
    try Safetensors.write(tensors, metadata: metadata, to: path)
    let file = try Safetensors(path: path)
    #expect(file.names == tensors.keys.sorted())
    #expect(file.metadata.filter { metadata[$0.key] != nil } == metadata)
    for (name, tensor) in try file.tensors() {
      try expectClose(tensor, try #require(tensors[name]), rtol: 0, atol: 0, name)
    }
    #expect(try file.tensor("a.b").floats() == [0, 3, 1, 4, 2, 5])
    #expect(!file.contains("b") && file.shape("b") == nil && file.dtype("b") == nil)
    try file.verifyChecksum()
  }

  @Test func noTensors() throws {
    try Safetensors.write([:], metadata: ["a": "b"], to: path)
    let file = try Safetensors(path: path)
    #expect(file.names == [] && file.metadata["a"] == "b")
    #expect(try file.tensors().isEmpty)
    try file.verifyChecksum()
  }

  @Test func anUnknownNameNamesTheFile() throws {
    try Safetensors.write([:], to: path)
    let error = #expect(throws: TorchError.self) { try Safetensors(path: path).tensor("weight") }
    #expect(error == .file(path: path, reason: "holds no tensor 'weight'"))
  }

  /// The header ends at a multiple of 8, as readers that map the values expect.
  @Test func valuesAreAligned() throws {
    for length in 0..<9 {
      let name = String(repeating: "n", count: length + 1)
      try Safetensors.write([name: .ones([1])], to: path)
      let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
      #expect(bytes.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) } % 8 == 0)
    }
  }

  @Test func aMissingFolderLeavesNothing() throws {
    let nowhere = folder.file("no/such/folder")
    #expect(throws: RunError.self) {
      try Safetensors.write(["x": .ones([1])], to: nowhere + "/a.safetensors")
    }
    #expect(!FileManager.default.fileExists(atPath: folder.file("no")))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [])
  }

  @Test func aTypeThatTheFormatLacksLeavesTheOldFile() throws {
    try Safetensors.write(["x": .ones([1])], to: path)
    #expect(throws: TorchError.self) {
      try Safetensors.write(["y": .ones([1], dtype: .complex128)], to: path)
    }
    #expect(try Safetensors(path: path).names == ["x"])
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["a.safetensors"])
  }

  /// A byte changed anywhere is noticed, in the values, the header or the length.
  @Test func everyFlippedByteIsNoticed() throws {
    let random = try RandomGenerator(seed: 4, .testInput)
    try Safetensors.write(
      ["a": random.normal([7, 5]), "b": random.integers(in: 0..<9, [3])],
      metadata: ["format": "test"], to: path)
    let original = try Data(contentsOf: URL(fileURLWithPath: path))
    let damaged = folder.file("damaged")
    for (step, position) in stride(from: 0, to: original.count, by: 3).enumerated() {
      var bytes = original
      bytes[position] ^= UInt8(1 << (step % 8))
      try bytes.write(to: URL(fileURLWithPath: damaged))
      #expect(throws: TorchError.self, "byte \(position) of \(original.count)") {
        try Safetensors(path: damaged).verifyChecksum()
      }
    }
  }

  /// A name is not among the values, and still belongs to what the checksum guards.
  @Test func aChangedNameIsNoticed() throws {
    try Safetensors.write(["weight": .ones([2]), "wright": .zeros([2])], to: path)
    var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    let name = try #require(bytes.range(of: Data("weight".utf8)))
    bytes.replaceSubrange(name, with: Data("height".utf8))
    try bytes.write(to: URL(fileURLWithPath: path))
    let file = try Safetensors(path: path)
    #expect(file.names == ["height", "wright"])
    let expected = TorchError.file(path: path, reason: "is damaged: its checksum does not match")
    #expect(throws: expected) { try file.verifyChecksum() }
  }

  private func writeByHand(_ metadata: String) throws {
    let header = Data(
      #"{\#(metadata)"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#.utf8)
    let bytes = Data([UInt8(header.count), 0, 0, 0, 0, 0, 0, 0]) + header + Data(count: 4)
    try bytes.write(to: URL(fileURLWithPath: path))
  }

  /// Files with a checksum of their values alone were written before names had one too.
  @Test func aChecksumOfTheValuesAloneServes() throws {
    var hash = SHA256()
    hash.update(Data(count: 4))
    let right = hash.hex()
    try writeByHand(#""__metadata__":{"sha256":"\#(right)"},"#)
    try Safetensors(path: path).verifyChecksum()
    try writeByHand(#""__metadata__":{"sha256":"\#(String(right.reversed()))"},"#)
    #expect(throws: TorchError.self) { try Safetensors(path: path).verifyChecksum() }
  }

  @Test func aFileOfAnotherProgramHasNoChecksum() throws {
    try writeByHand("")
    let file = try Safetensors(path: path)
    #expect(try file.tensor("x").floats() == [0])
    #expect(throws: TorchError.self) { try file.verifyChecksum() }
  }
}
