import DurableFiles
import Foundation
import Testing

@testable import Commands

/// Which program answers, and how one becomes the other.
@Suite struct TorchPartTests {
  @Test(arguments: [
    (["train", "x"], true), (["help", "generate"], true), (["generate", "--help"], true),
    (["--generate-completion-script", "zsh"], true), (["--experimental-dump-help"], true),
    ([], false), (["--help"], false), (["--version"], false), (["help"], false),
    (["info", "train"], false), (["help", "info"], false), (["trian"], false),
  ])
  func onlyWhatNeedsLibTorchGoesToTheOtherProgram(arguments: [String], isNeeded: Bool) {
    #expect(TorchPart.isNeeded(for: arguments) == isNeeded)
  }

  @Test func bothProgramsListTheSameSubcommands() throws {
    let light = try CommandRunner.run("--help")
    let other = CommandRunner.executable + "-torch"
    let (process, outputs) = try CommandRunner.start(["--help"], executable: other)
    let heavy = CommandRunner.finish(process, outputs)
    #expect(light.code == 0)
    #expect(light.output == heavy.output)
    for part in TorchPart.allCases {
      #expect(light.output.contains(part.abstract.prefix(30)), "\(part)")
    }
  }

  @Test func anUnknownSubcommandIsToldByTheFirst() throws {
    let outcome = try CommandRunner.run("trian", "x")
    #expect(outcome.code == 64 || outcome.code == 2)
    #expect(outcome.errors.contains("trian"))
  }

  #if compiler(>=6.2)
    @Test func theOtherProgramGetsTheWaitPolicyAndKeepsTheProcess() async {
      await #expect(processExitsWith: .exitCode(7)) {
        unsetenv("OMP_WAIT_POLICY")
        let script = "[ $OMP_WAIT_POLICY = passive ] && [ $PARENT = $$ ] && exit 7"
        setenv("PARENT", "\(getpid())", 1)
        var arguments = [strdup("sh"), strdup("-c"), strdup(script), nil]
        try TorchPart.start("/bin/sh", &arguments)
      }
    }

    @Test func aPolicyThatIsSetIsKept() async {
      await #expect(processExitsWith: .exitCode(7)) {
        setenv("OMP_WAIT_POLICY", "active", 1)
        var arguments = [
          strdup("sh"), strdup("-c"), strdup("[ $OMP_WAIT_POLICY = active ] && exit 7"), nil,
        ]
        try TorchPart.start("/bin/sh", &arguments)
      }
    }
  #endif

  @Test func aMissingPartIsNamed() {
    var arguments: [UnsafeMutablePointer<CChar>?] = [nil]
    let error = #expect(throws: RunError.self) {
      try TorchPart.start("/nowhere/ganinsar-torch", &arguments)
    }
    #expect(error?.description.contains("/nowhere/ganinsar-torch") == true)
  }
}
