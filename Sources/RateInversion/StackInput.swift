import DurableFiles
import Foundation
import InSARPhase
import Kernel

/// The input planes of an inversion: whole planes, or the same rows of each.
struct StackInput: Sendable {
  /// One plane per interferogram, all of the same size, in rad; NaN where there is no data.
  let phase: [[Float]]
  /// One plane per interferogram, in [0, 1]; `nil` for 1 everywhere. NaN is no data.
  let coherence: [[Float]]?
  /// Phase of the reference pixel of each interferogram, which is subtracted.
  let reference: [Float]
  let names: [String]

  var pixelCount: Int { phase.first?.count ?? 0 }

  /// - Throws: `InversionError` if a plane is missing or has a different size, or if a coherence is
  ///   outside [0, 1].
  init(
    _ network: InterferogramNetwork, phase: [[Float]], coherence: [[Float]]?, reference: [Float]?
  ) throws {
    let pairs = network.pairs.count
    func check(_ quantity: String, _ expected: Int, _ got: Int) throws {
      guard expected == got else {
        throw InversionError.sizesDiffer(quantity: quantity, expected: expected, got: got)
      }
    }
    try check("the number of phase planes", pairs, phase.count)
    for plane in phase { try check("the size of a phase plane", phase[0].count, plane.count) }
    if let coherence {
      try check("the number of coherence planes", pairs, coherence.count)
      for (pair, plane) in zip(network.pairs, coherence) {
        try check("the size of a coherence plane", phase[0].count, plane.count)
        if let pixel = plane.firstIndex(where: { $0 < 0 || $0 > 1 }) {
          throw InversionError.coherenceOutOfRange(
            interferogram: network.name(pair), pixel: pixel, value: plane[pixel])
        }
      }
    }
    if let reference {
      try check("the number of reference phases", pairs, reference.count)
      if let bad = reference.firstIndex(where: { !$0.isFinite }) {
        throw InversionError.noReference(interferogram: network.name(network.pairs[bad]))
      }
    }
    self.phase = phase
    self.coherence = coherence
    self.reference = reference ?? [Float](repeating: 0, count: pairs)
    names = network.pairs.map { network.name($0) }
  }

  /// Runs `body` on ranges of pixels, on several threads, and returns the results in order.
  /// - Throws: `RunError.interrupted` after the current ranges, once the user has stopped the
  ///   program.
  func mapRanges<Result: Sendable>(
    length: Int, threads: Int, _ body: @Sendable (Range<Int>) -> Result
  ) throws -> [Result] {
    let results = Parallel.map(
      (pixelCount + length - 1) / length, threads: threads > 0 ? threads : Parallel.processors,
      isStopped: Interruption.isRequested
    ) { part in
      body(part * length..<min(pixelCount, (part + 1) * length))
    }
    try Interruption.check()
    return results
  }
}

/// The phases of one pixel, by interferogram.
/// - Throws: `InversionError` if the pixel is outside a plane or has no phase in one.
public func referencePhases(
  of planes: [[Float]], pixel: Int, network: InterferogramNetwork
) throws -> [Float] {
  guard planes.count == network.pairs.count else {
    throw InversionError.sizesDiffer(
      quantity: "the number of phase planes", expected: network.pairs.count, got: planes.count)
  }
  return try zip(network.pairs, planes).map { pair, plane in
    guard plane.indices.contains(pixel), plane[pixel].isFinite else {
      throw InversionError.noReference(interferogram: network.name(pair))
    }
    return plane[pixel]
  }
}
