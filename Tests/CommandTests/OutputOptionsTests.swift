import Foundation
import TestSupport
import Testing

@testable import Commands

/// `--quiet`, `--verbose`, `--json` and `--version`.
@Suite struct OutputOptionsTests {
  private struct Help: Decodable {
    struct Command: Decodable {
      struct Argument: Decodable {
        struct Name: Decodable { var name: String }
        var names: [Name]?
      }
      var commandName: String
      var shouldDisplay: Bool?
      var arguments: [Argument]?
      var subcommands: [Command]?

      var leaves: [Command] {
        let shown = (subcommands ?? []).filter {
          $0.shouldDisplay != false && $0.commandName != "help"
        }
        return shown.isEmpty ? [self] : shown.flatMap(\.leaves)
      }
    }
    var command: Command
  }

  @Test func everySubcommandTakesTheSameOptions() throws {
    let outcome = try CommandRunner.run("--experimental-dump-help")
    let help = try JSONDecoder().decode(Help.self, from: Data(outcome.output.utf8))
    let leaves = help.command.leaves
    #expect(leaves.count > 14)
    for command in leaves {
      let names = Set((command.arguments ?? []).flatMap { ($0.names ?? []).map(\.name) })
      #expect(names.isSuperset(of: ["quiet", "verbose", "json"]), "\(command.commandName)")
    }
  }

  private func object(_ outcome: CommandRunner.Outcome) throws -> [String: Any] {
    #expect(outcome.code == 0, "\(outcome.errors)")
    return try #require(
      JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any])
  }

  @Test func whatIsSaidFollowsTheOptions() throws {
    let folder = try TemporaryFolder()
    func simulate(_ name: String, _ options: String...) throws -> CommandRunner.Outcome {
      try CommandRunner.run(
        ["simulate", "sun-mild", "-o", folder.file(name), "--size", "32", "--format", "npy"]
          + options)
    }
    let plain = try simulate("plain")
    #expect(plain.errors.contains("simulating") && plain.output.contains("1 rate map in"))
    let quiet = try simulate("quiet", "--quiet")
    #expect(quiet.errors.isEmpty && quiet.output.contains("1 rate map in"))
    let verbose = try simulate("verbose", "--verbose")
    #expect(verbose.errors.contains("debug: ganinsar ") && verbose.errors.contains("MiB"))
    #expect(try content(of: folder.file("quiet")) == content(of: folder.file("verbose")))
    let both = try simulate("both", "--quiet", "--verbose")
    #expect(both.code != 0 && both.errors.contains("Choose one of"))

    let json = try object(simulate("json", "--json"))
    #expect(json["path"] as? String == folder.file("json") && json["count"] as? Int == 1)
    #expect(json["kind"] as? String == "maps" && json["seconds"] is Double)
  }

  @Test func aStackAndItsInversionAreSummedUp() throws {
    let folder = try TemporaryFolder()
    let rates = folder.file("rates")
    _ = try object(
      CommandRunner.run(
        "simulate", "sun-mild", "-o", rates, "--size", "32", "--format", "npy", "--json"))
    let stack = try object(
      CommandRunner.run(
        "compose", rates, "-o", folder.file("stack"), "--set", "network.count=5", "--unit", "cm/yr",
        "--json", "--quiet"))
    #expect(stack["kind"] as? String == "interferograms" && stack["count"] as? Int == 9)
    let inversion = try object(
      CommandRunner.run(
        "invert", folder.file("stack"), "-o", folder.file("inverted"), "--format", "npy", "--json"))
    #expect(inversion["count"] as? Int == 9)
    #expect((inversion["truthErrors"] as? [Any])?.isEmpty == false)
  }

  @Test func aDatasetIsSummedUpByScene() throws {
    let folder = try TemporaryFolder()
    let dataset = try CommandRunner.dataset(in: folder)
    let summary = try object(
      CommandRunner.run(
        "prepare", folder.file("waves.npy"), "--unit", "cm/yr", "-o", dataset, "--overwrite",
        "--json"))
    let scenes = try #require(summary["scenes"] as? [[String: Any]])
    #expect(summary["count"] as? Int == 1 && scenes[0]["name"] as? String == "waves")
    #expect((scenes[0]["acceptance"] as? [String: Double])?["64"] != nil)
  }

  @Test(arguments: ["bash", "zsh", "fish"]) func completionKnowsTheSubcommands(shell: String) throws
  {
    let outcome = try CommandRunner.run("--generate-completion-script", shell)
    #expect(outcome.code == 0 && outcome.output.contains("config"), "\(outcome.errors)")
    #expect(outcome.output.contains("harmonize"), "options of prepare")
  }

  @Test func theVersionNamesTheCommitAndLibTorch() throws {
    let outcome = try CommandRunner.run("--version")
    let lines = outcome.output.split(separator: "\n")
    #expect(outcome.code == 0 && lines.count == 3)
    #expect(lines[0].split(separator: ".").count == 3)
    #expect(lines[1].hasPrefix("commit ") && lines[2].hasPrefix("LibTorch 2."))
  }
}
