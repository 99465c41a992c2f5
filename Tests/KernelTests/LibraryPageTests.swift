import Foundation
import Testing

/// The page about the libraries shows the programs that scripts/examples.sh builds and runs.
@Suite struct LibraryPageTests {
  private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  @Test(arguments: ["Sources/SimulateMaps", "Sources/ReadRates", "GenerateMaps"])
  func thePageShowsTheProgram(name: String) throws {
    func text(_ path: String) throws -> String {
      try String(contentsOf: Self.root.appendingPathComponent(path), encoding: .utf8)
    }
    let program = try text("Examples/\(name)/main.swift")
    #expect(try text("docs/library.md").contains("```swift\n\(program)```"))
  }
}
