import Foundation
import InSARPhase
import RasterIO
import TestSupport
import Testing

@testable import Jobs
@testable import StackFiles

/// What an inversion of a composed stack says of itself.
struct StackTruthTests {
  private func job(_ fixture: StackFixture, dataset: String? = nil) throws -> StackInversion {
    let output = fixture.folder.file("stack")
    if !FileManager.default.fileExists(atPath: output) {
      try fixture.composition().run(output: output)
    }
    var job = StackInversion(stack: try StackSource.open(output, dataset: dataset))
    job.formats = [.npy]
    return job
  }

  private func rate(_ folder: String) throws -> [Float] {
    try NpyArray.read("\(folder)/rate.npy").values
  }

  @Test func errorsAgainstTheTruthAreReported() throws {
    let fixture = try StackFixture()
    var job = try job(fixture)
    let report = try job.run(output: fixture.folder.file("a"))
    let error = zip(try rate(fixture.folder.file("a")), StackFixture.rate()).map { $0 - $1 }
    let found = try #require(report.truthErrors.first)
    #expect(found.name == "rate" && found.unit == "cm/yr" && found.pixels == 471)
    #expect(abs(found.rootMeanSquare - rootMeanSquare(error)) < 1e-6)
    #expect(report.truthErrors.map(\.name) == ["rate", "height_error"])
    let json = try String(contentsOfFile: fixture.folder.file("a/inversion.json"), encoding: .utf8)
    #expect(json.contains("errorsAgainstTruth"))

    // Relative to a pixel, the truth is too.
    job.reference = (10, 3)
    let relative = try job.run(output: fixture.folder.file("b")).truthErrors
    #expect(relative[0].rootMeanSquare < 4 * found.rootMeanSquare)
  }

  @Test func aLayerCanBeTakenByName() throws {
    let fixture = try StackFixture()
    _ = try job(fixture)
    let clean = try job(fixture, dataset: "deformation")
    let report = try clean.run(output: fixture.folder.file("a"))
    #expect(report.truthErrors[0].rootMeanSquare < 1e-4)
    let noise = try job(fixture, dataset: "decorrelation").run(output: fixture.folder.file("b"))
    #expect(noise.truthErrors.isEmpty)
    #expect {
      _ = try job(fixture, dataset: "turbulence")
    } throws: { "\($0)".contains("turbulence") && "\($0)".contains("deformation") }
  }

  @Test func equalWeightsNeedNoCoherence() throws {
    let fixture = try StackFixture()
    var job = try job(fixture)
    for pair in job.stack.network.pairs {
      let name = job.stack.network.name(pair)
      try FileManager.default.removeItem(atPath: fixture.folder.file("stack/\(name)/coherence.npy"))
    }
    #expect {
      try job.run(output: fixture.folder.file("a"))
    } throws: { "\($0)".contains("coherence.npy") }
    job.settings.weighting = .uniform
    try job.run(output: fixture.folder.file("a"))
    #expect(try rate(fixture.folder.file("a")).count(where: \.isFinite) == 471)
  }

  @Test func aGapInTheManifestIsCrossedAndOtherFaultsNameTheFile() throws {
    let fixture = try StackFixture()
    let job = try job(fixture)
    let manifest = fixture.folder.file("stack/manifest.json")
    let text = try String(contentsOfFile: manifest, encoding: .utf8)
    var stack = try StackSource.readManifest(fixture.folder.file("stack"))
    let network = job.stack.network
    let split = network.pairs.filter { $0.secondary < 6 || $0.reference >= 6 }
    stack.network = try InterferogramNetwork(
      acquisitions: network.acquisitions, pairs: split, allowsGaps: true)
    try JSONEncoder().encode(stack).write(to: URL(fileURLWithPath: manifest))
    let report = try self.job(fixture).run(output: fixture.folder.file("a"))
    #expect(report.notes.joined().contains("2 parts"))
    #expect(report.truthErrors[0].rootMeanSquare < 1)

    let last = network.dates[11]
    try text.replacingOccurrences(of: "\"date\": \"\(last)\"", with: "\"date\": \"20200101\"")
      .write(toFile: manifest, atomically: true, encoding: .utf8)
    #expect {
      _ = try self.job(fixture)
    } throws: { error in
      ["manifest.json", "20200101"].allSatisfy { "\(error)".contains($0) }
    }
  }

  @Test func lowTemporalCoherenceIsAWarning() throws {
    let fixture = try StackFixture()
    var configuration = StackFixture.configuration()
    configuration.model.components = [.deformation, .decorrelation]
    configuration.model.decorrelation.initialCoherence = 0.05
    configuration.model.decorrelation.finalCoherence = 0.05
    let output = fixture.folder.file("stack")
    try fixture.composition(configuration).run(output: output)
    var job = try job(fixture)
    job.usesWrappedPhases = true
    let report = try job.run(output: fixture.folder.file("a"))
    #expect(report.warnings.contains { $0.contains("temporal coherence is low") })

    let good = try StackFixture()
    var clear = try self.job(good)
    clear.usesWrappedPhases = true
    #expect(try clear.run(output: good.folder.file("a")).warnings.isEmpty)
  }
}
