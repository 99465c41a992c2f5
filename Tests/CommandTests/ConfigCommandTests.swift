import Foundation
import RasterIO
import TestSupport
import Testing

@Suite struct ConfigCommandTests {
  private static let golden = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("Golden").path

  /// To renew a file: `ganinsar config --template NAME > Tests/CommandTests/Golden/NAME.yaml`.
  @Test(arguments: ["train", "field", "compose", "recipe", "dataset", "network", "atmosphere"])
  func aTemplateIsTheGoldenFile(name: String) throws {
    let outcome = try CommandRunner.run("config", "--template", name)
    #expect(outcome.code == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
    #expect(
      try outcome.output == String(contentsOfFile: "\(Self.golden)/\(name).yaml", encoding: .utf8))
  }

  @Test func theTemplateOfAStackHoldsTheDefaults() throws {
    let plain = try CommandRunner.run("compose", "--print-config")
    let given = try CommandRunner.run(
      "compose", "--print-config", "--config", "\(Self.golden)/compose.yaml")
    #expect(given.code == 0 && given.output == plain.output, "\(given.errors)")
  }

  @Test func aDatasetIsPreparedFromAFileAndOptions() throws {
    let folder = try TemporaryFolder()
    let scene = folder.file("a.npy")
    try NpyArray(shape: [70, 80], values: (0..<5600).map { Float($0 % 80) }).write(to: scene)
    func prepare(_ name: String, _ options: String...) throws -> [String: Data] {
      let outcome = try CommandRunner.run(["prepare", scene, "-o", folder.file(name)] + options)
      #expect(outcome.code == 0, "\(outcome.errors)")
      return try content(of: folder.file(name))
    }
    let plain = try prepare("plain", "--unit", "mm/yr", "--minimum-size", "100")
    // Options are stronger than the file's null.
    let template = try prepare(
      "template", "--config", "\(Self.golden)/dataset.yaml", "--unit", "mm/yr", "--minimum-size",
      "100")
    #expect(template == plain)
    let sets = try prepare(
      "sets", "--set", "reading.unit=mm/yr", "--set", "preparation.minimumSize=100")
    #expect(sets == plain)
  }

  @Test func shippedFilesAreListedAndFoundByName() throws {
    let folder = try TemporaryFolder()
    let text = try CommandRunner.run("config", "--list")
    #expect(text.code == 0 && text.output.contains("small"), "\(text.errors)")
    let json = try CommandRunner.run("config", "--list", "--json")
    let entries = try #require(
      JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [[String: String]])
    #expect(entries.map { $0["name"] }.contains("paper"))
    let recipes = entries.filter { $0["kind"] == "recipe" }.map { $0["name"] }
    #expect(
      recipes == ["atmosphere", "denoising", "detection", "networks", "timeseries", "unwrapping"])
    #expect(text.output.contains("--recipe NAME") && text.output.contains("unwrapping"))
    #expect(entries.allSatisfy { $0["summary"]?.isEmpty == false })

    let dataset = try CommandRunner.dataset(in: folder)
    let plan = try CommandRunner.run(
      "train", dataset, "-o", folder.file("runs"), "--config", "smoke", "--dry-run", "--json",
      "--set", "execution.device=cpu")
    #expect(plan.code == 0 && plan.output.contains("\"name\":\"smoke\""), "\(plan.errors)")
    let unknown = try CommandRunner.run("train", dataset, "--config", "smoek", "--dry-run")
    #expect(unknown.code != 0 && unknown.errors.contains("smoke"), "\(unknown.errors)")
  }

  @Test(arguments: [["config"], ["config", "--list", "--template", "train"]])
  func oneOfBothIsAskedFor(arguments: [String]) throws {
    let outcome = try CommandRunner.run(arguments)
    #expect(outcome.code != 0 && outcome.errors.contains("--template NAME, or --list"))
  }
}
