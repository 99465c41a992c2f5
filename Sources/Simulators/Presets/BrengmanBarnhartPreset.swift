import Foundation
import InSARPhase
import Kernel

/// Numbers of the preset `brengman-barnhart`: whole steps within the ranges. Displacements in m are
/// treated as those of one year.
public struct BrengmanBarnhartSettings: Codable, Sendable, Equatable {
  public var topDepthKilometers = 0...19
  /// Slips in steps of 0.5 m, for tops down to 5 km and for deeper ones.
  public var shallowSlipHalfMeters = 1...9
  public var deepSlipHalfMeters = 1...23
  public var deepBelowKilometers = 5
  public var strikeDegrees = 0...359
  public var strikeSlipDipDegrees = 50...90
  public var dipSlipDipTensOfDegrees = 1...6
  public var lengthKilometers = 10...49
  public var widthKilometers = 5...29
  /// From the ground to the satellite, east, north, up: ascending and descending.
  public var linesOfSight = [
    (incidence: 39.56, heading: -10.43), (incidence: 41.33, heading: -169.71),
  ].map { ["incidenceDegrees": $0.incidence, "headingDegrees": $0.heading] }
  /// Covariance variance * 10^(-distance / length) between the nodes of a grid that is stretched over
  /// the image, in m^2 and nodes.
  public var noiseNodes = 9
  public var noiseVariance = 0.01
  public var noiseLengthNodes = 20.0

  public init() {}
}

struct BrengmanBarnhartRecord: Encodable, Sendable {
  var source: SourceRecord
  var lineOfSight: LineOfSight
  var noiseNodesMeters: [Double]
  /// The factor of the noise, besides the heights divided by their maximum.
  var noiseShare: Double
  var terrain: Terrain.Origin
}

extension ScenePreset {
  public static let brengmanBarnhart = ScenePreset(
    name: "brengman-barnhart", summary: "an earthquake, and correlated noise that follows a DEM",
    source: "Brengman and Barnhart, Geochem. Geophys. Geosyst. 22, e2020GC009204, 2021, after "
      + "their public code",
    pixelSizeMeters: 900, settings: BrengmanBarnhartSettings()
  ) { grid, inputs, random in
    let settings = BrengmanBarnhartSettings()
    let source = try settings.drawFault(grid: grid, random: &random)
    let angles = random.choice(settings.linesOfSight)
    let lineOfSight = try LineOfSight(
      incidenceDegrees: angles["incidenceDegrees"]!, headingDegrees: angles["headingDegrees"]!)
    let nodes = settings.drawNodes(&random)
    let share = random.uniform()
    let (heights, origin) = try inputs.terrain.heightsMeters(grid: grid, random: &random)
    let highest = max(1e-6, heights.reduce(0) { max($0, abs($1)) })
    let noise = stretched(nodes, count: settings.noiseNodes, grid: grid)
    let delay = heights.indices.map {
      100 * Float(share) * heights[$0] / highest * noise[$0]
    }
    let field = DeformationField(grid: grid, sources: [source])
    let rate = field.losCMPerYear(lineOfSight)
    return SimulatedSample(
      grid: grid, rateCMPerYear: rate, components: field,
      layers: [
        SampleLayer("delay", .centimeters, delay),
        SampleLayer("observed", .centimeters, rate.indices.map { rate[$0] + delay[$0] }),
        SampleLayer("height", .meters, heights),
      ],
      record: BrengmanBarnhartRecord(
        source: SourceRecord(source), lineOfSight: lineOfSight, noiseNodesMeters: nodes,
        noiseShare: share, terrain: origin))
  }
}

extension BrengmanBarnhartSettings {
  func drawFault(grid: SceneGrid, random: inout CounterRandom) throws -> OkadaDislocation {
    let top = random.integer(in: topDepthKilometers)
    let halves = random.integer(
      in: top <= deepBelowKilometers ? shallowSlipHalfMeters : deepSlipHalfMeters)
    let isStrikeSlip = random.uniform() < 0.5
    let dip =
      isStrikeSlip
      ? random.integer(in: strikeSlipDipDegrees) : 10 * random.integer(in: dipSlipDipTensOfDegrees)
    let slip = (random.uniform() < 0.5 ? -50 : 50) * Double(halves)
    return try OkadaDislocation(
      .init(
        eastMeters: random.uniform() * grid.widthMeters,
        northMeters: random.uniform() * grid.heightMeters, topDepthMeters: 1000 * Double(top),
        lengthMeters: 1000 * Double(random.integer(in: lengthKilometers)),
        widthMeters: 1000 * Double(random.integer(in: widthKilometers)),
        strikeDegrees: Double(random.integer(in: strikeDegrees)), dipDegrees: Double(dip)),
      strikeSlipCMPerYear: isStrikeSlip ? slip : 0, dipSlipCMPerYear: isStrikeSlip ? 0 : slip)
  }

  /// Correlated values at the nodes, row by row, in m, by the Cholesky factor of their covariance.
  func drawNodes(_ random: inout CounterRandom) -> [Double] {
    let count = noiseNodes * noiseNodes
    func distance(_ a: Int, _ b: Int) -> Double {
      hypot(
        Double(a % noiseNodes - b % noiseNodes), Double(a / noiseNodes - b / noiseNodes))
    }
    var factor = [[Double]](repeating: [Double](repeating: 0, count: count), count: count)
    for row in 0..<count {
      for column in 0...row {
        var sum = noiseVariance * pow(10, -distance(row, column) / noiseLengthNodes)
        for k in 0..<column { sum -= factor[row][k] * factor[column][k] }
        factor[row][column] =
          row == column ? max(sum, 1e-15).squareRoot() : sum / factor[column][column]
      }
    }
    let white = (0..<count).map { _ in random.normal() }
    return (0..<count).map { row in (0...row).reduce(0) { $0 + factor[row][$1] * white[$1] } }
  }
}

/// `count` x `count` nodes stretched over a grid, the outer ones on its edges, by the cubic of Catmull
/// and Rom.
func stretched(_ nodes: [Double], count: Int, grid: SceneGrid) -> [Float] {
  func weights(_ t: Double) -> SIMD4<Double> {
    let squared = t * t
    let cubed = squared * t
    return SIMD4(
      -0.5 * cubed + squared - 0.5 * t, 1.5 * cubed - 2.5 * squared + 1,
      -1.5 * cubed + 2 * squared + 0.5 * t, 0.5 * cubed - 0.5 * squared)
  }
  func place(_ index: Int, of size: Int) -> (cell: Int, weights: SIMD4<Double>) {
    let position = Double(index) / Double(max(1, size - 1)) * Double(count - 1)
    let cell = min(Int(position), count - 2)
    return (cell, weights(position - Double(cell)))
  }
  func kept(_ node: Int) -> Int { min(max(node, 0), count - 1) }
  let columns = (0..<grid.width).map { place($0, of: grid.width) }
  return (0..<grid.height).flatMap { row -> [Float] in
    let (cell, rowWeights) = place(row, of: grid.height)
    // The four rows of nodes around this row, blended into one.
    let line = (0..<count).map { column in
      (0..<4).reduce(0) { $0 + rowWeights[$1] * nodes[kept(cell - 1 + $1) * count + column] }
    }
    return columns.map { column in
      Float((0..<4).reduce(0) { $0 + column.weights[$1] * line[kept(column.cell - 1 + $1)] })
    }
  }
}
