import Foundation
import RasterIO
import TestSupport
import Testing

@testable import Commands

@Suite struct InfoCommandTests {
  let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  func fileReport(_ options: RasterReadOptions = .init()) throws -> FileReport {
    let path = folder.file("a.npy")
    return FileReport(path: path, scene: try RasterReader.read(path, options: options))
  }

  @Test func reportTellsShapeUnitNoDataAndRange() throws {
    try NpyArray(shape: [2, 3], values: [1, 2, 3, 4, 5, .nan]).write(to: folder.file("a.npy"))
    let report = try fileReport(.init(unit: .millimetersPerYear))
    for text in [
      "2 x 3 (rows x columns)", "mm/yr (given)", "16.67 % (1 pixels)", "1 to 5 mm/yr",
      "50 %: 3", "LOS sign     not stated", "no georeference",
    ] {
      #expect(report.text.contains(text), "\(text)")
    }
    #expect(report.flags.isEmpty)
    #expect(try fileReport().text.contains("unknown (an .npy file holds none"))
  }

  @Test(
    arguments: [
      ([.nan, .nan], "no valid pixel"), ([2, 2], "every valid pixel is the same"),
      ([1, .infinity], "1 infinite values"),
    ] as [([Float], String)])
  func uselessRastersAreReadAndFlagged(values: [Float], flag: String) throws {
    try NpyArray(shape: [1, 2], values: values).write(to: folder.file("a.npy"))
    let report = try fileReport()
    #expect(report.flags.contains { $0.contains(flag) })
    #expect(report.text.contains("WARNING"))
    // JSON has no NaN: what is not finite stays out of it.
    _ = try JSONEncoder().encode(report)
  }

  @Test func optionsAreParsedOrRefused() throws {
    let command = try InfoCommand.parse([
      "a.bin", "--unit", "mm/year", "--width", "7", "--type", "Int16", "--byte-order", "BIG",
      "--no-data",
      "inf", "--no-data", "-3.4e38", "--no-data=-9999", "--band", "2",
    ])
    let options = command.reading.options(command.units)
    var expected = RasterReadOptions(
      unit: .millimetersPerYear, noData: [.infinity, -3.4e38, -9999])
    expected.width = 7
    expected.sampleType = .int16
    expected.byteOrder = .big
    expected.band = 2
    #expect(options == expected)
    for bad in [
      ["--unit", "furlong"], ["--type", "float31"], ["--byte-order", "middle"], ["--no-data", "x"],
    ] {
      #expect(throws: (any Error).self) { try InfoCommand.parse(["a.bin"] + bad) }
    }
  }

  @Test func oneBadFileDoesNotStopTheOthersAndFailsTheCommand() throws {
    try NpyArray(shape: [1, 2], values: [1, 2]).write(to: folder.file("a.npy"))
    let good = try InfoCommand.parse([folder.file("a.npy")])
    try good.run()
    let mixed = try InfoCommand.parse([folder.file("none.npy"), folder.file("a.npy")])
    #expect(throws: (any Error).self) { try mixed.run() }
  }
}
