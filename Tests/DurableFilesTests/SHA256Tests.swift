import Foundation
import TestSupport
import Testing

@testable import DurableFiles

@Suite struct SHA256Tests {
  /// Published in FIPS 180-2, appendix B, and in NIST's example values.
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
  ])
  func publishedVectors(text: String, expected: String) {
    #expect(SHA256.hex(of: Data(text.utf8)) == expected)
  }

  @Test func aMillionLetters() {
    #expect(
      SHA256.hex(of: Data(repeating: UInt8(ascii: "a"), count: 1_000_000))
        == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
  }

  /// Lengths around the 64-byte block and its 56-byte padding limit, cut in pieces of any size.
  @Test(arguments: [1, 55, 56, 57, 63, 64, 65, 119, 120, 128, 1000])
  func piecesGiveTheSameAsTheWhole(count: Int) {
    let data = Data((0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) })
    for size in [1, 7, 63, 64, 65] {
      var hash = SHA256()
      for start in stride(from: 0, to: count, by: size) {
        hash.update(data[start..<min(start + size, count)])
      }
      #expect(hash.hex() == SHA256.hex(of: data))
    }
  }

  /// Processors with and without SHA instructions.
  @Test func everyProcessorComputesTheSame() {
    let data = Data((0..<640).map { UInt8(truncatingIfNeeded: $0 &* 31) })
    var hash = SHA256()
    hash.update(data)
    var state: [UInt32] = [
      0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c, 0x1f83_d9ab,
      0x5be0_cd19,
    ]
    data.withUnsafeBytes { SHA256.absorbPortably($0, into: &state) }
    #expect(hash.chainingValue == state)
  }

  @Test func aFileGivesTheSameAsItsBytes() throws {
    let folder = try TemporaryFolder()
    let data = Data((0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ $0 >> 8) })
    try data.write(to: URL(fileURLWithPath: folder.file("a")))
    #expect(try SHA256.hex(ofFile: folder.file("a")) == SHA256.hex(of: data))
  }

  @Test func whatCannotBeReadIsNamed() throws {
    let folder = try TemporaryFolder()
    #expect(
      throws: RunError.cannotRead(path: folder.file("a"), reason: "No such file or directory")
    ) { try SHA256.hex(ofFile: folder.file("a")) }
    #expect(throws: RunError.cannotRead(path: folder.path, reason: "Is a directory")) {
      try SHA256.hex(ofFile: folder.path)
    }
  }
}
