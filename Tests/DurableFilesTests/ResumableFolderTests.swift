import Foundation
import TestSupport
import Testing

@testable import DurableFiles

@Suite struct ResumableFolderTests {
  let folder: TemporaryFolder
  let output: String

  init() throws {
    folder = try TemporaryFolder()
    output = folder.file("out")
  }

  private func job(_ json: String, ignoring keys: Set<String> = []) -> JobDescription {
    JobDescription(fileName: "job.json", content: Data(json.utf8), ignoredKeys: keys)
  }

  private func begin(_ json: String, place: ResumableFolder.Place = .output) throws {
    try ResumableFolder(output, place: place).begin(job(json), remedy: "Do this.")
  }

  private func put(_ text: String, _ path: String) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
  }

  @Test func theSameJobContinuesAndLeftoversGo() throws {
    try begin(#"{"seed": 1, "grid": {"width": 4}}"#)
    try put("half", "\(output)/map.npy.part-1-2")
    try put("whole", "\(output)/map.npy")
    try begin(#"{"grid": {"width": 4}, "like": null, "seed": 1}"#)
    #expect(try Set(FileSystem.names(in: output)) == ["job.json", "map.npy"])
  }

  @Test func anotherJobIsRefusedWithEachDifference() throws {
    try begin(#"{"seed": 1, "grid": {"width": 4}, "formats": ["tif"]}"#)
    #expect {
      try begin(#"{"seed": 2, "grid": {"width": 4, "height": 3}, "formats": ["npy"]}"#)
    } throws: { error in
      guard case RunError.otherContent(output, let reason, "Do this.") = error else { return false }
      return reason == "it belongs to another job (formats [\"tif\"] instead of [\"npy\"], "
        + "grid.height - instead of 3, seed 1 instead of 2)"
    }
  }

  @Test func ignoredKeysMayDiffer() throws {
    let now = job(#"{"seed": 1, "program": "2"}"#, ignoring: ["program"])
    #expect(now.differences(from: Data(#"{"seed": 1, "program": "1"}"#.utf8)) == [])
    #expect(now.differences(from: Data(#"{"seed": true}"#.utf8)) == ["seed true instead of 1"])
    #expect(now.differences(from: Data("[1]".utf8)) == nil)
    let long = String(repeating: "x", count: 61)
    #expect(now.differences(from: Data(#"{"seed": "\#(long)"}"#.utf8)) == ["seed"])
  }

  @Test(arguments: [
    ("notes.txt", "it contains notes.txt but no job.json"), ("job.json", "cannot be read"),
  ])
  func otherFilesAndDamagedDescriptionsAreRefused(name: String, words: String) throws {
    try AtomicFolder.makeFolders(output)
    try put("{", "\(output)/\(name)")
    #expect { try begin("{}") } throws: { "\($0)".contains(words) }
    #expect(try FileSystem.names(in: output) == [name])
  }

  @Test func aFolderBesideGetsItsNameAtTheEnd() throws {
    let job = try ResumableFolder(output + "/", place: .beside)
    try put("x", "\(job.path)/x")
    #expect(!FileSystem.exists(output))
    try job.finish()
    #expect(try FileSystem.names(in: output) == ["x"] && !FileSystem.exists(job.path))

    let second = try ResumableFolder(output, place: .beside)
    try put("y", "\(second.path)/y")
    #expect(throws: RunError.self) { try second.finish() }
    #expect(try FileSystem.names(in: output) == ["x"])
    try second.finish(replacing: true)
    #expect(try FileSystem.names(in: output) == ["y"] && !FileSystem.exists(second.path))
  }

  /// Processes that work in a folder together exclude one that wants it alone, and keep the
  /// temporary files that the others are writing.
  @Test func aFolderIsUsedAloneOrShared() throws {
    let one = try ResumableFolder(output, isShared: true)
    try put("half", "\(output)/map.npy.part-1-2")
    let two = try ResumableFolder(output, isShared: true)
    #expect(throws: RunError.inUse(path: output)) { try ResumableFolder(output) }
    #expect(FileSystem.exists("\(output)/map.npy.part-1-2"))
    withExtendedLifetime((one, two)) {}
  }

  @Test func anIncompleteLastLineIsRemoved() throws {
    let path = folder.file("records.jsonl")
    for (content, whole, count) in [
      ("", "", 0), ("a", "", 0), ("a\nb\n", "a\nb\n", 2), ("a\nb", "a\n", 1),
    ] {
      try put(content, path)
      let (file, lines) = try AppendedFile.ofLines(path)
      #expect(lines == count)
      try file.append(Data("c\n".utf8))
      #expect(try InputFile.read(path) == Data((whole + "c\n").utf8))
    }
  }
}
