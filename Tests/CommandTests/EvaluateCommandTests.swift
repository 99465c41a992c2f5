import Foundation
import RasterIO
import TestSupport
import Testing

@Suite(.enabled(if: CommandRunner.isBuilt, "needs the release build of ganinsar"))
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
