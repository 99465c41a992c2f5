import Kernel
import Simulators
import Testing

@Suite struct MixedPresetTests {
  let grid: SceneGrid

  init() throws { grid = try SceneGrid(width: 256, height: 256, pixelSizeMeters: 120) }

  @Test func aSampleDependsOnSeedAndIndexAlone() throws {
    let small = try SceneGrid(width: 48, height: 32, pixelSizeMeters: 300)
    let preset = try ScenePreset.named("mixed")
    let rate = { (seed: UInt64, index: Int) in
      try preset.sample(grid: small, seed: seed, index: index).rateCMPerYear
    }
    let third = try rate(7, 3)
    _ = try rate(7, 0)
    #expect(try rate(7, 3) == third)
    #expect(try rate(7, 4) != third)
    #expect(try rate(8, 3) != third)
  }

  /// What a reader of rate maps expects: quiet ground, a heavy tail, both signs, no ramp; and
  /// enough moving ground for the paper's filter (at most 30 % within 3 cm/yr) to pass patches.
  @Test func scenesHaveTheStatisticsOfRateMaps() throws {
    var quiet = 0
    var passed = 0
    var windows = 0
    var pixels = 0
    var least: Float = 0
    var greatest: Float = 0
    for index in 0..<24 {
      let values = try ScenePreset.mixedScene(grid: grid, seed: 3, index: index).rateCMPerYear()
      #expect(values.count == grid.count && values.allSatisfy(\.isFinite))
      pixels += values.count
      quiet += values.count { abs($0) <= 3 }
      least = min(least, values.min()!)
      greatest = max(greatest, values.max()!)
      var random = CounterRandom(4, .testInput, UInt64(index))
      for _ in 0..<200 {
        // 64 to 256 px at 30 m are 16 to 64 px here.
        let size = random.integer(in: 16...64)
        let row = random.integer(below: grid.height - size)
        let column = random.integer(below: grid.width - size)
        var still = 0
        for y in row..<row + size {
          for x in column..<column + size where abs(values[y * grid.width + x]) <= 3 { still += 1 }
        }
        windows += 1
        if Double(still) <= 0.3 * Double(size * size) { passed += 1 }
      }
    }
    let quietShare = Double(quiet) / Double(pixels)
    let passShare = Double(passed) / Double(windows)
    #expect((0.6...0.95).contains(quietShare), "quiet share \(quietShare)")
    #expect((0.05...0.25).contains(passShare), "patches that pass \(passShare)")
    #expect(least < -12 && least > -60, "least \(least)")
    #expect(greatest > 8 && greatest < 60, "greatest \(greatest)")
  }

  @Test func quietGroundKeepsALowTexture() throws {
    let scene = try ScenePreset.mixedScene(grid: grid, seed: 3, index: 1)
    let texture = try #require(scene.texture)
    #expect((0.1...0.3).contains(texture.standardDeviationCMPerYear))
    let rate = try scene.rateCMPerYear()
    let smooth = scene.deformation().losCMPerYear(scene.lineOfSight)
    let difference = zip(rate, smooth).map { $0 - $1 }
    let expected = try texture.values(grid: grid)
    for (got, want) in zip(difference, expected) { #expect(abs(got - want) < 1e-4) }
  }

  @Test func anUnknownPresetListsTheKnownOnes() {
    do {
      _ = try ScenePreset.named("atlantis")
      Issue.record("atlantis was found")
    } catch { #expect("\(error)".contains("mixed") && "\(error)".contains("atlantis")) }
  }

  @Test(arguments: [(1, 1), (2, 700), (17, 3)]) func anySizeIsSimulated(width: Int, height: Int)
    throws
  {
    let grid = try SceneGrid(width: width, height: height, pixelSizeMeters: 30)
    let values = try ScenePreset.mixedScene(grid: grid, seed: 1, index: 0).rateCMPerYear()
    #expect(values.count == width * height && values.allSatisfy(\.isFinite))
  }
}
