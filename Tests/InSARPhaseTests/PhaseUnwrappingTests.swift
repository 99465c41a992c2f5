import Foundation
import Kernel
import Testing

@testable import InSARPhase

@Suite struct PhaseUnwrappingTests {
  /// The turns that `UnwrappedPhase` finds for `truth` after wrapping, applied.
  private static func unwrapped(_ truth: [Float], width: Int, height: Int) throws -> [Double] {
    let phase = wrapped(truth)
    let costs = CycleCosts(wrappedRadians: phase, coherence: nil, width: width, height: height)
    let result = try UnwrappedPhase(phase, costs: costs)
    return phase.indices.map { Double(phase[$0]) + 2 * .pi * Double(result.cycles[$0]) }
  }

  @Test func smoothPhaseIsUnwrappedExactly() throws {
    let (width, height) = (70, 53)
    let truth = (0..<width * height).map { pixel in
      let (x, y) = (Float(pixel % width), Float(pixel / width))
      return 40 * expf(-((x - 30) * (x - 30) + (y - 25) * (y - 25)) / 400) + 0.9 * x - 1.3 * y
    }
    let found = try Self.unwrapped(truth, width: width, height: height)
    let level = found[0] - Double(truth[0])
    for pixel in truth.indices {
      #expect(abs(found[pixel] - Double(truth[pixel]) - level) < 1e-4)
    }
  }

  /// Whatever the phase, the result is one surface: its differences are whole turns from the wrapped
  /// ones around every loop, which holds because cycles are numbers of pixels; and each edge between
  /// valid pixels has the step that the flow says, or a second path would disagree.
  @Test(arguments: 0..<12)
  func randomPhaseHasOneSurface(_ seed: UInt64) throws {
    var random = CounterRandom(seed, .testInput)
    let (width, height) = (5 + random.integer(below: 20), 4 + random.integer(below: 20))
    var phase = (0..<width * height).map { _ in Float(random.uniform(-3.14159...3.14159)) }
    for pixel in phase.indices where random.uniform() < 0.15 { phase[pixel] = .nan }
    let costs = CycleCosts(wrappedRadians: phase, coherence: nil, width: width, height: height)
    let flow = CycleFlow(phase, costs)
    flow.solve()
    let result = try UnwrappedPhase(phase, costs: costs)
    for pixel in phase.indices where phase[pixel].isFinite {
      #expect(result.regions[pixel] > 0)
      if pixel % width + 1 < width, phase[pixel + 1].isFinite {
        #expect(result.cycles[pixel + 1] - result.cycles[pixel] == flow.step(right: pixel))
        #expect(result.regions[pixel + 1] == result.regions[pixel])
      }
      if pixel + width < phase.count, phase[pixel + width].isFinite {
        #expect(result.cycles[pixel + width] - result.cycles[pixel] == flow.step(down: pixel))
      }
    }
  }

  /// The least cost over all numbers of turns of up to 2 in 3 x 3 pixels, by trying them.
  @Test(arguments: 0..<6)
  func theFlowIsTheCheapest(_ seed: UInt64) throws {
    var random = CounterRandom(seed, .testInput, 7)
    let side = 3
    let phase = (0..<9).map { _ in Float(random.uniform(-3.14159...3.14159)) }
    var costs = CycleCosts(width: side, height: side)
    for pixel in 0..<9 {
      func edge() -> CycleCosts.Edge {
        .init(
          costs: (
            Float(random.uniform(0...8)), Float(random.uniform(0...6)), Float(random.uniform(0...8))
          ))
      }
      costs.right[pixel] = edge()
      costs.down[pixel] = edge()
    }
    /// Of turns of all pixels.
    func total(_ cycles: [Int32]) -> Int {
      var sum = 0
      func add(_ from: Int, _ to: Int, _ edge: CycleCosts.Edge) {
        let difference = phase[to] - phase[from]
        let turns: Int32 = difference >= .pi ? -1 : difference < -.pi ? 1 : 0
        let beyond = Int(cycles[to] - cycles[from] - turns) - Int(edge.cycles)
        let first = beyond >= 0 ? Int(edge.up) : Int(edge.down)
        let count = abs(beyond)
        sum += count * first + count * (count - 1) / 2 * Int(CycleCosts.further)
      }
      for pixel in 0..<9 {
        if pixel % 3 < 2 { add(pixel, pixel + 1, costs.right[pixel]) }
        if pixel < 6 { add(pixel, pixel + 3, costs.down[pixel]) }
      }
      return sum
    }
    let found = total(try UnwrappedPhase(phase, costs: costs).cycles)
    var best = Int.max
    var cycles = [Int32](repeating: 0, count: 9)
    // The first pixel has no turn; the others -1 to 1 around what was found are enough to be beaten.
    func search(_ pixel: Int) {
      guard pixel < 9 else {
        best = min(best, total(cycles))
        return
      }
      for turn in -1...1 {
        cycles[pixel] = Int32(turn)
        search(pixel + 1)
      }
    }
    search(1)
    #expect(found <= best)
  }

  /// A shear that ends inside the image has a charge at its tip; without data around it there is none.
  @Test func aHoleMayHaveACharge() throws {
    let (width, height) = (24, 24)
    let truth = (0..<width * height).map { pixel in
      let (x, y) = (Float(pixel % width) - 11.5, Float(pixel / width) - 11.5)
      return atan2f(y, x)  // one turn around the center
    }
    var phase = wrapped(truth)
    for row in 10...13 { for column in 10...13 { phase[row * width + column] = .nan } }
    let costs = CycleCosts(wrappedRadians: phase, coherence: nil, width: width, height: height)
    let result = try UnwrappedPhase(phase, costs: costs)
    #expect(result.regionCount == 1)
    // One cut from the hole to the rim, not longer than straight.
    var cuts = 0
    for pixel in phase.indices where phase[pixel].isFinite {
      for next in [pixel % width + 1 < width ? pixel + 1 : nil, pixel + width]
        .compactMap({ $0 }) where next < phase.count && phase[next].isFinite
      {
        let step =
          Double(phase[next]) - Double(phase[pixel])
          + 2 * .pi * Double(result.cycles[next] - result.cycles[pixel])
        if abs(step) > .pi { cuts += 1 }
      }
    }
    #expect(cuts == 10)
  }

  @Test func separateRegionsAreNumbered() throws {
    let phase: [Float] = [0, 0.1, .nan, 3, -3, .nan, .nan, .nan, .nan, .nan]
    let costs = CycleCosts(wrappedRadians: phase, coherence: nil, width: 5, height: 2)
    let result = try UnwrappedPhase(phase, costs: costs)
    #expect(result.regions == [1, 1, 0, 2, 2, 0, 0, 0, 0, 0])
    #expect(result.cycles == [0, 0, 0, 0, 1, 0, 0, 0, 0, 0])
  }

  @Test func sizesThatDifferAreAnError() {
    #expect(throws: InSARPhaseError.self) {
      try UnwrappedPhase([0, 0], costs: CycleCosts(width: 3, height: 1))
    }
  }
}
