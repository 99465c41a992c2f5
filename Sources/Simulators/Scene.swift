import InSARPhase

/// One simulated scene: its grid, sources, residual texture and line of sight.
public struct Scene: Sendable {
  public let grid: SceneGrid
  public let lineOfSight: LineOfSight
  public let sources: [any DeformationSource]
  /// Added in the line of sight; `nil` for none.
  public let texture: PowerLawTexture?

  public init(
    grid: SceneGrid, lineOfSight: LineOfSight, sources: [any DeformationSource],
    texture: PowerLawTexture? = nil
  ) {
    self.grid = grid
    self.lineOfSight = lineOfSight
    self.sources = sources
    self.texture = texture
  }

  /// East, north and up rates of the sources, without the texture.
  public func deformation() -> DeformationField { DeformationField(grid: grid, sources: sources) }

  /// The rate map in cm/yr, positive toward the satellite, of the grid's shape.
  public func rateCMPerYear() throws -> [Float] {
    var rate = deformation().losCMPerYear(lineOfSight)
    if let texture {
      let values = try texture.values(grid: grid)
      for pixel in rate.indices { rate[pixel] += values[pixel] }
    }
    return rate
  }

  /// This scene as a sample: the rate with the texture, the components without.
  func sample() throws -> SimulatedSample {
    let field = deformation()
    var rate = field.losCMPerYear(lineOfSight)
    if let texture {
      let values = try texture.values(grid: grid)
      for pixel in rate.indices { rate[pixel] += values[pixel] }
    }
    return SimulatedSample(
      grid: grid, rateCMPerYear: rate, components: field, record: SceneRecord(self))
  }
}
