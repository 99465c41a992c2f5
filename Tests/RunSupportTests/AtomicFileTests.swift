import Foundation
import TestSupport
import Testing

@testable import RunSupport

@Suite struct AtomicFileTests {
  @Test func contentArrivesWhole() throws {
    let folder = try TemporaryFolder()
    try AtomicFile.write(Data("one".utf8), to: folder.file("a"))
    try AtomicFile.write(Data("two".utf8), to: folder.file("a"))
    #expect(try String(contentsOfFile: folder.file("a"), encoding: .utf8) == "two")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["a"])
  }

  @Test func failureLeavesTheOldContentAndNoDebris() throws {
    struct Stop: Error {}
    let folder = try TemporaryFolder()
    try AtomicFile.write(Data("old".utf8), to: folder.file("a"))
    #expect(throws: Stop.self) {
      try AtomicFile.write(to: folder.file("a")) { temporary in
        try Data("half".utf8).write(to: URL(fileURLWithPath: temporary))
        throw Stop()
      }
    }
    #expect(try String(contentsOfFile: folder.file("a"), encoding: .utf8) == "old")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["a"])
  }

  @Test func aPlaceIsCheckedWithoutTouchingIt() throws {
    let folder = try TemporaryFolder()
    try AtomicFile.check(folder.file("new"))
    try AtomicFile.write(Data("old".utf8), to: folder.file("a"))
    try AtomicFile.check(folder.file("a"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["a"])
    #expect(throws: RunError.cannotWrite(path: folder.path, reason: "it is a folder")) {
      try AtomicFile.check(folder.path)
    }
    #expect(throws: RunError.self) { try AtomicFile.check("/nowhere/a") }
  }

  @Test func missingFolderIsNamed() {
    #expect(throws: RunError.cannotWrite(path: "/nowhere/a", reason: "No such file or directory")) {
      try AtomicFile.write(Data(), to: "/nowhere/a")
    }
  }
}
