import Foundation
import RasterIO
import Rasters
import TestSupport
import Testing

/// What damaged and hostile files do to the commands, and to the fuzzer's readers.
@Suite(.enabled(if: CommandRunner.isBuilt, "needs the built command"))
struct HostileFilesTests {
  private static let fuzzer =
    URL(fileURLWithPath: CommandRunner.executable).deletingLastPathComponent()
    .appendingPathComponent("ganinsar-fuzz").path
  private static var hasFuzzer: Bool { FileManager.default.isExecutableFile(atPath: fuzzer) }

  private func fuzz(_ arguments: String...) throws -> CommandRunner.Outcome {
    let (process, outputs) = try CommandRunner.start(arguments, executable: Self.fuzzer)
    return CommandRunner.finish(process, outputs)
  }

  @Test(.enabled(if: hasFuzzer, "needs the built fuzzer"), .timeLimit(.minutes(10)))
  func aChildProcessContainsWhatGoesWrongInIt() throws {
    let outcome = try fuzz("--self-check")
    #expect(outcome.output.hasSuffix("\ncontained\n"), "\(outcome.output)\(outcome.errors)")
  }

  @Test(
    "no reader breaks on damaged files",
    .enabled(if: hasFuzzer, "needs the built fuzzer"), .timeLimit(.minutes(10)))
  func damagedFiles() throws {
    let folder = try TemporaryFolder()
    let outcome = try fuzz("--rounds", "25", "--seed", "13", "--keep", folder.file("findings"))
    #expect(outcome.code == 0, "\(outcome.output)\(outcome.errors)")
  }

  #if GDAL
    /// Which file crashes HDF5 depends on its release; that one bad file costs only itself does not.
    @Test func theOtherFilesAreStillTold() throws {
      let folder = try TemporaryFolder()
      let good = folder.file("a.h5")
      try RasterWriter.write(
        Raster(width: 4, height: 3, values: (0..<12).map { Float($0) }, unit: .centimetersPerYear),
        to: good, format: .h5)
      let bad = folder.file("b\u{1b}[2J.h5")
      let whole = try Data(contentsOf: URL(fileURLWithPath: good))
      var bytes = Array(whole)
      for index in stride(from: 100, to: bytes.count, by: 7) { bytes[index] = 0xff }
      try Data(bytes).write(to: URL(fileURLWithPath: bad))
      let outcome = try CommandRunner.run("info", good, bad, good)
      #expect(outcome.code == 1)
      #expect(outcome.output.components(separatedBy: "MintPy HDF5").count == 3)
      #expect(outcome.errors.contains("b\\u{1B}[2J.h5") && !outcome.errors.contains("\u{1b}"))
    }
  #endif
}
