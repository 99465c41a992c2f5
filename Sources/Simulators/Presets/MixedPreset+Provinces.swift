import Foundation

/// The kinds of provinces in the `mixed` preset. Ranges are those of published rate maps: aquifers
/// and mines of km size at some cm to some dm per year, landslides of 0.1 to 2 km, lines of 100 m.
extension MixedScene {
  /// A basin with a compacting plateau, often with a second lobe and wells with stronger
  /// subsidence.
  mutating func addAquifer(at place: LinearStructure.Point) throws {
    let radius = logUniform(2_200...8_500)
    let azimuth = random.uniform(0...180)
    let rate = sign(negativeShare: 0.85) * max(4, heavyTail(median: 8))
    let lobes = random.integer(in: 1...3)
    for lobe in 0..<lobes {
      let size = lobe == 0 ? radius : radius * random.uniform(0.35...0.7)
      let center = lobe == 0 ? place : near(place, spreadMeters: 0.8 * radius)
      let basin = try AquiferPolygon(
        outline: outline(
          at: center, radiusMeters: size, elongation: random.uniform(1...2.6),
          azimuthDegrees: azimuth + 15 * random.normal(), roughness: 0.3),
        plateauUpCMPerYear: rate * (lobe == 0 ? 1 : random.uniform(0.3...0.8)),
        rimMeters: size * random.uniform(0.25...0.9), rimAsymmetry: random.uniform(0.2...0.93),
        gentleSideDegrees: random.uniform(0...360), heterogeneity: random.uniform(0.2...0.6),
        noise: SmoothNoise(seed: random.next(), wavelengthMeters: size * 0.7, octaves: 5))
      sources.append(try basin.warped(warp(ofShape: size, strength: 0.12)))
    }
    for _ in 0..<random.integer(in: 0...7) {
      try addBowl(
        at: near(place, spreadMeters: 0.55 * radius), sigmaMeters: logUniform(120...700),
        upCMPerYear: rate * random.uniform(-0.25...0.9))
    }
  }

  /// Longwall panels side by side, worked one after another: those mined recently move most.
  mutating func addMine(at place: LinearStructure.Point) throws {
    let azimuth = random.uniform(0...180)
    let depth = logUniform(300...900)
    let width = random.uniform(180...380)
    let length = random.uniform(1_200...3_500)
    let pillar = random.uniform(30...150)
    let peak = -max(4, heavyTail(median: 11))
    for row in 0..<random.integer(in: 1...2) {
      var activity = random.uniform(0.2...1)
      for panel in 0..<random.integer(in: 3...9) {
        activity = min(max(activity + random.uniform(-0.45...0.45), 0.02), 1)
        let panelLength = length * random.uniform(0.6...1.1)
        let (east, north) = unrotated(
          along: (Double(row) * 1.15 + random.uniform(-0.1...0.1)) * length,
          across: Double(panel) * (width + pillar), azimuthDegrees: azimuth)
        let trough = try KnotheTrough(
          eastMeters: place.eastMeters + east, northMeters: place.northMeters + north,
          fullUpCMPerYear: peak * activity, panelLengthMeters: panelLength,
          panelWidthMeters: width * random.uniform(0.85...1.15), azimuthDegrees: azimuth,
          depthMeters: depth, influenceAngleDegrees: random.uniform(55...70))
        sources.append(try trough.warped(warp(ofShape: 2.5 * width, strength: 0.09)))
      }
    }
  }

  /// One to three reservoirs at different depths, distorted by heterogeneous rock.
  mutating func addVolcano(at place: LinearStructure.Point) throws {
    let depth = logUniform(1_500...6_000)
    let rate = sign(negativeShare: 0.35) * max(5, heavyTail(median: 10))
    for source in 0..<random.integer(in: 1...3) {
      let center = source == 0 ? place : near(place, spreadMeters: 1.3 * depth)
      let sourceDepth = source == 0 ? depth : depth * random.uniform(0.3...0.9)
      let mogi = try MogiSource(
        eastMeters: center.eastMeters, northMeters: center.northMeters, depthMeters: sourceDepth,
        peakUpCMPerYear: source == 0 ? rate : rate * random.uniform(-0.7...0.9))
      sources.append(try mogi.warped(warp(ofShape: sourceDepth, strength: 0.14)))
    }
    for _ in 0..<random.integer(in: 0...6) {
      try addSlide(
        at: near(place, spreadMeters: 0.8 * depth), radiusMeters: logUniform(120...500),
        facingDegrees: random.uniform(0...360), rate: heavyTail(median: 8))
    }
  }

