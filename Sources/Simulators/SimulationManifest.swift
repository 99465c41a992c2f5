import InSARPhase
import RasterIO

/// What `manifest.json` of a simulated folder says.
public struct SimulationManifest: Codable, Sendable, Equatable {
  public struct Sample: Codable, Sendable, Equatable {
    public var index: Int
    public var files: [String]
    /// The file with every parameter of every source.
    public var parameters: String
    public var leastCMPerYear: Float
    public var greatestCMPerYear: Float
  }

  public var formatVersion = 1
  public var preset: String
  public var summary: String
  public var source: String
  public var seed: UInt64
  public var count: Int
  public var grid: SceneGrid
  public var unit: RasterUnit
  public var signConvention: String
  public var place: String
  public var samples: [Sample]

  init(job: SimulationJob, samples: [Sample]) {
    preset = job.preset.name
    summary = job.preset.summary
    source = job.preset.source
    seed = job.seed
    count = job.count
    grid = job.grid
    unit = .centimetersPerYear
    signConvention = "line of sight, " + LOSConvention.towardSatellite.rawValue
    place = "made up; no real ground is shown"
    self.samples = samples
  }
}

/// One scene's parameters in the open: enough to compute it again.
struct SceneRecord: Encodable {
  struct Source: Encodable {
    let source: any DeformationSource

    enum CodingKeys: CodingKey { case kind }

    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      try container.encode(type(of: source).kind, forKey: .kind)
      try source.encode(to: encoder)
    }
  }

  let grid: SceneGrid
  let lineOfSight: LineOfSight
  let sources: [Source]
  let texture: PowerLawTexture?

  init(_ scene: Scene) {
    grid = scene.grid
    lineOfSight = scene.lineOfSight
    sources = scene.sources.map(Source.init)
    texture = scene.texture
  }
}
