import Foundation
import RasterIO
import TestSupport
import Testing

@Suite(.enabled(if: CommandRunner.isBuilt, "needs the built command"))
struct EvaluateCommandTests {
  private let folder: TemporaryFolder
  private let real: String
  private let other: String

  init() throws {
    folder = try TemporaryFolder()
    real = folder.file("real.npy")
    other = folder.file("other.npy")
    for (path, shift) in [(real, Float(0)), (other, 1)] {
      let values = (0..<12 * 256).map { 9 * sinf(Float($0) / 13 + shift) }
      try NpyArray(shape: [12, 16, 16], values: values).write(to: path)
    }
  }

  private func evaluate(_ arguments: [String]) throws -> CommandRunner.Outcome {
    let (process, outputs) = try CommandRunner.start(
      ["evaluate", "--real", real, "--set", "other=\(other)", "--cache", folder.file("cache")]
        + arguments)
    return CommandRunner.finish(process, outputs)
  }

  @Test("bad weights, a taken folder and an unwritable place leave nothing behind")
  func faults() throws {
    let out = folder.file("out")
    let weights = try evaluate(["-o", out, "--weights", real])
    #expect(weights.code == 1 && weights.errors.contains("real.npy"))
    #expect(!FileManager.default.fileExists(atPath: out))
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder.path).filter {
        $0.contains(".part")
      }.isEmpty)
    try FileManager.default.createDirectory(atPath: out, withIntermediateDirectories: true)
    try Data("mine".utf8).write(to: URL(fileURLWithPath: "\(out)/notes.txt"))
    for extra in [[], ["--overwrite"]] {
      let taken = try evaluate(["-o", out] + extra)
      #expect(taken.code == 1 && taken.errors.contains("exists already"))
    }
    let nowhere = try evaluate(["-o", "\(real)/out"])
    #expect(nowhere.code == 1 && nowhere.errors.contains("cannot write"))
    #expect(try evaluate(["-o", folder.file("x"), "--mode", "dirty"]).code == 64)
  }

  /// Runs with a home that holds no weights, and expects a failure that leaves nothing behind.
  private func expectFault(_ arguments: [String], _ texts: String...) throws {
    let before = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    let (process, outputs) = try CommandRunner.start(
      ["evaluate", "-o", folder.file("out"), "--no-cache"] + arguments,
      environment: ["HOME": folder.file("nobody"), "GANINSAR_INCEPTION": ""])
    let done = CommandRunner.finish(process, outputs)
    // 64 for a value that the option does not take.
    #expect([1, 64].contains(done.code), "\(arguments): \(done)")
    for text in texts { #expect(done.errors.contains(text), "\(arguments): \(done.errors)") }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == before)
  }

  private func stack(_ name: String, _ shape: [Int], _ value: (Int) -> Float) throws -> String {
    let path = folder.file("\(name).npy")
    try NpyArray(shape: shape, values: (0..<shape.reduce(1, *)).map(value)).write(to: path)
    return path
  }

  @Test("sets that cannot be compared are named with the reason and the remedy")
  func badSets() throws {
    let small = try stack("small", [4, 8, 8]) { Float($0 % 7) }
    let tiny = try stack("tiny", [4, 4, 4]) { Float($0 % 7) }
    let one = try stack("one", [1, 16, 16]) { Float($0 % 7) }
    let empty = try stack("empty", [0, 16, 16]) { Float($0) }
    let holes = try stack("holes", [3, 16, 16]) { $0 == 300 ? .nan : Float($0 % 7) }
    let mark = try stack("mark", [3, 16, 16]) { $0 == 300 ? 1e20 : Float($0 % 7) }
    let flat = try stack("flat", [4, 16, 16]) { Float($0 / 256) }
    try expectFault(["--real", real, "--set", small], "8x8", "16x16", "small.npy")
    try expectFault(["--real", tiny, "--set", tiny], "4x4", "tiny.npy")
    try expectFault(["--real", real, "--set", one], "one.npy", "1 patch", "2 or more")
    try expectFault(["--real", one, "--set", real], "one.npy", "2 or more")
    try expectFault(["--real", real, "--set", empty], "empty.npy")
    try expectFault(["--real", real, "--set", holes], "holes.npy, item 1", "NaN")
    try expectFault(["--real", real, "--set", mark], "item 1 of mark", "no-data")
    try expectFault(["--real", flat, "--set", real], "flat.npy", "constant", "no-data")
    try expectFault(["--real", folder.file("none"), "--set", real], "none", "no such file")
    try expectFault(["--real", real], "no set is given")
  }

  @Test("settings that make no sense are errors, not traps")
  func badSettings() throws {
    let sets = ["--real", real, "--set", other]
    for (option, value) in [
      ("--limit", "1e-50"), ("--limit", "1e300"), ("--limit", "nan"), ("--count", "1"),
      ("--count", "9223372036854775807"), ("--neighbors", "9223372036854775807"),
      ("--neighbors", "0"), ("--days", "1e18"), ("--days", "nan"), ("--resamples", "-1"),
      ("--patch-size", "7"), ("--sensor", "sputnik"),
    ] {
      try expectFault(sets + ["\(option)=\(value)"], option)
    }
  }

  @Test("a collapsed set is measured, with a warning")
  func collapsed() throws {
    let same = try stack("same", [6, 16, 16]) { Float($0 % 256) / 20 }
    let out = folder.file("out")
    let (process, outputs) = try CommandRunner.start(
      ["evaluate", "--real", real, "--set", same, "-o", out, "--resamples", "0", "--no-cache"],
      environment: ["HOME": folder.file("nobody"), "GANINSAR_INCEPTION": ""])
    let done = CommandRunner.finish(process, outputs)
    #expect(done.code == 0 && done.errors.contains("all 6 samples of same.npy are the same"))
    #expect(FileManager.default.fileExists(atPath: "\(out)/report.html"))
    // Without weights: distances in physical units, and how to get the weights.
    #expect(done.output.contains("W1 of rates (cm/yr)") && !done.output.contains("FID inf"))
    #expect(done.output.contains("pip install pytorch-fid"))
  }

  @Test(
    "weights that are cut off are named with their checksum", .tags(.weights),
    .enabled(
      if: SharedData.has("weights/inception-2015-12-05-pool3.safetensors"), "needs shared/weights"))
  func cutWeights() throws {
    let whole = SharedData.path("weights/inception-2015-12-05-pool3.safetensors")
    let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: whole))
    let cut = folder.file("cut.safetensors")
    try #require(try file.read(upToCount: 5_000_000)).write(to: URL(fileURLWithPath: cut))
    try expectFault(
      ["--real", real, "--set", other, "--weights", cut], "cut.safetensors", "truncated", "SHA-256",
      "6726825d")
  }

  @Test(
    "writes metrics.json and the pictures, the same bytes with the same seed", .tags(.weights),
    .enabled(
      if: SharedData.has("weights/inception-2015-12-05-pool3.safetensors"), "needs shared/weights"))
  func writes() throws {
    let weights = SharedData.path("weights/inception-2015-12-05-pool3.safetensors")
    var files: [Data] = []
    for _ in 0..<2 {
      let out = folder.file("out")
      let done = try evaluate([
        "-o", out, "--weights", weights, "--count", "6", "--neighbors", "2", "--resamples", "3",
        "--write-pictures", "--overwrite",
      ])
      #expect(done.code == 0, "\(done.errors)")
      #expect(done.output.contains("| other | 6 |"))
      files.append(try Data(contentsOf: URL(fileURLWithPath: "\(out)/metrics.json")))
      #expect(
        try FileManager.default.contentsOfDirectory(atPath: "\(out)/pictures/other").count == 6)
    }
    #expect(files[0] == files[1])
  }
}