  /// Slow landslides on the flanks of a valley: they have the same slope direction.
  mutating func addLandslides(at place: LinearStructure.Point) throws {
    let valley = random.uniform(0...180)
    let spread = logUniform(1_200...4_000)
    for _ in 0..<random.integer(in: 6...26) {
      let (east, north) = unrotated(
        along: 1.6 * spread * random.normal(), across: 0.6 * spread * random.normal(),
        azimuthDegrees: valley)
      let center = LinearStructure.Point(
        eastMeters: place.eastMeters + east, northMeters: place.northMeters + north)
      let side: Double = random.uniform() < 0.5 ? 90 : -90
      try addSlide(
        at: center, radiusMeters: logUniform(130...1_100),
        facingDegrees: valley + side + 20 * random.normal(), rate: heavyTail(median: 9))
    }
  }

  mutating func addSlide(
    at place: LinearStructure.Point, radiusMeters: Double, facingDegrees: Double, rate: Double
  ) throws {
    let slide = try LandslidePatch(
      outline: outline(
        at: place, radiusMeters: radiusMeters, elongation: random.uniform(1.1...3),
        azimuthDegrees: facingDegrees, roughness: 0.35),
      slideCMPerYear: rate, slopeDegrees: random.uniform(8...32),
      edgeMeters: max(25, radiusMeters * random.uniform(0.06...0.3)),
      toeGain: random.uniform(-0.7...0.7), blockContrast: random.uniform(0.1...0.7),
      blocks: BlockNoise(
        seed: random.next(), blockLengthMeters: radiusMeters * random.uniform(0.3...0.9)))
    sources.append(try slide.warped(warp(ofShape: radiusMeters, strength: 0.1)))
  }

  /// Wells, caverns or thawing hollows: bowls that overlap into an irregular whole.
  mutating func addWells(at place: LinearStructure.Point) throws {
    let spread = logUniform(800...4_000)
    let rate = sign(negativeShare: 0.7) * max(4, heavyTail(median: 9))
    try addBowl(
      at: place, sigmaMeters: spread * random.uniform(0.5...1.1),
      upCMPerYear: rate * random.uniform(0.4...1))
    for _ in 0..<random.integer(in: 4...16) {
      let opposite: Double = random.uniform() < 0.15 ? -1 : 1
      try addBowl(
        at: near(place, spreadMeters: spread), sigmaMeters: logUniform(90...900),
        upCMPerYear: opposite * rate * logUniform(0.1...1.2))
    }
  }

  mutating func addBowl(
    at place: LinearStructure.Point, sigmaMeters: Double, upCMPerYear: Double
  ) throws {
    let elongation = random.uniform(1...1.9)
    let bowl = try SubsidenceBowl(
      eastMeters: place.eastMeters, northMeters: place.northMeters, peakUpCMPerYear: upCMPerYear,
      sigmaAlongMeters: sigmaMeters * elongation.squareRoot(),
      sigmaAcrossMeters: sigmaMeters / elongation.squareRoot(),
      azimuthDegrees: random.uniform(0...180), depthMeters: 2.5 * sigmaMeters)
    sources.append(try bowl.warped(warp(ofShape: sigmaMeters, strength: random.uniform(0.2...0.4))))
  }

  /// A creeping fault through the scene, its trace bent.
  mutating func addFault() throws {
    let creep = sign(negativeShare: 0.5) * logUniform(1.5...7)
    let fault = try StrikeSlipFault(
      .init(
        eastMeters: random.uniform(0.2...0.8) * grid.widthMeters,
        northMeters: random.uniform(0.2...0.8) * grid.heightMeters,
        strikeDegrees: random.uniform(0...180), lengthMeters: logUniform(8_000...40_000),
        taperMeters: random.uniform(2_000...6_000)), deepSlipCMPerYear: 0.5 * creep,
      lockingDepthMeters: random.uniform(6_000...14_000), creepCMPerYear: creep,
      creepDepthMeters: logUniform(500...5_000))
    sources.append(try fault.warped(warp(ofShape: 5_000, strength: 0.07)))
  }

  /// A road or levee across the scene, with bends.
  mutating func addLine() throws {
    let heading = random.uniform(0...360)
    var place = LinearStructure.Point(
      eastMeters: random.uniform(0...1) * grid.widthMeters,
      northMeters: random.uniform(0...1) * grid.heightMeters)
    var points = [place]
    for _ in 0..<random.integer(in: 2...7) {
      let step = random.uniform(1_500...4_000)
      let (east, north) = unrotated(
        along: step, across: 0.3 * step * random.normal(), azimuthDegrees: heading)
      place.eastMeters += east
      place.northMeters += north
      points.append(place)
    }
    let line = try LinearStructure(
      points: points, peakUpCMPerYear: -heavyTail(median: 4),
      sigmaMeters: logUniform(30...90),
      stretches: SmoothNoise(seed: random.next(), wavelengthMeters: 2_500, octaves: 3),
      stretchBias: random.uniform(-0.2...0.8))
    sources.append(line)
  }
}
