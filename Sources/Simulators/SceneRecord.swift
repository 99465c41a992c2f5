import InSARPhase

/// A source's parameters with the name of its kind.
struct SourceRecord: Encodable, Sendable {
  let source: any DeformationSource

  init(_ source: any DeformationSource) { self.source = source }

  enum CodingKeys: CodingKey { case kind }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(type(of: source).kind, forKey: .kind)
    try source.encode(to: encoder)
  }
}

/// The parameters of one scene, sufficient to compute it again.
struct SceneRecord: Encodable, Sendable {
  let grid: SceneGrid
  let lineOfSight: LineOfSight
  let sources: [SourceRecord]
  let texture: PowerLawTexture?

  init(_ scene: Scene) {
    grid = scene.grid
    lineOfSight = scene.lineOfSight
    sources = scene.sources.map { SourceRecord($0) }
    texture = scene.texture
  }
}
