import Foundation
import InSARPhase
import TorchCore

/// What a phase network makes of an interferogram; planes are [height x width], NaN where there are no
/// data.
package struct ProcessedPhase: Sendable {
  package let width: Int
  package let height: Int
  /// The filtered phase in rad, in [-pi, pi).
  package var filteredRadians: [Float]
  /// The circular standard deviation of the clean phase around it, in rad.
  package var uncertaintyRadians: [Float]
  /// The filtered phase with its turns, in rad; congruent with `filteredRadians`.
  package var filteredUnwrappedRadians: [Float] = []
  /// The input with its turns, in rad; congruent with the input.
  package var unwrappedRadians: [Float] = []
  /// The connected region of each pixel, counted from 1; 0 where there are no data. Between regions the
  /// number of turns is unknown.
  package var regions: [Int32] = []
}

/// Filters and unwraps interferograms of any size with a phase network.
package struct PhaseProcessor {
  private let network: PhaseNetwork
  private let architecture: PhaseArchitecture
  private let device: Device
  /// Sides of windows in pixels, and how far they overlap.
  private let largestSide: Int
  private let largestOverlap: Int

  /// - Parameter windowPixels: rounded down to what the network takes.
  package init(_ file: NetworkFile, windowPixels: Int = 256, overlapPixels: Int = 32) {
    network = file.network
    architecture = file.description.architecture
    device = file.device
    let multiple = architecture.sizeMultiple
    largestSide = max(multiple, windowPixels / multiple * multiple)
    largestOverlap = max(0, overlapPixels)
  }

  /// Windows of an image, which are not larger than they need to be for a small one.
  private func windows(_ image: PhaseImage) -> OverlappingWindows {
    let multiple = architecture.sizeMultiple
    let needed = (max(image.width, image.height) + multiple - 1) / multiple * multiple
    let side = min(largestSide, needed)
    return OverlappingWindows(
      width: image.width, height: image.height, side: side,
      overlap: min(largestOverlap, max(0, side / 2 - 1)))
  }

  /// - Parameters:
  ///   - wrappedRadians: NaN where there are no data, [height x width].
  ///   - coherence: 0 to 1; `nil` if unknown. NaN counts as 0.
  ///   - interruption: called before each window; what it throws ends the work.
  /// - Throws: `InSARPhaseError.sizesDiffer`, `TorchError`.
  package func process(
    _ wrappedRadians: [Float], coherence: [Float]?, width: Int, height: Int,
    interruption: () throws -> Void = {}
  ) throws -> ProcessedPhase {
    for (name, plane) in [("the phase", wrappedRadians), ("the coherence", coherence)] {
      guard let plane, plane.count != width * height else { continue }
      throw InSARPhaseError.sizesDiffer(quantity: name, expected: width * height, got: plane.count)
    }
    let image = PhaseImage(
      phase: InSARPhase.wrapped(wrappedRadians), coherence: coherence, width: width, height: height)
    var filtered = [Float](repeating: .nan, count: width * height)
    var logs = filtered
    var costs = CycleCosts(width: width, height: height)
    let isJoint = architecture.stages == .joint
    try withoutGradients {
      try estimate(image, isJoint, &filtered, &logs, &costs, interruption)
      if !isJoint { try secondStage(image, filtered, logs, &costs, interruption) }
    }
    return try assembled(image, filtered, logs, costs)
  }

  // MARK: - Networks

  /// The first network over all windows: phase, logarithm of concentration, and costs if it is joint.
  private func estimate(
    _ image: PhaseImage, _ isJoint: Bool, _ filtered: inout [Float], _ logs: inout [Float],
    _ costs: inout CycleCosts, _ interruption: () throws -> Void
  ) throws {
    let width = image.width
    let channels = PhaseUNet.phaseChannels + (isJoint ? PhaseUNet.edgeChannels : 0)
    let windows = windows(image)
    let side = windows.side
    try windows.blend(channels: channels) { row, column in
      try interruption()
      let input = try Tensor(
        image.window(row: row, column: column, side: side),
        shape: [1, PhaseNetwork.inputChannels, side, side]
      ).channelsLast().to(device: device)
      var parts: [Tensor]
      if isJoint {
        let output = try network(input)
        parts = [try unit(output.phasor), output.logConcentration, try costsOfEdges(output.edges)]
      } else {
        let output = try network.filtered(input)
        parts = [try unit(output.phasor), output.logConcentration]
      }
      parts = try parts.map { try $0.to(device: .cpu) }
      return try Tensor.concatenate(parts, 1).contiguous().floats()
    } finish: { row, values in
      for column in 0..<width {
        let pixel = row * width + column
        guard image.phase[pixel].isFinite else { continue }
        filtered[pixel] = atan2f(values[width + column], values[column])
        logs[pixel] = values[2 * width + column]
        if isJoint { Self.setCosts(&costs, pixel, values, width, column, from: 3) }
      }
    }
    filtered = InSARPhase.wrapped(filtered)
  }

  /// The second network over all windows, for the filtered phase.
  private func secondStage(
    _ image: PhaseImage, _ filtered: [Float], _ logs: [Float], _ costs: inout CycleCosts,
    _ interruption: () throws -> Void
  ) throws {
    let width = image.width
    let windows = windows(image)
    let side = windows.side
    try windows.blend(channels: PhaseUNet.edgeChannels) { row, column in
      try interruption()
      let given = image.window(row: row, column: column, side: side)
      var planes: [Float] = []
      planes.reserveCapacity(3 * side * side)
      for body in [{ cosf(filtered[$0]) }, { sinf(filtered[$0]) }, { 0.2 * logs[$0] }]
        as [(Int) -> Float]
      {
        for y in row..<row + side {
          for x in column..<column + side {
            let pixel = y * width + x
            let isInside = y < image.height && x < width && filtered[pixel].isFinite
            planes.append(isInside ? body(pixel) : 0)
          }
        }
      }
      let shape = [1, PhaseNetwork.secondInputChannels, side, side]
      let input = try Tensor(planes + given, shape: shape).channelsLast().to(device: device)
      return try costsOfEdges(network.secondEdges(input)).to(device: .cpu).contiguous().floats()
    } finish: { row, values in
      for column in 0..<width {
        Self.setCosts(&costs, row * width + column, values, width, column, from: 0)
      }
    }
  }

  private func unit(_ phasor: Tensor) throws -> Tensor {
    try phasor / PhaseLoss.length(of: phasor)
  }

  /// Negative log-likelihoods, up to a constant for each edge.
  private func costsOfEdges(_ logits: Tensor) throws -> Tensor { try -logits }

  private static func setCosts(
    _ costs: inout CycleCosts, _ pixel: Int, _ values: UnsafeBufferPointer<Float>, _ width: Int,
    _ column: Int, from first: Int
  ) {
    func value(_ channel: Int) -> Float { values[(first + channel) * width + column] }
    costs.right[pixel] = .init(costs: (value(0), value(1), value(2)))
    costs.down[pixel] = .init(costs: (value(3), value(4), value(5)))
  }

  // MARK: - Turns

  /// Inputs with a smaller fraction of residues are taken as free of noise.
  package static let cleanResidueFraction = 2e-3

  private func assembled(
    _ image: PhaseImage, _ filtered: [Float], _ logs: [Float], _ costs: CycleCosts
  ) throws -> ProcessedPhase {
    let wrapped = image.phase
    var result = ProcessedPhase(
      width: costs.width, height: costs.height, filteredRadians: filtered,
      uncertaintyRadians: logs.map { $0.isNaN ? $0 : CircularDeviation.of(logConcentration: $0) })
    func radians(_ phase: [Float], _ solution: UnwrappedPhase) -> [Float] {
      phase.indices.map { Self.turned(phase[$0], by: Double(solution.cycles[$0])) }
    }
    // The turns that bring `phase` nearest to another one.
    func near(_ phase: [Float], _ other: [Float]) -> [Float] {
      phase.indices.map { pixel in
        let difference = Double(other[pixel]) - Double(phase[pixel])
        guard difference.isFinite else { return .nan }
        return Self.turned(phase[pixel], by: (difference / (2 * Double.pi)).rounded())
      }
    }
    if PhaseResidues.fraction(of: wrapped, width: costs.width) < Self.cleanResidueFraction {
      // Without noise the input is its own best evidence: a filter can only take detail from it.
      let plain = CycleCosts(
        wrappedRadians: wrapped, coherence: image.coherence, width: costs.width,
        height: costs.height)
      let solution = try UnwrappedPhase(wrapped, costs: plain)
      result.regions = solution.regions
      result.unwrappedRadians = radians(wrapped, solution)
      result.filteredUnwrappedRadians = near(filtered, result.unwrappedRadians)
    } else {
      let solution = try UnwrappedPhase(filtered, costs: costs)
      result.regions = solution.regions
      result.filteredUnwrappedRadians = radians(filtered, solution)
      result.unwrappedRadians = near(wrapped, result.filteredUnwrappedRadians)
    }
    return result
  }

  private static func turned(_ radians: Float, by turns: Double) -> Float {
    Float(Double(radians) + 2 * Double.pi * turns)
  }
}

