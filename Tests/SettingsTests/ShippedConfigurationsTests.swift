import Foundation
import TestSupport
import Testing

@testable import DurableFiles
@testable import Settings

@Suite struct ShippedConfigurationsTests {
  private let folder: TemporaryFolder
  private let executable: String

  /// The checkout's layout, unless another is given.
  init() throws {
    folder = try TemporaryFolder()
    executable = folder.file("checkout/.build/platform/release/ganinsar")
    try write("checkout/.build/platform/release/ganinsar", "")
    try write(
      "checkout/configs/small.yaml", "# A small one.\n# For tests, that is. More.\nseed: 1\n")
    try write("checkout/configs/bare.yaml", "seed: 2\n")
  }

  private func write(_ name: String, _ text: String) throws {
    let url = URL(fileURLWithPath: folder.file(name))
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: url)
  }

  private func path(_ given: String, _ executable: String? = nil) throws -> String {
    try ShippedConfigurations.path(of: given, executable: executable ?? self.executable)
  }

  @Test func aNameIsLookedUpAndAPathIsTaken() throws {
    #expect(try path("small").hasSuffix("/checkout/configs/small.yaml"))
    #expect(try path("configs/small.yaml") == "configs/small.yaml")
    #expect(try path("small.yaml") == "small.yaml")
    let error = #expect(throws: RunError.self) { try path("smal") }
    #expect(error?.description.contains("(bare, small; did you mean 'small'?)") == true)
  }

  @Test func theyAreListedWithTheirFirstSentence() {
    let all = ShippedConfigurations.all(executable: executable)
    #expect(all.map(\.name) == ["bare", "small"])
    #expect(all.map(\.summary) == ["", "A small one."])
  }

  @Test(arguments: [
    ("pre/lib/ganinsar/ganinsar", "pre/lib/ganinsar/configs"),  // make install
    ("pre/lib/ganinsar/ganinsar", "pre/share/ganinsar/configs"),
    ("bundle/bin/ganinsar", "bundle/configs"),
    ("usr/bin/ganinsar", "usr/share/ganinsar/configs"),
  ])
  func everyLayoutIsKnown(program: String, place: String) throws {
    try write(program, "")
    try write("\(place)/mine.yaml", "seed: 3\n")
    #expect(try path("mine", folder.file(program)).hasSuffix("/\(place)/mine.yaml"))
  }

  @Test func whereNothingShipsNothingIsListed() throws {
    #expect(ShippedConfigurations.all(executable: folder.file("a/b/c/d/e/f")).isEmpty)
    #expect(throws: RunError.self) { try path("small", folder.file("a/b/c/d/e/f")) }
  }
}
