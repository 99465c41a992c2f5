import Foundation
import TestSupport
import Testing
import TorchCore

@testable import InceptionFeatures

struct TorchFileTests {
  private static func tensors(_ name: String) throws -> [String: Tensor] {
    try TorchFile.tensors(fixturePath(name))
  }

  @Test("reads what torch.save writes, old and new", arguments: ["zip.pth", "legacy.pth"])
  func reads(name: String) throws {
    let state = try Self.tensors(name)
    #expect(
      state.keys.sorted() == [
        "0.bias", "0.weight", "1.bias", "1.num_batches_tracked", "1.running_mean",
        "1.running_var", "1.weight",
      ])
    #expect(try state["0.weight"]!.values() == (0..<6).map { Float($0) })
    #expect(state["0.weight"]!.shape == [3, 2, 1, 1])
    #expect(try state["1.running_var"]!.values() == [5, 6, 7] as [Float])
    #expect(try state["1.num_batches_tracked"]!.values() == [6] as [Int64])
  }

  @Test("a tensor described by hand is read")
  func described() throws {
    #expect(try Self.tensors("described.pth")["a"]!.values() == [1.5, -2] as [Float])
  }

  @Test(
    "refuses everything else, and says why",
    arguments: [
      ("hostile-eval.pth", "eval"), ("hostile-compressed.pth", "compressed"),
      ("hostile-memo.pth", "never stored"), ("hostile-length.pth", "claimed"),
      ("hostile-mark.pth", "no mark"), ("hostile-pop.pth", "no value"),
      ("hostile-size.pth", "needs 3 values"), ("hostile-overflow.pth", "impossible shape"),
      ("hostile-negative.pth", "impossible shape"), ("hostile-strides.pth", "not contiguous"),
    ])
  func hostile(name: String, reason: String) {
    let text = message { _ = try Self.tensors(name) }
    #expect(text.contains(reason) && text.contains(name), "\(text)")
  }

  @Test("a file cut off anywhere is an error", arguments: ["zip.pth", "legacy.pth"])
  func cutOff(name: String) throws {
    let folder = try TemporaryFolder()
    let whole = try Data(contentsOf: URL(fileURLWithPath: fixturePath(name)))
    let path = folder.file("cut.pth")
    for length in stride(from: 1, to: whole.count - 1, by: 23) {
      try whole.prefix(length).write(to: URL(fileURLWithPath: path))
      #expect(throws: InceptionError.self, "at \(length)") { try TorchFile.tensors(path) }
    }
  }

  @Test("any byte changed gives an error or tensors, never a trap")
  func damaged() throws {
    let folder = try TemporaryFolder()
    let whole = try Data(contentsOf: URL(fileURLWithPath: fixturePath("legacy.pth")))
    let path = folder.file("damaged.pth")
    for place in 0..<whole.count {
      var bytes = whole
      bytes[place] ^= 0xff
      try bytes.write(to: URL(fileURLWithPath: path))
      do {
        #expect(try TorchFile.tensors(path).count <= 7)
      } catch {
        #expect(error is InceptionError || error is TorchError)
      }
    }
  }
}

extension TorchFileTests {
  /// Containers in containers: Swift would release them in as many nested calls.
  @Test(
    "a million nested containers are an error, not a crash",
    arguments: [[0x85], [UInt8(ascii: "("), UInt8(ascii: "l")]] as [[UInt8]])
  func nested(wrap: [UInt8]) throws {
    let folder = try TemporaryFolder()
    let path = folder.file("deep.pth")
    // `)` and then a tuple of the top, again and again; lists grow by appending to the next.
    var bytes: [UInt8] = [0x80, 2]
    if wrap == [0x85] {
      bytes += [UInt8(ascii: ")")] + [UInt8](repeating: 0x85, count: 900_000)
    } else {
      for _ in 0..<200_000 { bytes.append(UInt8(ascii: "]")) }
      for _ in 0..<199_999 { bytes.append(UInt8(ascii: "a")) }
    }
    bytes.append(UInt8(ascii: "."))
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    #expect(throws: InceptionError.self) { try TorchFile.tensors(path) }
  }

  @Test("containers without end are an error")
  func endless() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("endless.pth")
    try Data([0x80, 2] + [UInt8](repeating: UInt8(ascii: "]"), count: 1_100_000))
      .write(to: URL(fileURLWithPath: path))
    let text = message { _ = try TorchFile.tensors(path) }
    #expect(text.contains("grows without end"), "\(text)")
  }

  @Test("only the tensors that are wanted are copied")
  func wanted() throws {
    let tensors = try TorchFile.tensors(fixturePath("zip.pth")) { $0 == "0.bias" }
    #expect(tensors.keys.sorted() == ["0.bias"])
  }
}
