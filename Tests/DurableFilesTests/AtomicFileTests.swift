import Foundation
import TestSupport
import Testing

@testable import DurableFiles

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

  @Test func aPlaceIsClaimedWithoutTouchingIt() throws {
    let folder = try TemporaryFolder()
    func names() throws -> [String] {
      try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    }
    try AtomicFile.write(Data("old".utf8), to: folder.file("a"))
    // What a killed job left goes; what belongs to another output stays.
    for name in ["a.part-1-2", "a.part-claim", "ab.part-1-2"] {
      try Data().write(to: URL(fileURLWithPath: folder.file(name)))
    }
    let claim = try AtomicFile.claim(folder.file("a"), overwrite: true)
    #expect(try names() == ["a", "a.part-claim", "ab.part-1-2"])
    #expect(throws: RunError.inUse(path: folder.file("a"))) {
      try AtomicFile.claim(folder.file("a"), overwrite: true)
    }
    withExtendedLifetime(claim) {}
    #expect(throws: RunError.cannotWrite(path: folder.path, reason: "it is a folder")) {
      try AtomicFile.claim(folder.path, overwrite: true)
    }
    #expect(throws: RunError.self) { try AtomicFile.claim("/nowhere/a", overwrite: true) }
    #expect {
      try AtomicFile.claim(folder.file("a"), overwrite: false)
    } throws: {
      "\($0)".contains("exists already") && "\($0)".contains("'overwrite'")
    }
  }

  @Test func aClaimEndsWithItsHolder() throws {
    let folder = try TemporaryFolder()
    for _ in 0..<2 {
      let claim = try AtomicFile.claim(folder.file("b"), overwrite: false)
      withExtendedLifetime(claim) {}
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [])
  }

  @Test func missingFolderIsNamed() {
    #expect(throws: RunError.cannotWrite(path: "/nowhere/a", reason: "No such file or directory")) {
      try AtomicFile.write(Data(), to: "/nowhere/a")
    }
  }
}
