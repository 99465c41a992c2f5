import Foundation
import TestSupport
import Testing

@testable import DurableFiles
@testable import RunSupport

@Suite struct TensorBoardWriterTests {
  /// Published in RFC 3720, appendix B.4, and the polynomial's usual check value.
  static let published: [([UInt8], UInt32)] = [
    ([UInt8](repeating: 0, count: 32), 0x8a91_36aa),
    ([UInt8](repeating: 0xff, count: 32), 0x62a8_ab43),
    ([UInt8](0..<32), 0x46dd_794e),
    ([UInt8](0..<32).reversed(), 0x113f_db5c),
    ([UInt8]("123456789".utf8), 0xe306_9283),
  ]

  @Test(arguments: published)
  func publishedChecksums(bytes: [UInt8], expected: UInt32) {
    #expect(CRC32C.checksum(bytes) == expected)
  }

  /// The definition, undone: rotate left by 15 after taking the offset away.
  @Test func maskingCanBeUndone() {
    let bytes = Array("abc".utf8)
    let unshifted = CRC32C.masked(bytes) &- 0xa282_ead8
    #expect((unshifted << 15 | unshifted >> 17) == CRC32C.checksum(bytes))
  }

  @Test func varintsAreThoseOfTheSpecification() {
    var message = ProtocolBuffer()
    message.integer(1, 150)
    #expect([UInt8](message.bytes) == [0x08, 0x96, 0x01])
    message = ProtocolBuffer()
    message.integer(2, -1)
    #expect([UInt8](message.bytes) == [0x10] + Array(repeating: 0xff, count: 9) + [0x01])
    message = ProtocolBuffer()
    message.string(2, "testing")
    #expect([UInt8](message.bytes) == [0x12, 0x07] + Array("testing".utf8))
  }

  /// Walks the framing and the outer message of a file, checking every checksum.
  private func records(_ path: String) throws -> [Data] {
    var rest = try Data(contentsOf: URL(fileURLWithPath: path))
    var result: [Data] = []
    func number<T: FixedWidthInteger>(_ bytes: Data, _ type: T.Type) -> T {
      bytes.reversed().reduce(0) { $0 << 8 | T($1) }
    }
    while !rest.isEmpty {
      let head = rest.prefix(8)
      let count = Int(number(head, UInt64.self))
      #expect(number(rest.dropFirst(8).prefix(4), UInt32.self) == CRC32C.masked(head))
      let data = rest.dropFirst(12).prefix(count)
      #expect(data.count == count)
      #expect(number(rest.dropFirst(12 + count).prefix(4), UInt32.self) == CRC32C.masked(data))
      result.append(Data(data))
      rest = rest.dropFirst(16 + count)
    }
    return result
  }

  @Test func aFileIsVersionThenEvents() throws {
    let folder = try TemporaryFolder()
    let writer = try TensorBoardWriter(folder: folder.path)
    try writer.addScalar("loss/generator", 0.5, step: 300)
    try writer.addImage("samples", png: Data([1, 2, 3]), width: 4, height: 2, step: 300)
    let records = try records(writer.path)
    #expect(records.count == 3)
    #expect(records[0].suffix(15) == Data([0x1a, 13] + Array("brain.Event:2".utf8)))
    // Wall time (9 bytes), step 300, summary { value { tag, simple_value 0.5 } }.
    let scalar =
      [0x10, 0xac, 0x02, 0x2a, 23, 0x0a, 21, 0x0a, 14] + Array("loss/generator".utf8)
      + [0x15, 0, 0, 0, 0x3f]
    #expect([UInt8](records[1].dropFirst(9)) == scalar)
    let image: [UInt8] = [0x22, 11, 0x08, 2, 0x10, 4, 0x18, 3, 0x22, 3, 1, 2, 3]
    #expect([UInt8](records[2].suffix(image.count)) == image)
  }

  @Test func aResumedRunGetsAFileThatHidesLaterSteps() throws {
    let folder = try TemporaryFolder()
    let first = try TensorBoardWriter(folder: folder.path)
    let second = try TensorBoardWriter(folder: folder.path, resumingAfter: 41)
    #expect(first.path < second.path)
    // Step 42, session_log { status: START }.
    #expect([UInt8](try records(second.path)[1].dropFirst(9)) == [0x10, 42, 0x3a, 2, 0x08, 1])
  }

  @Test func aMissingFolderIsNamed() {
    #expect(throws: RunError.self) { try TensorBoardWriter(folder: "/nowhere") }
  }
}
