import Foundation
import TestSupport
import Testing

@testable import DurableFiles

@Suite struct ExecutableFileTests {
  /// A section that every dynamically linked program has.
  @Test func aSectionIsFoundByName() throws {
    let text = try #require(ExecutableFile.text(ofSection: ".interp", in: "/proc/self/exe"))
    #expect(text.hasPrefix("/") && text.contains("ld-"))
    #expect(ExecutableFile.text(ofSection: "nothing", in: "/proc/self/exe") == nil)
  }

  @Test func otherFilesHaveNone() throws {
    let folder = try TemporaryFolder()
    #expect(ExecutableFile.text(ofSection: ".interp", in: folder.file("missing")) == nil)
    let whole = try Data(contentsOf: URL(fileURLWithPath: "/proc/self/exe")).prefix(4096)
    for bytes in [Data("#!/bin/sh".utf8), Data(whole.prefix(20)), Data(whole.prefix(300))] {
      try bytes.write(to: URL(fileURLWithPath: folder.file("file")))
      #expect(ExecutableFile.text(ofSection: ".interp", in: folder.file("file")) == nil)
    }
  }
}