/// A wrapped interferogram, from which windows are cut.
struct PhaseImage {
  /// [height x width]; NaN where there are no data.
  let phase: [Float]
  let coherence: [Float]?
  let width: Int
  let height: Int

  /// The network's input [5, side, side]; 0 outside the image.
  func window(row: Int, column: Int, side: Int) -> [Float] {
    let plane = side * side
    var result = [Float](repeating: 0, count: PhaseNetwork.inputChannels * plane)
    result.withUnsafeMutableBufferPointer { result in
      for y in 0..<min(side, height - row) {
        for x in 0..<min(side, width - column) {
          let pixel = (row + y) * width + column + x
          guard phase[pixel].isFinite else { continue }
          let place = y * side + x
          result[place] = cosf(phase[pixel])
          result[plane + place] = sinf(phase[pixel])
          if let coherence {
            let value = coherence[pixel]
            result[2 * plane + place] = value.isFinite ? max(0, min(1, value)) : 0
            result[3 * plane + place] = 1
          }
          result[4 * plane + place] = 1
        }
      }
    }
    return result
  }
}

/// The circular standard deviation of von Mises distributions.
///
/// sqrt(-2 log(I1(k) / I0(k))), k being the concentration. Source: Mardia and Jupp, "Directional
/// Statistics", 2000, sections 2.3 and 3.5.
package enum CircularDeviation {
  private static let steps = 64
  /// By the logarithm of the concentration, which lies within `PhaseNetwork.logConcentrations`.
  private static let table: [Float] = {
    let range = PhaseNetwork.logConcentrations
    let count = Int((range.upperBound - range.lowerBound) * Double(steps)) + 2
    return (0..<count).map { Float(deviation(range.lowerBound + Double($0) / Double(steps))) }
  }()

  package static func of(logConcentration: Float) -> Float {
    let low = Float(PhaseNetwork.logConcentrations.lowerBound)
    let place = max(0, min(Float(table.count - 1), (logConcentration - low) * Float(steps)))
    let before = min(Int(place), table.count - 2)
    return table[before] + (table[before + 1] - table[before]) * (place - Float(before))
  }

  static func deviation(_ logConcentration: Double) -> Double {
    let k = exp(logConcentration)
    // I1 / I0 as a continued fraction; deep enough for the largest concentration.
    var ratio = 0.0
    for step in stride(from: 4000, through: 1, by: -1) {
      ratio = 1 / (2 * Double(step) / k + ratio)
    }
    return (-2 * log(ratio)).squareRoot()
  }
}
