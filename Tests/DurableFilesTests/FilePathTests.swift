import Foundation
import TestSupport
import Testing

@testable import DurableFiles

@Suite struct FilePathTests {
  @Test(arguments: [
    ("a", ".", "a", "", "a"), ("/", "/", "/", "", "/"), ("/a", "/", "a", "", "/a"),
    ("a/", ".", "a", "", "a"), ("a//b", "a", "b", "", "a//b"), ("", ".", "", "", ""),
    ("/a/b.c/", "/a", "b.c", "c", "/a/b"), (".tif", ".", ".tif", "", ".tif"),
    ("x.", ".", "x.", "", "x."), ("..", ".", "..", "", ".."), ("é", ".", "é", "", "é"),
    ("a.b/c", "a.b", "c", "", "a.b/c"), ("v.unw.rsc", ".", "v.unw.rsc", "rsc", "v.unw"),
  ])
  func partsOfPaths(path: String, folder: String, name: String, ending: String, stem: String) {
    #expect(FilePath.folder(path) == folder)
    #expect(FilePath.name(path) == name)
    #expect(FilePath.fileExtension(path) == ending)
    #expect(FilePath.withoutExtension(path) == stem)
  }

  @Test func siblingsAndAbsolutePaths() {
    #expect(FilePath.sibling("a", "b") == "b")
    #expect(FilePath.sibling("/a", "b") == "/b")
    #expect(FilePath.sibling("x/a.tif", "../b") == "x/../b")
    #expect(FilePath.absolute("/a/./b/../c/") == "/a/c")
    #expect(FilePath.absolute("/../..") == "/")
    #expect(FilePath.absolute("x").hasSuffix("/x"))
  }

  @Test func namesThatAreNotUTF8AreFilesLikeOthers() throws {
    let folder = try TemporaryFolder()
    let bytes: [UInt8] = Array("caf".utf8) + [0xE9, 0xFF] + Array("ü.npy".utf8)
    let name = bytes.map { CChar(bitPattern: $0) } + [0]
    let path = "\(folder.path)/\(FilePath.text(name))"
    #expect(FilePath.bytes(path) == Array("\(folder.path)/".utf8) + bytes)
    try AtomicFile.write(Data("x".utf8), to: path)
    #expect(FileSystem.exists(path) && FileSystem.size(path) == 1)
    #expect(try FileSystem.names(in: folder.path) == [FilePath.text(name)])
    #expect(try InputFile.read(path) == Data("x".utf8))
    #expect(FilePath.fileExtension(path) == "npy")
    #expect(FileSystem.remove(path) && !FileSystem.exists(path))
  }
}
