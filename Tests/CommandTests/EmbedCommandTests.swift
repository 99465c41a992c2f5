import Foundation
import Kernel
import RasterIO
import TestSupport
import Testing

@Suite(.enabled(if: CommandRunner.isBuilt, "needs the built command"))
struct EmbedCommandTests {
  private let folder: TemporaryFolder
  private let features: String

  init() throws {
    folder = try TemporaryFolder()
    features = folder.file("features.npy")
    var random = CounterRandom(3, .testInput)
    let values = (0..<40 * 6).map { place in
      Float(random.normal() + (place < 120 ? 0 : 12))
    }
    try NpyArray(shape: [40, 6], values: values).write(to: features)
  }

  private func embed(_ arguments: String...) throws -> CommandRunner.Outcome {
    let (process, outputs) = try CommandRunner.start(["embed"] + arguments)
    return CommandRunner.finish(process, outputs)
  }

  @Test("two groups lie apart, and any number of threads gives the same file")
  func apart() throws {
    var files: [Data] = []
    for threads in ["1", "2"] {
      let out = folder.file("map\(threads).npy")
      let done = try embed(
        features, "-o", out, "--perplexity", "8", "--iterations", "200", "--threads", threads)
      #expect(done.code == 0, "\(done.errors)")
      #expect(done.output.contains("\"klDivergence\"") && done.output.contains("\"points\":40"))
      files.append(try Data(contentsOf: URL(fileURLWithPath: out)))
    }
    #expect(files[0] == files[1])
    let map = try NpyArray.read(folder.file("map1.npy"))
    #expect(map.shape == [40, 2])
    func distance(_ a: Int, _ b: Int) -> Float {
      let (x, y) = (
        map.values[2 * a] - map.values[2 * b], map.values[2 * a + 1] - map.values[2 * b + 1]
      )
      return (x * x + y * y).squareRoot()
    }
    let nearest = (0..<40).map { point in
      (0..<40).filter { $0 != point }.min { distance(point, $0) < distance(point, $1) }!
    }
    #expect(nearest.enumerated().allSatisfy { ($0 < 20) == ($1 < 20) })
  }

  @Test("what cannot be embedded is named, and nothing is left")
  func faults() throws {
    let flat = folder.file("flat.npy")
    try NpyArray(shape: [40], values: [Float](repeating: 1, count: 40)).write(to: flat)
    let bad = folder.file("bad.npy")
    try NpyArray(shape: [9, 2], values: (0..<18).map { $0 == 7 ? .nan : Float($0) }).write(to: bad)
    let same = folder.file("same.npy")
    try NpyArray(shape: [40, 2], values: [Float](repeating: 1, count: 80)).write(to: same)
    let out = folder.file("out.npy")
    for (arguments, text) in [
      ([flat], "[40]"), ([bad], "vector 3"), ([same, "--perplexity=5"], "equal"),
      ([features, "--perplexity=30"], "Lower it to 13"),
      ([features, "--perplexity=nan"], "nan"),
      ([features, "--iterations=-1"], "iterations -1"),
      ([features, "--iterations=9223372036854775807"], "give 0 to 1000000"),
      ([features, "--threads=0"], "threads 0"), ([folder.file("none.npy")], "none.npy"),
    ] {
      let (process, outputs) = try CommandRunner.start(["embed", "-o", out] + arguments)
      let done = CommandRunner.finish(process, outputs)
      #expect(done.code == 1 && done.errors.contains(text), "\(arguments): \(done)")
    }
    let before = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    #expect(before == ["bad.npy", "features.npy", "flat.npy", "same.npy"])
  }

  @Test("a place that cannot be written is found before the work")
  func unwritable() throws {
    // The features do not exist: the place is looked at first.
    for place in ["\(features)/map.npy", folder.file("missing/map.npy"), folder.path] {
      let done = try embed(folder.file("none.npy"), "-o", place)
      #expect(done.code == 1 && done.errors.contains("cannot write \(place)"), "\(done.errors)")
    }
  }
}
