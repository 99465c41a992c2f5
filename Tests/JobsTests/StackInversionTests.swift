import Foundation
import InSARPhase
import RasterIO
import TestSupport
import Testing

@testable import Jobs
@testable import StackFiles

struct StackInversionTests {
  private func compose(_ fixture: StackFixture, formats: [StackFormat] = []) throws -> String {
    let output = fixture.folder.file("stack")
    try fixture.composition().run(output: output, formats: formats)
    return output
  }

  private func invert(_ stack: String, to output: String, wrapped: Bool = false) throws -> [Float] {
    var job = StackInversion(stack: try StackSource.open(stack))
    job.usesWrappedPhases = wrapped
    job.search.rateLimitCMPerYear = 8
    job.formats = [.npy]
    job.reference = nil
    try job.run(output: output)
    return try NpyArray.read("\(output)/rate.npy").values
  }

  @Test func ratesAndHeightErrorsComeBack() throws {
    let fixture = try StackFixture()
    let stack = try compose(fixture)
    let output = fixture.folder.file("inverted")
    let rate = try invert(stack, to: output)
    let error = zip(rate, StackFixture.rate()).map { $0 - $1 }
    #expect(rate.count { $0.isNaN } == 9)
    // 0.1 rad in 38 interferograms of 12 to 48 days; standard error and error agree.
    let standardError = try NpyArray.read("\(output)/rate_standard_error.npy").values
    #expect(rootMeanSquare(error) < 0.3)
    #expect((0.7...1.4).contains(rootMeanSquare(error) / rootMeanSquare(standardError)))
    let height = try NpyArray.read("\(output)/height_error.npy").values
    let truth = try NpyArray.read("\(stack)/height_error.npy").values
    #expect(rootMeanSquare(zip(height, truth).map { $0 - $1 }) < 2)
    let coherence = try NpyArray.read("\(output)/temporal_coherence.npy").values
    #expect(coherence.filter(\.isFinite).allSatisfy { $0 > 0.95 && $0 <= 1.0001 })
  }

  @Test func wrappedPhasesGiveTheSameRates() throws {
    let fixture = try StackFixture()
    let stack = try compose(fixture)
    let unwrapped = try invert(stack, to: fixture.folder.file("unwrapped"))
    let wrapped = try invert(stack, to: fixture.folder.file("wrapped"), wrapped: true)
    let difference = zip(unwrapped, wrapped).map { $0 - $1 }
    // A common phase is left open there, which costs precision: about 0.2 cm/yr here.
    #expect(difference.filter(\.isFinite).allSatisfy { abs($0) < 1 })
    #expect(rootMeanSquare(difference) < 0.4)
  }

  @Test func rowsInSmallPartsGiveTheSame() throws {
    let fixture = try StackFixture()
    let stack = try compose(fixture)
    let whole = try invert(stack, to: fixture.folder.file("whole"))
    var job = StackInversion(stack: try StackSource.open(stack))
    job.formats = [.npy]
    job.memoryBytes = 1
    var rows: [Int] = []
    try job.run(output: fixture.folder.file("parts")) { rows.append($0) }
    #expect(rows == Array(1...StackFixture.height))
    let parts = try NpyArray.read(fixture.folder.file("parts/rate.npy")).values
    #expect(parts.map(\.bitPattern) == whole.map(\.bitPattern))
  }

  #if GDAL
    @Test func mintPysFileGivesTheSameRates() throws {
      var fixture = try StackFixture()
      try fixture.useGeoTIFF()
      let stack = try compose(fixture, formats: [.mintpy])
      let ours = try invert(stack, to: fixture.folder.file("ours"))
      let file = "\(stack)/mintpy/inputs/ifgramStack.h5"
      let theirs = try invert(file, to: fixture.folder.file("theirs"))
      let difference = zip(ours, theirs).map { $0 - $1 }.filter(\.isFinite)
      #expect(difference.count > 400 && difference.allSatisfy { abs($0) < 1e-3 })
      let source = try StackSource.open(file)
      #expect(source.georeference?.geotransform == StackFixture.place.geotransform)
      #expect(try source.network.dates == StackSource.open(stack).network.dates)
      #expect(source.equivalentLooks == 16)
    }
  #endif

  @Test func damagedStacksAreClearErrorsAndNothingIsWritten() throws {
    let fixture = try StackFixture()
    let stack = try compose(fixture)
    let pair = try StackSource.readManifest(stack).pairs[3].name
    let file = "\(stack)/\(pair)/unwrapped.npy"
    let whole = try #require(FileManager.default.contents(atPath: file))
    var flipped = whole
    flipped[700] ^= 1
    let output = fixture.folder.file("inverted")
    func expectFailure(_ words: String...) {
      #expect {
        _ = try invert(stack, to: output)
      } throws: { error in
        words.allSatisfy { "\(error)".contains($0) }
      }
      #expect(!FileManager.default.fileExists(atPath: output))
    }
    try flipped.write(to: URL(fileURLWithPath: file))
    expectFailure(file, "checksum")
    try FileManager.default.removeItem(atPath: file)
    expectFailure(file)
    try whole.write(to: URL(fileURLWithPath: file))
    let manifest = "\(stack)/manifest.json"
    let text = try String(contentsOfFile: manifest, encoding: .utf8)
    for (bad, words) in [
      ("{}", "formatVersion"), ("no json", "not JSON"),
      (text.replacingOccurrences(of: "\"sentinel-1\"", with: "\"sputnik\""), "sputnik"),
      (text.replacingOccurrences(of: "\"formatVersion\": 1", with: "\"formatVersion\": 9"), "9"),
    ] {
      try bad.write(toFile: manifest, atomically: true, encoding: .utf8)
      expectFailure("manifest.json", words)
    }
    try FileManager.default.removeItem(atPath: manifest)
    expectFailure("compose")
  }

  @Test func aReferencePixelOutsideOrWithoutDataIsAClearError() throws {
    let fixture = try StackFixture()
    let stack = try compose(fixture)
    var job = StackInversion(stack: try StackSource.open(stack))
    job.reference = (99, 0)
    #expect {
      try job.run(output: fixture.folder.file("x"))
    } throws: { "\($0)".contains("99,0") }
    job.reference = (0, 23)
    #expect {
      try job.run(output: fixture.folder.file("x"))
    } throws: { "\($0)".contains("no phase") }
    job.reference = (10, 3)
    job.formats = [.npy]
    try job.run(output: fixture.folder.file("y"))
    let rate = try NpyArray.read(fixture.folder.file("y/rate.npy")).values
    #expect(abs(rate[10 * StackFixture.width + 3]) < 1e-6)
  }
}
