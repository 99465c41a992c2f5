import Foundation

/// Unwrapped phase that is congruent with a wrapped one.
package struct UnwrappedPhase: Sendable {
  /// Whole turns to add to the wrapped phase, [height x width]; 0 where there are no data.
  package let cycles: [Int32]
  /// The connected region of each pixel, counted from 1, [height x width]; 0 where there are no data.
  /// Between regions the number of turns is unknown: the first pixel of each has none.
  package let regions: [Int32]
  package let regionCount: Int

  /// Unwraps `wrappedRadians` [height x width], NaN where there are no data, at the least cost.
  ///
  /// Around each loop of four pixels the wrapped differences must add up to zero after whole turns
  /// were added to them; the cheapest such turns are a minimum-cost flow between the loops.
  /// Source: Costantini, "A novel phase unwrapping method based on network programming", IEEE TGRS
  /// 1998.
  /// - Throws: `InSARPhaseError.sizesDiffer`.
  package init(_ wrappedRadians: [Float], costs: CycleCosts) throws {
    let (width, height) = (costs.width, costs.height)
    guard wrappedRadians.count == width * height else {
      throw InSARPhaseError.sizesDiffer(
        quantity: "the phase to unwrap", expected: width * height, got: wrappedRadians.count)
    }
    let phase = wrapped(wrappedRadians)
    let flow = CycleFlow(phase, costs)
    flow.solve()
    var cycles = [Int32](repeating: 0, count: phase.count)
    var regions = cycles
    var count = 0
    var stack: [Int32] = []
    for start in phase.indices where regions[start] == 0 && phase[start].isFinite {
      count += 1
      regions[start] = Int32(count)
      stack.append(Int32(start))
      while let pixel = stack.popLast().map(Int.init) {
        let column = pixel % width
        func visit(_ next: Int, _ step: Int32) {
          guard regions[next] == 0, phase[next].isFinite else { return }
          regions[next] = Int32(count)
          cycles[next] = cycles[pixel] + step
          stack.append(Int32(next))
        }
        if column + 1 < width { visit(pixel + 1, flow.step(right: pixel)) }
        if column > 0 { visit(pixel - 1, -flow.step(right: pixel - 1)) }
        if pixel + width < phase.count { visit(pixel + width, flow.step(down: pixel)) }
        if pixel >= width { visit(pixel - width, -flow.step(down: pixel - width)) }
      }
    }
    self.cycles = cycles
    self.regions = regions
    regionCount = count
  }
}
