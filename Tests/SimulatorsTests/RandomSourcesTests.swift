import Kernel
import Simulators
import Testing

/// Fifty random configurations of every source, evaluated above, on, beside and far from them.
@Suite struct RandomSourcesTests {
  typealias Draw = @Sendable (inout CounterRandom) throws -> any DeformationSource

  static func outline(_ random: inout CounterRandom) -> IrregularOutline {
    let harmonics = (0..<8).map { _ in
      IrregularOutline.Harmonic(
        amplitude: random.uniform(-0.1...0.1), phaseRadians: random.uniform(0...6))
    }
    return IrregularOutline(
      eastMeters: random.uniform(-5000...5000), northMeters: random.uniform(-5000...5000),
      meanRadiusMeters: random.uniform(1...9000), elongation: random.uniform(1...20),
      azimuthDegrees: random.uniform(-400...400), harmonics: harmonics)
  }

  static let draws: [(kind: String, draw: Draw)] = [
    (
      MogiSource.kind,
      {
        try MogiSource(
          eastMeters: $0.uniform(-5000...5000), northMeters: $0.uniform(-5000...5000),
          depthMeters: $0.uniform(0.1...9000),
          volumeRateCubicMetersPerYear: $0.uniform(-1e8...1e8), poissonRatio: $0.uniform(0...0.5))
      }
    ),
    (
      SubsidenceBowl.kind,
      {
        try SubsidenceBowl(
          eastMeters: $0.uniform(-5000...5000), northMeters: $0.uniform(-5000...5000),
          peakUpCMPerYear: $0.uniform(-30...30), sigmaAlongMeters: $0.uniform(0.1...3000),
          sigmaAcrossMeters: $0.uniform(0.1...3000), azimuthDegrees: $0.uniform(-400...400),
          depthMeters: $0.uniform(1...3000))
      }
    ),
    (
      KnotheTrough.kind,
      {
        try KnotheTrough(
          eastMeters: $0.uniform(-5000...5000), northMeters: $0.uniform(-5000...5000),
          fullUpCMPerYear: $0.uniform(-30...30), panelLengthMeters: $0.uniform(1...4000),
          panelWidthMeters: $0.uniform(1...500), azimuthDegrees: $0.uniform(-400...400),
          depthMeters: $0.uniform(1...1000), influenceAngleDegrees: $0.uniform(20...85))
      }
    ),
    (
      StrikeSlipFault.kind,
      {
        try StrikeSlipFault(
          .init(
            eastMeters: $0.uniform(-5000...5000), northMeters: $0.uniform(-5000...5000),
            strikeDegrees: $0.uniform(-400...400), lengthMeters: $0.uniform(1...1e5),
            taperMeters: $0.uniform(0.1...1e4)), deepSlipCMPerYear: $0.uniform(-10...10),
          lockingDepthMeters: $0.uniform(0.1...2e4), creepCMPerYear: $0.uniform(-10...10),
          creepDepthMeters: $0.uniform(0.1...1e4))
      }
    ),
    (
      AquiferPolygon.kind,
      {
        try AquiferPolygon(
          outline: outline(&$0), plateauUpCMPerYear: $0.uniform(-30...30),
          rimMeters: $0.uniform(0.1...5000), rimAsymmetry: $0.uniform(0...0.95),
          gentleSideDegrees: $0.uniform(0...360), heterogeneity: $0.uniform(0...0.6),
          noise: SmoothNoise(seed: $0.next(), wavelengthMeters: $0.uniform(1...5000), octaves: 5))
      }
    ),
    (
      LandslidePatch.kind,
      {
        try LandslidePatch(
          outline: outline(&$0), slideCMPerYear: $0.uniform(-30...30),
          slopeDegrees: $0.uniform(0...89), edgeMeters: $0.uniform(0.1...1000),
          toeGain: $0.uniform(-0.9...0.9), blockContrast: $0.uniform(0...1),
          blocks: BlockNoise(seed: $0.next(), blockLengthMeters: $0.uniform(1...1000)))
      }
    ),
    (
      LinearStructure.kind,
      {
        let points = [
          LinearStructure.Point(eastMeters: 0, northMeters: 0),
          .init(eastMeters: $0.uniform(-5000...5000), northMeters: $0.uniform(-5000...5000)),
          .init(eastMeters: 0, northMeters: 0), .init(eastMeters: 0, northMeters: 0),
        ]
        return try LinearStructure(
          points: points, peakUpCMPerYear: $0.uniform(-30...30),
          sigmaMeters: $0.uniform(0.1...500),
          stretches: SmoothNoise(seed: $0.next(), wavelengthMeters: $0.uniform(1...5000)),
          stretchBias: $0.uniform(-2...2))
      }
    ),
    (
      OkadaDislocation.kind,
      {
        // Every tenth breaks the surface, every other tenth lies flat or stands upright.
        let choice = $0.integer(below: 10)
        return try OkadaDislocation(
          .init(
            eastMeters: choice == 1 ? 0 : $0.uniform(-5000...5000), northMeters: 0,
            topDepthMeters: choice == 0 || choice == 1 ? 0 : $0.uniform(0.1...9000),
            lengthMeters: $0.uniform(1...2e4), widthMeters: $0.uniform(1...1e4),
            strikeDegrees: $0.uniform(-400...400),
            dipDegrees: choice == 2 ? 0 : choice == 3 ? 90 : $0.uniform(0.01...90)),
          strikeSlipCMPerYear: $0.uniform(-10...10), dipSlipCMPerYear: $0.uniform(-10...10),
          openingCMPerYear: $0.uniform(-10...10), poissonRatio: $0.uniform(0...0.5))
      }
    ),
    (
      PennyCrack.kind,
      {
        let depth = $0.uniform(100...9000)
        return try PennyCrack(
          eastMeters: 0, northMeters: 0, depthMeters: depth,
          radiusMeters: depth * $0.uniform(0.01...5), pressureRatePascalsPerYear: 1e6)
      }
    ),
    (
      "warped",
      {
        try MogiSource(
          eastMeters: 0, northMeters: 0, depthMeters: $0.uniform(0.1...9000),
          peakUpCMPerYear: $0.uniform(-30...30)
        ).warped(
          DomainWarp(
            amplitudeMeters: $0.uniform(0...3000), wavelengthMeters: $0.uniform(1...5000),
            octaves: $0.integer(in: 1...6), seed: $0.next()))
      }
    ),
  ]

