import Foundation
import TestSupport
import Testing

@testable import DurableFiles

@Suite struct AtomicFolderTests {
  private func put(_ text: String, at path: String) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
  }
  private func names(_ path: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: path).sorted()
  }

  @Test func appearsWholeWithItsParents() throws {
    let folder = try TemporaryFolder()
    let target = folder.file("a/b/out")
    try AtomicFolder.write(to: target + "/") { temporary in
      #expect(!FileManager.default.fileExists(atPath: target))
      try FileManager.default.createDirectory(
        atPath: temporary + "/inner", withIntermediateDirectories: false)
      try put("one", at: temporary + "/inner/file")
    }
    #expect(try String(contentsOfFile: target + "/inner/file", encoding: .utf8) == "one")
    #expect(try names(folder.file("a/b")) == ["out"])
  }

  @Test func failureLeavesNothing() throws {
    struct Stop: Error {}
    let folder = try TemporaryFolder()
    #expect(throws: Stop.self) {
      try AtomicFolder.write(to: folder.file("out")) { temporary in
        try put("half", at: temporary + "/file")
        throw Stop()
      }
    }
    #expect(try names(folder.path) == [])
  }

  @Test func anExistingFolderIsRefusedBeforeAnyWork() throws {
    let folder = try TemporaryFolder()
    try AtomicFolder.write(to: folder.file("out")) { try put("old", at: $0 + "/mine") }
    for existing in [AtomicFolder.Existing.refuse, .replace(ifItHolds: "manifest.json")] {
      #expect {
        try AtomicFolder.write(to: folder.file("out"), existing: existing) { _ in
          Issue.record("the body must not run")
        }
      } throws: { error in
        guard case RunError.alreadyExists(folder.file("out"), _) = error else { return false }
        return true
      }
    }
    #expect(try String(contentsOfFile: folder.file("out/mine"), encoding: .utf8) == "old")
  }

  @Test func itsOwnOutputIsReplacedWhole() throws {
    let folder = try TemporaryFolder()
    try AtomicFolder.write(to: folder.file("out")) { temporary in
      try put("{}", at: temporary + "/manifest.json")
      try put("old", at: temporary + "/old")
    }
    try AtomicFolder.write(
      to: folder.file("out"), existing: .replace(ifItHolds: "manifest.json")
    ) { try put("new", at: $0 + "/new") }
    #expect(try names(folder.file("out")) == ["new"])
    #expect(try names(folder.path) == ["out"])
  }

  @Test func anEmptyFolderIsUsed() throws {
    let folder = try TemporaryFolder()
    try FileManager.default.createDirectory(
      atPath: folder.file("out"), withIntermediateDirectories: false)
    try AtomicFolder.write(to: folder.file("out")) { try put("new", at: $0 + "/new") }
    #expect(try names(folder.file("out")) == ["new"])
  }

  @Test func aFileInTheWayIsKept() throws {
    let folder = try TemporaryFolder()
    try put("mine", at: folder.file("out"))
    #expect(throws: RunError.self) { try AtomicFolder.write(to: folder.file("out")) { _ in } }
    #expect(throws: RunError.self) { try AtomicFolder.write(to: folder.file("out/x")) { _ in } }
    #expect(try String(contentsOfFile: folder.file("out"), encoding: .utf8) == "mine")
  }
}
