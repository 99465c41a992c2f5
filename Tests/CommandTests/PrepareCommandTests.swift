import ArgumentParser
import RasterIO
import TestSupport
import Testing

@testable import Commands
@testable import Datasets

@Suite struct PrepareCommandTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    for (name, scale) in [("a", Float(1)), ("b", 2)] {
      let values = (0..<80 * 70).map { Float($0 % 80) * scale }
      try NpyArray(shape: [70, 80], values: values).write(to: folder.file("\(name).npy"))
    }
  }

  private func run(_ options: [String]) throws {
    let files = [folder.file("a.npy"), folder.file("b.npy")]
    let command = try PrepareCommand.parse(files + options)
    try command.run()
  }

  @Test func optionsReachTheDataset() throws {
    let output = folder.file("dataset")
    try run([
      "-o", output, "--unit", "mm", "--displacement-as-rate", "2", "--harmonize",
      "--harmonize-to", "10", "--hold-out", "b", "--licence", "a=CC-BY=4.0", "--upsample", "a=2",
      "--unit-of", "b=m/yr",
    ])
    let dataset = try RateDataset.open(output)
    let (a, b) = (dataset.manifest.scenes[0], dataset.manifest.scenes[1])
    #expect(a.origin.sourceUnit == .millimeters && a.origin.factorToCMPerYear == 0.05)
    #expect(a.origin.licence == "CC-BY=4.0" && a.origin.upsampling == 2 && a.width == 160)
    #expect(b.origin.sourceUnit == .metersPerYear && b.isHeldOut && b.width == 80)
    #expect(dataset.manifest.preparation.harmonisation?.percentile == 99.5)
    #expect(dataset.manifest.preparation.harmonisation?.toRateCMPerYear == 10)
  }

  @Test(arguments: [
    (["--left-half", "--split"], "Choose one of"),
    (["--harmonize-to", "10"], "need --harmonize"),
    (["--upsample", "a"], "name=factor"),
    (["--upsample", "a=1.5"], "whole factor"),
    (["--licence", "a=x", "--licence", "a=y"], "given twice"),
    (["--unit-of", "a=furlong"], "furlong"),
    (["--no-data", "x"], "not a number"),
  ])
  func mistakesAreErrorsBeforeAnythingIsWritten(options: [String], expected: String) throws {
    let output = folder.file("dataset")
    do {
      try run(["-o", output, "--unit", "mm/yr"] + options)
      Issue.record("nothing was thrown")
    } catch {
      #expect(PrepareCommand.fullMessage(for: error).contains(expected))
    }
    #expect(throws: DatasetError.self) { try RateDataset.open(output) }
  }
}