  @Test(arguments: draws.indices) func stayFinite(index: Int) throws {
    for configuration in 0..<50 {
      var random = CounterRandom(11, .testInput, UInt64(index), UInt64(configuration))
      let source = try Self.draws[index].draw(&random)
      #expect(source.faults() == [])
      var places = [(0.0, 0.0), (1e7, -1e7), (-0.0, 1e-9)]
      if let bounds = source.bounds {
        let east = (bounds.westMeters + bounds.eastMeters) / 2
        let north = (bounds.southMeters + bounds.northMeters) / 2
        places += [(east, north), (bounds.westMeters, north), (east, bounds.northMeters)]
      }
      // A crack is solved anew for every place: one of its grids serves instead.
      if let crack = source as? PennyCrack {
        let grid = try SceneGrid(width: 16, height: 16, pixelSizeMeters: random.uniform(1...9000))
        let field = DeformationField(grid: grid, sources: [crack])
        let isFinite = (field.upCMPerYear + field.eastCMPerYear).allSatisfy { $0.isFinite }
        #expect(isFinite)
        continue
      }
      for _ in 0..<50 {
        places.append((random.uniform(-9000...9000), random.uniform(-9000...9000)))
      }
      for (east, north) in places {
        let rate = source.rateCMPerYear(eastMeters: east, northMeters: north)
        #expect(
          rate.x.isFinite && rate.y.isFinite && rate.z.isFinite,
          "\(Self.draws[index].kind) \(configuration) at \(east), \(north)")
      }
    }
  }

  /// What a source reports as its bounds holds all that it moves.
  @Test(arguments: draws.indices) func moveNothingOutsideTheirBounds(index: Int) throws {
    for configuration in 0..<50 {
      var random = CounterRandom(12, .testInput, UInt64(index), UInt64(configuration))
      let source = try Self.draws[index].draw(&random)
      guard let bounds = source.bounds else { continue }
      let width = bounds.eastMeters - bounds.westMeters
      let height = bounds.northMeters - bounds.southMeters
      for _ in 0..<20 {
        var east = random.uniform(bounds.westMeters...bounds.eastMeters)
        var north = random.uniform(bounds.southMeters...bounds.northMeters)
        switch random.integer(below: 4) {
        case 0: east = bounds.westMeters - random.uniform(0...2) * width
        case 1: east = bounds.eastMeters + random.uniform(0...2) * width
        case 2: north = bounds.southMeters - random.uniform(0...2) * height
        default: north = bounds.northMeters + random.uniform(0...2) * height
        }
        let rate = source.rateCMPerYear(eastMeters: east, northMeters: north)
        #expect((rate * rate).sum().squareRoot() < 3e-5, "\(Self.draws[index].kind)")
      }
    }
  }
}
