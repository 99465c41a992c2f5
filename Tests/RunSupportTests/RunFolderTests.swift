import Foundation
import TestSupport
import Testing

@testable import DurableFiles
@testable import RunSupport

@Suite struct RunFolderTests {
  private struct Settings: Codable { var batch = 16 }

  @Test func numbersGoOnFromTheLargest() throws {
    let folder = try TemporaryFolder()
    let root = folder.file("runs")
    let first = try RunFolder.create(in: root, name: "small", configuration: Settings())
    #expect(first.path == root + "/00000-small")
    try FileManager.default.createDirectory(
      atPath: root + "/00041-x", withIntermediateDirectories: false)
    try FileManager.default.createDirectory(
      atPath: root + "/notes", withIntermediateDirectories: false)
    let next = try RunFolder.create(in: root, name: "a/b é", configuration: Settings())
    #expect(next.path == root + "/00042-a-b--")
    #expect(next.number == 42)
  }

  @Test func holdsTheConfigurationTwice() throws {
    let folder = try TemporaryFolder()
    let run = try RunFolder.create(in: folder.path, name: "a", configuration: Settings())
    #expect(try String(contentsOfFile: run.configurationFile, encoding: .utf8) == "batch: 16\n")
    let json = try Data(contentsOf: URL(fileURLWithPath: run.file("config.json")))
    #expect(try JSONDecoder().decode(Settings.self, from: json).batch == 16)
    #expect(try RunFolder.open(run.path + "/") == run)
  }

  @Test func manyAtOnceNeverShare() async throws {
    let folder = try TemporaryFolder()
    let numbers = try await withThrowingTaskGroup(of: Int.self) { group in
      for index in 0..<40 {
        group.addTask {
          try RunFolder.create(
            in: folder.path, name: "run\(index)", configuration: Settings()
          ).number
        }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(numbers.sorted() == Array(0..<40))
  }

  @Test func whatIsNoRunFolderIsSaidToBeNone() throws {
    let folder = try TemporaryFolder()
    try FileManager.default.createDirectory(
      atPath: folder.file("00003-x"), withIntermediateDirectories: false)
    for path in [folder.path, folder.file("00003-x"), folder.file("00004-y")] {
      #expect(throws: RunError.self) { try RunFolder.open(path) }
    }
  }

  @Test func aFileInThePlaceOfTheRootIsNamed() throws {
    let folder = try TemporaryFolder()
    try Data().write(to: URL(fileURLWithPath: folder.file("runs")))
    #expect {
      try RunFolder.create(in: folder.file("runs"), name: "a", configuration: Settings())
    } throws: { error in
      guard case RunError.cannotWrite(folder.file("runs"), _) = error else { return false }
      return true
    }
  }
}
