import Foundation
import Testing

@testable import InSARPhase
@testable import Kernel

@Suite struct InterferogramStackTests {
  static let width = 40
  static let height = 30

  static func network(_ count: Int = 6) throws -> InterferogramNetwork {
    try InterferogramNetwork(
      start: AcquisitionDate("20200101"), count: count, everyDays: 12, seed: 3,
      limits: NetworkLimits(maximumConnections: 3))
  }

  static func stack(
    _ components: [PhaseComponent] = PhaseComponent.allCases, seed: UInt64 = 1,
    network: InterferogramNetwork? = nil, change: (inout PhaseModel) -> Void = { _ in }
  ) throws -> InterferogramStack {
    var model = PhaseModel()
    model.components = components
    change(&model)
    var random = CounterRandom(7, .testInput)
    var rates = (0..<width * height).map { _ in Float(random.uniform(-15...15)) }
    rates[5] = .nan
    let dem = (0..<width * height).map { Float($0 % width) * 20 }
    return try InterferogramStack(
      rateCMPerYear: rates, demMeters: dem,
      geometry: StackGeometry(
        width: width, height: height, pixelSizeMeters: 90, radar: RadarGeometry(.sentinel1)),
      network: network ?? self.network(), model: model, seed: seed)
  }

  @Test func componentsAddUpAndWrapExactly() throws {
    try Self.stack().forEachInterferogram { interferogram in
      #expect(Set(interferogram.componentsRadians.keys) == Set(PhaseComponent.allCases))
      var energy = 0.0
      for pixel in 0..<Self.width * Self.height {
        var sum: Float = 0
        for component in PhaseComponent.allCases {
          sum += interferogram.componentsRadians[component]?[pixel] ?? .nan
        }
        let total = interferogram.unwrappedRadians[pixel]
        #expect(sum.bitPattern == total.bitPattern || (sum.isNaN && total.isNaN))
        let isSame = wrapped(total) == interferogram.wrappedRadians[pixel]
        #expect(isSame || total.isNaN)
        energy += total.isNaN ? 0 : Double(total * total)
      }
      // The energy of a sum: that of the parts and of their products.
      var parts = 0.0
      for a in PhaseComponent.allCases {
        for b in PhaseComponent.allCases {
          guard let x = interferogram.componentsRadians[a],
            let y = interferogram.componentsRadians[b]
          else { continue }
          for (pixel, (x, y)) in zip(x, y).enumerated() where pixel != 5 {
            parts += Double(x) * Double(y)
          }
        }
      }
      #expect(abs(parts - energy) < 1e-5 * energy)
    }
  }

  @Test func oneInterferogramAloneIsTheOneOfTheStream() throws {
    let stack = try Self.stack()
    try stack.forEachInterferogram { interferogram in
      let alone = try stack.interferogram(interferogram.index)
      #expect(alone.coherence == interferogram.coherence)
      for component in stack.components {
        let (a, b) = (
          alone.componentsRadians[component] ?? [], interferogram.componentsRadians[component] ?? []
        )
        #expect(a.map(\.bitPattern) == b.map(\.bitPattern), "\(component)")
      }
    }
    var order: [Int] = []
    try stack.forEachInterferogram([4, 0, 2]) { order.append($0.index) }
    #expect(order == [4, 0, 2])
  }

  @Test func aPairIsTheSameInEveryNetwork() throws {
    let large = try Self.stack()
    let small = try Self.stack(network: Self.network(3))
    let name = small.network.name(small.network.pairs[1])
    let index = try #require(large.network.pairs.firstIndex { large.network.name($0) == name })
    let (a, b) = (try large.interferogram(index), try small.interferogram(1))
    #expect(a.componentsRadians[.turbulence] == b.componentsRadians[.turbulence])
    #expect(a.componentsRadians[.decorrelation] == b.componentsRadians[.decorrelation])
    let other = try Self.stack(seed: 2, network: Self.network(3)).interferogram(1)
    #expect(other.componentsRadians[.turbulence] != b.componentsRadians[.turbulence])
  }

  @Test func fieldsOfOneSeedHaveNothingInCommon() throws {
    let stack = try Self.stack(network: Self.network(3))
    func correlation(_ a: [Float], _ b: [Float]) -> Double {
      func dot(_ x: [Float], _ y: [Float]) -> Double {
        zip(x, y).reduce(0) { $0 + Double($1.0 * $1.1) }
      }
      return dot(a, b) / (dot(a, a) * dot(b, b)).squareRoot()
    }
    let noise = try (0..<3).compactMap {
      try stack.interferogram($0).componentsRadians[.decorrelation]
    }
    #expect(abs(correlation(noise[0], noise[1])) < 0.15)
    #expect(abs(correlation(noise[1], noise[2])) < 0.15)
    #expect(abs(correlation(noise[0], noise[2])) < 0.15)
  }

