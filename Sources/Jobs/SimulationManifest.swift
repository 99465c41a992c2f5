import DurableFiles
import Foundation
import InSARPhase
import Kernel
import Rasters
import RunSupport
import Simulators

/// The content of `manifest.json` in a folder of simulated samples.
package struct SimulationManifest: Codable, Sendable, Equatable {
  package struct Sample: Codable, Sendable, Equatable {
    package var index: Int
    /// The files of the rate, one per format.
    package var files: [String]
    /// Files of further layers by layer name; absent if there are none.
    package var layers: [String: [String]]?
    /// The file with all random parameters.
    package var parameters: String
    package var leastCMPerYear: Float
    package var greatestCMPerYear: Float
  }

  package var formatVersion = 1
  /// Version and commit of the program that wrote it; `nil` in manifests of earlier versions.
  package var program: String? = ProgramVersion.name
  package var preset: String
  package var summary: String
  package var source: String
  package var seed: UInt64
  /// `RandomStream.edition`; absent before the second.
  package var randomStreams: Int?
  /// Number of samples in this folder.
  package var count: Int
  /// Number of samples of all shards, and the shard of this folder.
  package var totalCount: Int
  package var shard: JobShard
  package var grid: SceneGrid
  package var unit: RasterUnit
  package var signConvention: String
  package var place: String
  /// The source of heights, for presets that use them.
  package var terrain: String
  /// What a preset learned from; absent for the others.
  package var trainingImages: [String]?
  package var samples: [Sample]

  init(job: SimulationJob, samples: [Sample]) {
    preset = job.preset.name
    summary = job.preset.summary
    source = job.preset.source
    seed = job.seed
    randomStreams = RandomStream.edition
    count = job.indices.count
    totalCount = job.count
    shard = job.shard
    grid = job.grid
    unit = .centimetersPerYear
    signConvention = "line of sight, " + LOSConvention.towardSatellite.rawValue
    place =
      job.preset.needsTrainingImages
      ? "made up; values come from the training images" : "made up; no real ground is shown"
    terrain = job.inputs.terrain.name
    trainingImages = job.inputs.training?.images.map(\.name)
    self.samples = samples
  }
}

extension SimulationJob {
  /// The properties that identify a job.
  package var description: [String: String] {
    let own = [
      "preset": preset.name, "seed": "\(seed)",
      "random streams": "\(RandomStream.edition)", "count": "\(count)",
      "shard": "\(shard.index)/\(shard.count)",
      "grid": "\(grid.width) x \(grid.height) px of \(grid.pixelSizeMeters) m",
      "formats": formats.map(\.rawValue).joined(separator: ","),
      "components": "\(writesComponents)", "heights": inputs.terrain.identity,
    ]
    return own.merging(inputs.trainingIdentity) { $1 }
  }

  /// The manifest's text before and after the position of the samples' records.
  func manifestText() throws -> (before: String, after: String) {
    let document = ManifestDocument(
      manifest: SimulationManifest(job: self, samples: []), settings: preset.settings)
    let text = String(decoding: try Self.json(document), as: UTF8.self)
    // The encoder writes an empty array as "[\n\n  ]".
    guard let key = text.range(of: "\"samples\" : ["),
      let end = text[key.upperBound...].firstIndex(of: "]")
    else { throw SimulatorError.badJob(faults: ["the manifest has no place for samples"]) }
    return (String(text[..<key.upperBound]) + "\n", "  " + text[end...])
  }
}

/// The manifest and the preset's published numbers in one object.
private struct ManifestDocument: Encodable {
  let manifest: SimulationManifest
  let settings: any Encodable & Sendable

  enum CodingKeys: CodingKey { case presetParameters }

  func encode(to encoder: any Encoder) throws {
    try manifest.encode(to: encoder)
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(AnyRecord(settings), forKey: .presetParameters)
  }
}

/// The parameter file of one sample.
package struct SampleNumbers: Encodable {
  private let record: any Encodable & Sendable

  package init(_ sample: SimulatedSample) { record = sample.record }

  package func encode(to encoder: any Encoder) throws { try record.encode(to: encoder) }
}

private struct AnyRecord: Encodable {
  let record: any Encodable & Sendable

  init(_ record: any Encodable & Sendable) { self.record = record }

  func encode(to encoder: any Encoder) throws { try record.encode(to: encoder) }
}
