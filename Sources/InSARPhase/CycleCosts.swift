import Foundation

/// What it costs to add cycles to the wrapped differences between neighboring pixels.
///
/// Edge `pixel` of `right` leads from a pixel to its right neighbor, that of `down` to the pixel below;
/// the edges that would leave the image are there, and unused. The costs of one edge are convex: of the
/// likeliest number of cycles 0, of one more `up`, of one less `down`, and each further cycle costs
/// `CycleCosts.further` more than the one before.
package struct CycleCosts: Sendable {
  package struct Edge: Sendable, Equatable {
    /// The likeliest number of cycles.
    package var cycles: Int8 = 0
    /// In units of 1 / `CycleCosts.unit` nats.
    package var up: Int16 = CycleCosts.greatest
    package var down: Int16 = CycleCosts.greatest

    package init() {}

    /// - Parameter costs: in nats, of -1, 0 and 1 cycles, up to a constant.
    package init(costs: (less: Float, none: Float, more: Float)) {
      let less = costs.less - costs.none
      let more = costs.more - costs.none
      // Convex costs need less + more >= 0 in each case.
      if less < 0, less <= more {
        (cycles, up, down) = (-1, Self.stored(-less), CycleCosts.greatest)
      } else if more < 0 {
        (cycles, up, down) = (1, CycleCosts.greatest, Self.stored(-more))
      } else {
        (cycles, up, down) = (0, Self.stored(more), Self.stored(less))
      }
    }

    private static func stored(_ nats: Float) -> Int16 {
      Int16(max(1, min(Float(CycleCosts.greatest), (nats * CycleCosts.unit).rounded())))
    }
  }

  package let width: Int
  package let height: Int
  package var right: [Edge]
  package var down: [Edge]

  static let unit: Float = 32
  package static let greatest: Int16 = 640
  static let further: Int32 = 640

  package init(width: Int, height: Int) {
    (self.width, self.height) = (width, height)
    right = [Edge](repeating: Edge(), count: width * height)
    down = right
  }

  /// Costs of a filtered phase without a network: true differences are taken as normal around zero,
  /// with a variance that follows from the coherence.
  ///
  /// - Parameters:
  ///   - wrappedRadians: [height x width]; what it has where there are no data does not matter.
  ///   - coherence: 0 to 1, [height x width]; `nil`: the same everywhere.
  package init(wrappedRadians: [Float], coherence: [Float]?, width: Int, height: Int) {
    self.init(width: width, height: height)
    func variance(_ pixel: Int) -> Float {
      guard let coherence else { return 1 }
      let gamma = max(0.05, min(0.999, coherence[pixel]))
      return 0.2 + (1 - gamma * gamma) / (2 * gamma * gamma)
    }
    func edge(_ from: Int, _ to: Int) -> Edge {
      let step = wrapped(wrappedRadians[to] - wrappedRadians[from])
      guard step.isFinite else { return Edge() }
      let variance = variance(from) + variance(to)
      let turn = 2 * Float.pi
      return Edge(
        costs: (turn * (Float.pi - step) / variance, 0, turn * (Float.pi + step) / variance))
    }
    for row in 0..<height {
      for column in 0..<width {
        let pixel = row * width + column
        if column + 1 < width { right[pixel] = edge(pixel, pixel + 1) }
        if row + 1 < height { down[pixel] = edge(pixel, pixel + width) }
      }
    }
  }
}