  @Test func phasesCloseAroundTrianglesWhereNoiseBelongsToDates() throws {
    let stack = try Self.stack(network: Self.network(3)) {
      $0.decorrelation.consistency = .perDate
    }
    let phases = try (0..<3).map { try stack.interferogram($0) }
    #expect(stack.network.pairs.map(\.reference) == [0, 0, 1])
    var largest = 0.0
    for pixel in 0..<Self.width * Self.height where pixel != 5 {
      let closure =
        Double(phases[0].unwrappedRadians[pixel]) + Double(phases[2].unwrappedRadians[pixel])
        - Double(phases[1].unwrappedRadians[pixel])
      largest = max(largest, abs(closure))
    }
    #expect(largest < 1e-4)
    let noise = try #require(phases[0].componentsRadians[.decorrelation])
    #expect(noise.contains { abs($0) > 0.1 })

    let open = try Self.stack(network: Self.network(3))
    let misclosure = try (0..<3).map {
      try open.interferogram($0).componentsRadians[.decorrelation]?[17] ?? .nan
    }
    #expect(abs(misclosure[0] + misclosure[2] - misclosure[1]) > 1e-3)
  }

  @Test func signsAreThoseOfTheConventions() throws {
    let stack = try Self.stack([.deformation, .topographicError])
    let interferogram = try stack.interferogram(0)
    let deformation = try #require(interferogram.componentsRadians[.deformation])
    let topography = try #require(interferogram.componentsRadians[.topographicError])
    let heights = try #require(stack.demErrorMeters)
    let baseline = stack.network.perpendicularBaselineMeters(stack.network.pairs[0])
    for pixel in [0, 1, 2, 700] {
      #expect((stack.rateCMPerYear[pixel] > 0) == (deformation[pixel] < 0))
      #expect((Double(heights[pixel]) * baseline > 0) == (topography[pixel] < 0))
    }
    #expect(interferogram.coherence[0] == 1)
    #expect(interferogram.coherence[5] == 0)
    #expect(interferogram.unwrappedRadians[5].isNaN && interferogram.wrappedRadians[5].isNaN)
    #expect(interferogram.componentsRadians[.turbulence] == nil)
  }

  @Test func aDelayHasTheSizeAskedFor() throws {
    let network = try Self.network(24)
    let stack = try Self.stack([.turbulence], network: network) {
      $0.turbulence.deviationMeters = 0.01
      $0.turbulence.dateLogDeviation = 0
      $0.turbulence.seasonalFraction = 0
      $0.turbulence.spectrum = TurbulenceSpectrum(slopes2D: [3], outerScaleMeters: 400)
    }
    let values = try (0..<24).flatMap { try stack.datePhase($0).components[.turbulence] ?? [] }
    let squares = values.reduce(0.0) { $0 + Double($1 * $1) } / Double(values.count)
    #expect(abs(squares.squareRoot() - 4 * .pi * 0.01 / 0.0554658) < 0.15)
  }

  @Test func badInputIsAnError() throws {
    let good = try Self.stack()
    func make(
      rates: [Float]? = nil, dem: [Float]?, map: [Float]? = nil, error: [Float]? = nil
    ) throws {
      _ = try InterferogramStack(
        rateCMPerYear: rates ?? good.rateCMPerYear, demMeters: dem, demErrorMeters: error,
        coherenceMap: map, geometry: good.geometry, network: good.network, model: good.model,
        seed: 1)
    }
    let count = good.geometry.count
    var holes = try #require(good.demMeters)
    holes[5] = .nan  // no rate there: no height needed
    try make(dem: holes)
    holes[6] = .nan
    #expect(throws: InSARPhaseError.self) { try make(dem: holes) }
    #expect(throws: InSARPhaseError.self) { try make(dem: nil) }
    #expect(throws: InSARPhaseError.self) { try make(dem: [1, 2, 3]) }
    #expect(throws: InSARPhaseError.self) { try make(rates: [1], dem: good.demMeters) }
    #expect(throws: InSARPhaseError.self) {
      try make(rates: [Float](repeating: .infinity, count: count), dem: good.demMeters)
    }
    for value in [Float(1.5), -0.1, .nan] {
      #expect(throws: InSARPhaseError.self) {
        try make(dem: good.demMeters, map: [Float](repeating: value, count: count))
      }
    }
    #expect(throws: InSARPhaseError.self) { try make(dem: good.demMeters, error: [0]) }
    #expect(throws: InSARPhaseError.self) {
      try Interferogram(
        index: 0, width: 2, height: 2, componentsRadians: [.turbulence: [1]],
        coherence: [1, 1, 1, 1])
    }
  }

  @Test func theModelComesBackFromJSON() throws {
    let model = PhaseModel()
    let data = try JSONEncoder().encode(model)
    #expect(try JSONDecoder().decode(PhaseModel.self, from: data) == model)
  }
}
