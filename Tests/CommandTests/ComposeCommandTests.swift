import Foundation
import RasterIO
import TestSupport
import Testing

@Suite(.enabled(if: CommandRunner.isBuilt, "needs the built command"), .serialized)
struct ComposeCommandTests {
  private static let side = 32

  /// A rate map in a folder of its own.
  private func rateMap() throws -> (folder: TemporaryFolder, path: String) {
    let folder = try TemporaryFolder()
    let values = (0..<Self.side * Self.side).map { index in
      5 * sinf(Float(index / Self.side) / 6) * cosf(Float(index % Self.side) / 9)
    }
    let path = folder.file("rate.npy")
    try NpyArray(shape: [Self.side, Self.side], values: values).write(to: path)
    return (folder, path)
  }

  private static let network = ["--set", "network.count=6"]

  private func run(_ arguments: [String]) throws -> CommandRunner.Outcome {
    let (process, outputs) = try CommandRunner.start(arguments)
    return CommandRunner.finish(process, outputs)
  }

  private func names(_ path: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
  }

  @Test func aStackIsComposedAndInvertedBack() throws {
    let (folder, rate) = try rateMap()
    let stack = folder.file("stack")
    let composed = try run(
      ["compose", rate, "--unit", "cm/yr", "-o", stack, "--set", "model.components=[deformation]"]
        + Self.network)
    #expect(composed.code == 0, "\(composed.errors)")
    #expect(composed.output == "\(stack)\n")
    let inverted = try run(
      ["invert", stack, "-o", folder.file("out"), "--no-height-error", "--format", "npy"])
    #expect(inverted.code == 0, "\(inverted.errors)")
    #expect(inverted.output.hasPrefix("rate: correlation "), "\(inverted.output)")
    #expect(inverted.output.hasSuffix(" (1024 pixels)\n\(folder.file("out"))\n"))
    let truth = try NpyArray.read(rate).values
    let found = try NpyArray.read(folder.file("out/rate.npy")).values
    #expect(zip(truth, found).allSatisfy { abs($0 - $1) < 1e-4 })
    // A second run leaves the first one's results alone.
    let again = try run(["invert", stack, "-o", folder.file("out"), "--format", "npy"])
    #expect(again.code == 1 && again.errors.contains("exists already"))
  }

  #if GDAL
    /// The file's own reference pixel by default, with a note; `none` takes phases as they are.
    @Test func mintPysFilesAreReferredToTheirPixel() throws {
      let (folder, rate) = try rateMap()
      let stack = folder.file("stack")
      let composed = try run(
        [
          "compose", rate, "--unit", "cm/yr", "-o", stack, "--format", "mintpy", "--set",
          "model.components=[deformation]",
        ] + Self.network)
      #expect(composed.code == 0, "\(composed.errors)")
      let file = "\(stack)/mintpy/inputs/ifgramStack.h5"
      func invert(_ output: String, _ more: String...) throws -> (errors: String, rate: [Float]) {
        let path = folder.file(output)
        let outcome = try run(
          ["invert", file, "-o", path, "--no-height-error", "--format", "npy"] + more)
        #expect(outcome.code == 0 && outcome.output == "\(path)\n", "\(outcome.errors)")
        return (outcome.errors, try NpyArray.read("\(path)/rate.npy").values)
      }
      let (notes, relative) = try invert("a")
      #expect(notes.contains("Note: phases are referred to pixel ") && notes.contains("none"))
      let (silence, absolute) = try invert("b", "--reference", "none", "--weighting", "uniform")
      #expect(!silence.contains("Note:"), "\(silence)")
      let truth = try NpyArray.read(rate).values
      #expect(zip(truth, absolute).allSatisfy { $1.isNaN || abs($0 - $1) < 1e-4 })
      let shift = relative[500] - absolute[500]
      #expect(zip(relative, absolute).allSatisfy { $1.isNaN || abs($0 - $1 - shift) < 1e-4 })
      let wrong = try run(["invert", file, "-o", folder.file("c"), "--dataset", "velocity"])
      #expect(wrong.code == 1 && wrong.errors.contains("unwrapPhase"), "\(wrong.errors)")
    }
  #endif

  @Test func simulatedFoldersAreRateMaps() throws {
    let folder = try TemporaryFolder()
    let simulated = try run([
      "simulate", "mixed", "-o", folder.file("maps"), "--count", "2", "--size", "32", "--format",
      "npy",
    ])
    #expect(simulated.code == 0, "\(simulated.errors)")
    let outcome = try run(
      ["compose", folder.file("maps"), "-o", folder.file("stacks")] + Self.network)
    #expect(outcome.code == 0, "\(outcome.errors)")
    #expect(names(folder.file("stacks")).count == 2)
  }

