import InSARPhase
import Simulators
import Testing

@Suite struct DeformationFieldTests {
  let grid: SceneGrid
  let mogi: MogiSource
  let bowl: SubsidenceBowl

  init() throws {
    grid = try SceneGrid(width: 48, height: 32, pixelSizeMeters: 100)
    mogi = try MogiSource(
      eastMeters: 1000, northMeters: 2000, depthMeters: 1500, peakUpCMPerYear: 8)
    bowl = try SubsidenceBowl(
      eastMeters: 3000, northMeters: 1000, peakUpCMPerYear: -12, sigmaAlongMeters: 300,
      sigmaAcrossMeters: 200, azimuthDegrees: 30, depthMeters: 600)
  }

  @Test func sourcesComposeByAddition() {
    let both = DeformationField(grid: grid, sources: [mogi, bowl])
    let first = DeformationField(grid: grid, sources: [mogi])
    let second = DeformationField(grid: grid, sources: [bowl])
    for pixel in 0..<grid.count {
      #expect(
        abs(both.upCMPerYear[pixel] - first.upCMPerYear[pixel] - second.upCMPerYear[pixel]) < 1e-5)
      #expect(
        abs(both.eastCMPerYear[pixel] - first.eastCMPerYear[pixel] - second.eastCMPerYear[pixel])
          < 1e-5)
    }
  }

  /// A source that reports bounds gives the same field as one that is evaluated everywhere.
  @Test func boundsLoseNothing() {
    let field = DeformationField(grid: grid, sources: [bowl])
    for row in 0..<grid.height {
      for column in 0..<grid.width {
        let rate = bowl.rateCMPerYear(
          eastMeters: grid.eastMeters(column: column), northMeters: grid.northMeters(row: row))
        #expect(abs(Double(field.upCMPerYear[row * grid.width + column]) - rate.z) < 1e-5)
      }
    }
  }

  @Test func northIsUpAndEastIsRight() {
    let field = DeformationField(grid: grid, sources: [mogi])
    let peak = field.upCMPerYear.indices.max { field.upCMPerYear[$0] < field.upCMPerYear[$1] }!
    // 1000 m east is between columns 9 and 10, 2000 m north between rows 11 and 12.
    #expect([9, 10].contains(peak % grid.width) && [11, 12].contains(peak / grid.width))
  }

  @Test func upliftIsPositiveInEveryLineOfSight() throws {
    let field = DeformationField(grid: grid, sources: [mogi])
    for line in [LineOfSight.vertical, .sentinel1Ascending, .sentinel1Descending] {
      let los = field.losCMPerYear(line)
      #expect(los[12 * 48 + 10] > 4)
      let projected = try line.project(
        east: field.eastCMPerYear, north: field.northCMPerYear, up: field.upCMPerYear)
      #expect(los == projected)
    }
    #expect(field.losCMPerYear(.vertical) == field.upCMPerYear)
  }

  @Test(arguments: [(0, 8, 30.0), (8, -1, 30), (8, 8, 0), (8, 8, .nan), (100_000, 8, 30)])
  func aGridOutOfRangeIsAnError(width: Int, height: Int, pixelSizeMeters: Double) {
    #expect(throws: SimulatorError.self) {
      try SceneGrid(width: width, height: height, pixelSizeMeters: pixelSizeMeters)
    }
  }

  @Test func aSourceFarOutsideTheSceneAddsNothing() throws {
    let far = try SubsidenceBowl(
      eastMeters: -1e7, northMeters: 1e7, peakUpCMPerYear: -12, sigmaAlongMeters: 300,
      sigmaAcrossMeters: 200, depthMeters: 600)
    #expect(DeformationField(grid: grid, sources: [far]) == DeformationField(grid: grid))
  }
}
