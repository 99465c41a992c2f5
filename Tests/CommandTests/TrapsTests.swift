import Foundation
import RasterIO
import TestSupport
import Testing

/// Nothing on a command line, and no stream, ends the program without a message.
@Suite(.enabled(if: CommandRunner.isBuilt, "needs the built command"), .serialized)
struct TrapsTests {
  let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private func run(_ script: String) throws -> CommandRunner.Outcome {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/bash")
    process.arguments = ["-c", script]
    process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
    process.environment = ProcessInfo.processInfo.environment.merging(
      ["G": CommandRunner.executable, "OMP_WAIT_POLICY": "passive"]) { $1 }
    let outputs = [Pipe(), Pipe()]
    (process.standardOutput, process.standardError) = (outputs[0], outputs[1])
    process.standardInput = FileHandle.nullDevice
    try process.run()
    return CommandRunner.finish(process, outputs)
  }

  private func waves(_ name: String, side: Int = 64) throws {
    let values = (0..<side * side).map { sinf(Float($0 / side) / 9) * cosf(Float($0 % side) / 7) }
    try NpyArray(shape: [side, side], values: values).write(to: folder.file(name))
  }

  @Test(arguments: [
    ["generate", "-o", "out", "--first", "9223372036854775807", "--count", "2"],
    ["generate", "-o", "out", "--batch-size", "9223372036854775807", "--count", "3"],
    ["generate", "-o", "out", "--count", "9223372036854775807"],
    ["simulate", "mixed", "-o", "out", "--size", "64", "--pixel-size", "1e30"],
    ["simulate", "mixed", "-o", "out", "--size", "64", "--pixel-size", "nan"],
    ["simulate", "mixed", "-o", "out", "--size", "9223372036854775807"],
    ["patches", "x", "-o", "out.npy", "--count", "9223372036854775807"],
    ["patches", "x", "-o", "out.npy", "--count", "1000000", "--size", "4096"],
    ["compose", "x", "-o", "out", "--shard-size", "9223372036854775807"],
    ["train", "x", "--timeout", "1e300"],
    ["figure", "sheet", "--set", "a=x", "-o", "out.png", "--columns", "9223372036854775807"],
  ])
  func numbersOutOfRangeAreUsageErrors(arguments: [String]) throws {
    let outcome = try CommandRunner.run(arguments)
    #expect(outcome.code == 64, "\(outcome.code): \(outcome.errors)")
    #expect(outcome.errors.contains("give "), "\(outcome.errors)")
  }

  @Test(arguments: [
    "epochs=1000000000000000000", "data.patchesPerEpoch=9223372036854775807",
    "execution.threads=9223372036854775807", "output.keptCheckpointEpochs=[9223372036854775807]",
    "output.gridRows=9223372036854775807", "evaluation.samples=9223372036854775807",
    "average.calibrationBatches=9223372036854775807", "optimizer.epsilon=1e300",
    "a\(String(repeating: ".a", count: 60_000))=1",
    "name=\(String(repeating: "[", count: 60_000))",
    "name=\(String(repeating: "- ", count: 50_000))",
  ])
  func settingsOutOfRangeAreFaultsOfADryRun(set: String) throws {
    let outcome = try CommandRunner.run("train", folder.path, "--dry-run", "--set", set)
    #expect(outcome.code == 2, "\(outcome.code): \(outcome.errors.prefix(300))")
  }

  @Test func aPresetThatWouldTakeDaysLeavesNothing() throws {
    let outcome = try run("$G simulate mixed -o out --size 64 --pixel-size 1e5; echo $?; ls")
    #expect(outcome.output == "1\n" && outcome.errors.contains("6400 km"), "\(outcome)")
  }

  @Test func streamsThatCannotBeWritten() throws {
    try waves("m.npy", side: 160)
    let outcome = try run(
      """
      $G prepare m.npy --unit cm/yr -o d 2>/dev/full >/dev/null; echo prepare $?
      $G info missing.tif 2>/dev/full; echo info $?
      $G info missing.tif 2>&-; echo closed $?
      $G compose --print-config >/dev/full 2>full.txt; echo full $?
      $G compose --print-config >&- 2>/dev/null; echo gone $?
      $G --help >/dev/full; echo help $?
      $G compose --print-config | head -1 >/dev/null; echo head ${PIPESTATUS[0]}
      ls d
      """)
    #expect(
      outcome.output == """
        prepare 0
        info 1
        closed 1
        full 1
        gone 1
        help 1
        head 0
        dataset.json
        scenes

        """ || outcome.output.contains("head 141"), "\(outcome)")
    let words = try String(contentsOfFile: folder.file("full.txt"), encoding: .utf8)
    #expect(words.contains("standard output: No space left on device"), "\(words)")
  }

  @Test func aFileBeyondItsLimitIsAnError() throws {
    let outcome = try run("ulimit -f 2; $G simulate mixed -o out --size 64 --format npy; echo $?")
    #expect(outcome.output.hasSuffix("1\n"), "\(outcome)")
    #expect(outcome.errors.contains("File too large"), "\(outcome.errors)")
  }

  @Test func pathsOfOneCharacterAndNamesThatAreNotUTF8() throws {
    try waves("m.npy", side: 160)
    let outcome = try run(
      """
      e=$'\\xe9'
      cp m.npy $e.npy
      $G info $e.npy >/dev/null && $G prepare $e.npy --unit cm/yr -o $e >/dev/null 2>&1; echo $?
      ls $e/dataset.json >/dev/null && $G patches $e -o p$e.npy --no-filter --count 2 --size 64 >/dev/null; echo $?
      mkdir s; cd s
      $G simulate mixed -o s --size 32 --format npy >/dev/null 2>&1; echo $?
      $G compose s -o k --set network.count=3 --set network.maximumConnections=1 >/dev/null 2>&1
      echo $?
      $G invert k -o i --format npy >/dev/null 2>&1; echo $?
      head -c 4000 /dev/zero >U
      $G info U >/dev/null; echo $?
      """)
    #expect(outcome.output == "0\n0\n0\n0\n0\n1\n", "\(outcome)")
  }
}