  @Test func interruptedAndKilledJobsLeaveNothingHalfWritten() throws {
    let (folder, rate) = try rateMap()
    // The killed one comes last: it leaves its temporary folder.
    for (signalNumber, code) in [(SIGINT, Int32(130)), (SIGKILL, SIGKILL)] {
      let stack = folder.file("stack-\(signalNumber)")
      let (process, outputs) = try CommandRunner.start([
        "compose", rate, "--unit", "cm/yr", "-o", stack, "--set", "network.count=3000",
      ])
      for _ in 0..<6000 where !names(folder.path).contains(where: { $0.contains(".part-") }) {
        Thread.sleep(forTimeInterval: 0.1)
      }
      kill(process.processIdentifier, signalNumber)
      let outcome = CommandRunner.finish(process, outputs)
      #expect(outcome.code == code, "\(outcome.errors)")
      #expect(!FileManager.default.fileExists(atPath: stack))
      if signalNumber == SIGINT {
        #expect(names(folder.path).filter { $0.contains(".part-") }.isEmpty)
      }
    }
  }

  @Test func faultsAreClearAndNothingIsWritten() throws {
    let (folder, rate) = try rateMap()
    let file = folder.file("file")
    try Data("mine".utf8).write(to: URL(fileURLWithPath: file))
    let stack = folder.file("stack")
    func arguments(_ more: String...) -> [String] {
      ["compose", rate, "--unit", "cm/yr", "-o", stack] + more
    }
    let cases: [([String], Int32, String)] = [
      (["compose", rate, "-o", stack], 1, "--unit"),
      (["compose", "/no/rate.tif", "-o", stack], 1, "/no/rate.tif"),
      (["compose", rate, "--unit", "rad", "-o", stack], 1, "not a rate"),
      (arguments("--set", "model.decorrelation.looks=-1"), 2, "looks is -1"),
      (arguments("--set", "model.decorrelation.initialCoherence=2"), 2, "initialCoherence is 2"),
      (arguments("--set", "network.maximumPerpendicularBaselineMeters=0.001"), 2, "parts"),
      (arguments("--set", "geometry.wavelengthMeters=0"), 2, "wavelengthMeters is 0"),
      (arguments("--set", "modell.seed=1"), 2, "modell"),
      (
        arguments("--set", "network.dates=[20200101, 20200113, 20200113]"), 2,
        "20200113 is given twice"
      ),
      (arguments("--dem", rate, "--set", "heights.outerScaleMeters=0"), 2, "outerScaleMeters is 0"),
      (
        arguments("--set", "model.turbulence.rmsDifferenceMeters=-1"), 2,
        "rmsDifferenceMeters is -1"
      ),
      (arguments("--set", "model.coherence.water.fraction=0.9"), 2, "add up to 1.3"),
      (arguments("--set", "model.goldstein.windowPixels=30"), 2, "windowPixels is 30"),
      (arguments("--format", "geojson"), 64, "geojson"),
      (arguments("--samples", "csv"), 64, "csv"),
      (arguments("--shard", "2/2"), 1, "2/2"),
      (arguments("--samples", "zarr", "--shard", "2/2"), 1, "2/2"),
      (
        ["compose", rate, "--unit", "cm/yr", "-o", "\(file)/stack"] + Self.network, 1, "file/stack"
      ),
      (["compose", rate, "--unit", "cm/yr", "-o", file] + Self.network, 1, "exists already"),
      (["invert", rate, "-o", stack], 1, "rate.npy"),
      (["invert", folder.path, "-o", stack], 1, "ganinsar compose"),
    ]
    for (arguments, code, words) in cases {
      let outcome = try run(arguments)
      #expect(outcome.code == code, "\(arguments): \(outcome.errors)")
      #expect(outcome.errors.contains(words), "\(arguments): \(outcome.errors)")
    }
    #expect(names(folder.path) == ["file", "rate.npy"])
    #expect(FileManager.default.contents(atPath: file) == Data("mine".utf8))
  }

  @Test func sharesOfADatasetMakeTheWhole() throws {
    let (folder, rate) = try rateMap()
    func export(_ output: String, _ more: String...) throws {
      let outcome = try run(
        ["compose", rate, "--unit", "cm/yr", "-o", folder.file(output), "--samples", "webdataset"]
          + Self.network + more)
      #expect(outcome.code == 0, "\(outcome.errors)")
    }
    try export("whole")
    try export("shared", "--shard", "1/2")
    try export("shared", "--shard", "0/2")
    #expect(try content(of: folder.file("whole")) == content(of: folder.file("shared")))
  }
}
