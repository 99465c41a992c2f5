import Foundation
import TestSupport
import Testing

@testable import StackFiles

struct TarArchiveTests {
  @Test func headersAreUstarWithNothingThatChanges() throws {
    let header = TarArchive.header(name: "00000001.rate.npy", byteCount: 1234)
    #expect(header.count == 512)
    func field(_ range: Range<Int>) -> String {
      String(decoding: header[range].prefix { $0 != 0 }, as: UTF8.self)
    }
    #expect(field(0..<100) == "00000001.rate.npy")
    #expect(field(124..<136) == "00000002322")  // 1234 in octal
    #expect(field(136..<148) == "00000000000")
    #expect(header[156] == UInt8(ascii: "0"))
    #expect(field(257..<263) == "ustar")
    var blank = header
    for index in 148..<156 { blank[index] = 0x20 }
    #expect(Int(field(148..<154), radix: 8) == blank.reduce(0) { $0 + Int($1) })
  }

  @Test(.enabled(if: Python.has("tarfile"), "needs python3"))
  func pythonReadsMembersInOrder() throws {
    let folder = try TemporaryFolder()
    let path = folder.file("a.tar")
    let archive = try TarArchive(path: path, named: path)
    try archive.add(Data("{}".utf8), named: "1.json")
    try archive.add(Data(count: 512), named: "2.bin")
    try archive.add(Data(), named: "3.empty")
    try archive.finish()
    let text = try Python.run(
      """
      import tarfile, sys
      for m in tarfile.open(sys.argv[1]).getmembers(): print(m.name, m.size, m.mtime, m.mode)
      """, path)
    #expect(text == "1.json 2 0 420\n2.bin 512 0 420\n3.empty 0 0 420\n")
  }
}
