import Foundation
import InSARPhase
import Kernel
import Testing
import TorchCore

@testable import PhaseNetworks

@Suite struct PhaseProcessingTests {
  /// A network of random weights: congruence must not depend on what a network has learned.
  static func processor(
    _ stages: PhaseArchitecture.Stages = .joint, window: Int = 32, overlap: Int = 8
  ) throws -> PhaseProcessor {
    var architecture = PhaseArchitecture()
    (architecture.channels, architecture.levels, architecture.stages) = (3, 3, stages)
    let network = try PhaseNetwork(architecture, RandomGenerator(seed: 4, .testInput))
    try network.setRequiresGradient(false)
    let file = NetworkFile(
      network: network,
      description: NetworkDescription(
        architecture: architecture, iterations: 0, samplesSeen: 0, sizePixels: 32, sources: []),
      device: .cpu, sha256: "")
    return PhaseProcessor(file, windowPixels: window, overlapPixels: overlap)
  }

  @Test(arguments: [0, 1, 2, 3, 4, 5] as [UInt64], PhaseArchitecture.Stages.allCases)
  func theResultIsCongruentWithTheInput(_ seed: UInt64, _ stages: PhaseArchitecture.Stages) throws {
    var random = CounterRandom(seed, .testInput)
    let (width, height) = (1 + random.integer(below: 70), 1 + random.integer(below: 70))
    var phase = (0..<width * height).map { _ in Float(random.uniform(-40...40)) }
    for pixel in phase.indices where random.uniform() < 0.1 { phase[pixel] = .nan }
    let coherence = seed % 2 == 0 ? phase.map { _ in Float(0.5) } : nil
    let result = try Self.processor(stages).process(
      phase, coherence: coherence, width: width, height: height)
    for pixel in phase.indices {
      guard phase[pixel].isFinite else {
        #expect(result.unwrappedRadians[pixel].isNaN && result.filteredRadians[pixel].isNaN)
        #expect(result.uncertaintyRadians[pixel].isNaN && result.regions[pixel] == 0)
        continue
      }
      for (whole, wrapped) in [
        (result.unwrappedRadians[pixel], phase[pixel]),
        (result.filteredUnwrappedRadians[pixel], result.filteredRadians[pixel]),
      ] {
        let turns = (Double(whole) - Double(wrapped)) / (2 * .pi)
        #expect(abs(turns - turns.rounded()) * 2 * .pi < 1e-4)
      }
      // The input is brought as near to the filtered phase as whole turns can.
      #expect(
        abs(result.unwrappedRadians[pixel] - result.filteredUnwrappedRadians[pixel]) < .pi + 1e-4)
      #expect(result.uncertaintyRadians[pixel] > 0)
    }
  }

  /// Whatever the weights: without noise, and with less than half a turn between neighbors, the input
  /// is unwrapped exactly, around holes too.
  @Test(arguments: [0, 1, 2, 3] as [UInt64])
  func aPhaseWithoutNoiseIsUnwrappedExactly(_ seed: UInt64) throws {
    var random = CounterRandom(seed, .testInput)
    let (width, height) = (50, 40)
    let (slope, height0) = (Float(random.uniform(0.5...2.0)), Float(random.uniform(3...20)))
    let truth = (0..<width * height).map { pixel -> Float in
      let (x, y) = (Float(pixel % width), Float(pixel / width))
      let isHole = hypotf(x - 12, y - 30) < 5
      return isHole ? .nan : slope * x - 0.3 * y + height0 * expf(-hypotf(x - 30, y - 15) / 15)
    }
    let result = try Self.processor().process(
      InSARPhase.wrapped(truth), coherence: nil, width: width, height: height)
    let level = result.unwrappedRadians[0] - truth[0]
    for pixel in truth.indices where truth[pixel].isFinite {
      #expect(abs(result.unwrappedRadians[pixel] - truth[pixel] - level) < 1e-3)
      #expect(abs(result.filteredUnwrappedRadians[pixel] - truth[pixel] - level) < .pi + 1e-3)
    }
  }

  @Test func windowsBlendToTheirCommonValue() throws {
    let windows = OverlappingWindows(width: 75, height: 41, side: 32, overlap: 10)
    var rows: [Int] = []
    var worst: Float = 0
    try windows.blend(channels: 2) { top, left in
      // A plane over the image, the same in every window.
      (0..<2).flatMap { channel in
        (0..<32 * 32).map { Float(top + $0 / 32) + 100 * Float(left + $0 % 32) + Float(channel) }
      }
    } finish: { row, values in
      rows.append(row)
      for channel in 0..<2 {
        for column in 0..<75 {
          let expected = Float(row) + 100 * Float(column) + Float(channel)
          worst = max(worst, abs(values[channel * 75 + column] - expected))
        }
      }
    }
    #expect(rows == Array(0..<41))
    #expect(worst < 1e-2)
  }

  @Test(arguments: [(5, 32, 8), (32, 32, 8), (33, 32, 8), (100, 32, 15), (4000, 256, 32)])
  func windowsCoverAnImage(_ length: Int, _ side: Int, _ overlap: Int) {
    let windows = OverlappingWindows(width: length, height: 1, side: side, overlap: overlap)
    #expect(windows.columns.first == 0)
    #expect(windows.columns.last! == max(0, length - side))
    for (start, next) in zip(windows.columns, windows.columns.dropFirst()) {
      #expect(next > start && next <= start + side - overlap)
    }
  }

  /// Windows and one piece agree where the network sees the same.
  @Test func aLargeImageIsNearlyThatOfOneWindow() throws {
    let side = 96
    var random = CounterRandom(3, .testInput)
    let phase = (0..<side * side).map { Float($0 % side) * 0.15 + Float(random.normal()) * 0.3 }
    let whole = try Self.processor(window: 96, overlap: 0)
      .process(phase, coherence: nil, width: side, height: side)
    let parts = try Self.processor(window: 64, overlap: 24)
      .process(phase, coherence: nil, width: side, height: side)
    let far = whole.filteredRadians.indices.count {
      abs(wrapped(whole.filteredRadians[$0] - parts.filteredRadians[$0])) > 0.2
    }
    #expect(far < side * side / 20)
  }

  @Test func aCoherenceOfAnotherSizeIsAnError() {
    #expect(throws: InSARPhaseError.self) {
      try Self.processor().process([0, 0, 0, 0], coherence: [1], width: 2, height: 2)
    }
  }
}
