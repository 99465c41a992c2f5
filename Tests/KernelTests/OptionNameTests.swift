import Foundation
import Kernel
import Testing

@Suite struct OptionNameTests {
  @Test func aFlagIsSpelledAsArgumentParserSpellsIt() {
    #expect(OptionName.noData.flag == "--no-data")
    #expect(OptionName.displacementAsRate.flag == "--displacement-as-rate")
    #expect(OptionName.losSignOf.flag == "--los-sign-of")
    #expect(OptionName.unit.flag == "--unit")
    #expect(OptionName.output.flag == "-o")
  }

  /// This process is no command, so it speaks of parameters.
  @Test func aLibrarySpeaksOfParameters() {
    #expect("Check \(OptionName.noData)." == "Check 'noData'.")
    #expect("Pass \(OptionName.noData("0"))." == "Pass noData: 0.")
  }

  /// Flags belong to the command: a library names a setting by `OptionName`.
  @Test func noLibraryHoldsAFlag() throws {
    let sources = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("Sources")
    let files = try #require(FileManager.default.enumerator(atPath: sources.path))
    var found: [String] = []
    var count = 0
    for case let file as String in files where file.hasSuffix(".swift") {
      let target = file.prefix { $0 != "/" }
      // The studio belongs to the command: it shows the command lines that make what it draws.
      if ["ganinsar", "Command", "Studio"].contains(where: { target.contains($0) }) { continue }
      count += 1
      let text = try String(contentsOf: sources.appendingPathComponent(file), encoding: .utf8)
      found += Self.lines(ofFlagsIn: text).map { "\(file): \($0)" }
    }
    #expect(count > 200)
    #expect(found.isEmpty, "\(found.joined(separator: "\n"))")
  }

  @Test(arguments: [
    ("let a = \"Check --no-data.\"", true), ("let a = \"\"\"\n  with --weights or\n  \"\"\"", true),
    ("/// Such as `--no-data 0`.", false), ("let a = 1  // --array=0,3", false),
    ("let a = \"x -- y\"", false), ("let a = \"Run scripts/setup.sh --cuda\"", false),
    ("let a = \"\\(b): use --unit\"  // why", true),
  ])
  func theScanFindsFlagsInText(_ text: String, isFound: Bool) {
    #expect(Self.lines(ofFlagsIn: text).isEmpty != isFound)
  }

  /// The lines whose code, not their comment, holds a flag.
  private static func lines(ofFlagsIn text: String) -> [String] {
    text.split(separator: "\n").map(String.init).filter { line in
      var code = line.trimmingCharacters(in: .whitespaces)
      if code.hasPrefix("//") { return false }
      if let comment = code.range(of: #"\s//\s[^"]*$"#, options: .regularExpression) {
        code.removeSubrange(comment)
      }
      // Whole command lines are quoted as they are typed, whoever reads them.
      for quoted in [
        #"scripts/setup\.sh --cuda"#, "ganinsar train --help",
        #"ganinsar simulate \\\(preset\.name\) --seed"#,
      ] {
        code = code.replacingOccurrences(of: quoted, with: "", options: .regularExpression)
      }
      return code.range(of: "--[a-z]", options: .regularExpression) != nil
    }
  }
}
