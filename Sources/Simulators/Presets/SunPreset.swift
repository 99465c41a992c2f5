import Foundation
import Kernel

/// Numbers of the preset `sun`: 2-D shapes in pixels, rates in cm/yr, all ranges uniform.
public struct SunSettings: Codable, Sendable, Equatable {
  public var gaussianCount = 20
  public var gaussianAmplitude = -10.0...10.0
  public var gaussianSigmaPixels = 20.0...300.0
  public var ellipsoidCount = 10
  public var ellipsoidPeak = 0.0...150.0
  public var ellipsoidColumnRadiusPixels = 0.1...100.0
  public var ellipsoidRowRadiusPixels = 0.1...10.0
  public var pyramidCount = 20
  public var pyramidCorners = 3...10
  public var pyramidPeak = 0.0...140.0
  public var pyramidRadiusPixels = 0.0...100.0
  public var wedgeCount = 30
  public var wedgeWidthPixels = 3.0...30.0
  public var wedgeHeightPixels = 3.0...50.0
  public var wedgeSteepness = 2.0

  public init() {}

  /// The milder settings of the code for rates.
  public static var mild: SunSettings {
    var settings = SunSettings()
    settings.ellipsoidPeak = 0...50
    settings.ellipsoidColumnRadiusPixels = 0.1...10
    settings.ellipsoidRowRadiusPixels = 0.1...10
    settings.pyramidCount = 10
    settings.pyramidPeak = 0...40
    settings.wedgeCount = 0
    return settings
  }
}

/// The shapes of one map.
public struct SunShapes: Codable, Sendable, Equatable {
  public var gaussians: [GaussianShape]
  public var ellipsoids: [HalfEllipsoidShape]
  public var pyramids: [PyramidShape]
  /// In the order in which they are built: from the right to the left.
  public var wedges: [WedgeShape]

  init(_ settings: SunSettings, width: Int, height: Int, random: inout CounterRandom) {
    var draws = ShapeRandom(random: random, width: width, height: height)
    defer { random = draws.random }
    gaussians = (0..<settings.gaussianCount).map { _ in
      draws.gaussian(
        amplitude: settings.gaussianAmplitude, sigma: settings.gaussianSigmaPixels)
    }
    ellipsoids = (0..<settings.ellipsoidCount).map { _ in
      HalfEllipsoidShape(
        peak: draws.sign() * draws.uniform(settings.ellipsoidPeak), column: draws.column(),
        row: draws.row(), columnRadius: draws.uniform(settings.ellipsoidColumnRadiusPixels),
        rowRadius: draws.uniform(settings.ellipsoidRowRadiusPixels))
    }
    pyramids = (0..<settings.pyramidCount).map { _ in
      draws.pyramid(
        peak: settings.pyramidPeak, radius: settings.pyramidRadiusPixels,
        corners: settings.pyramidCorners)
    }
    wedges = (0..<settings.wedgeCount).map { _ in
      WedgeShape(
        column: draws.column(), row: draws.row(),
        width: draws.uniform(settings.wedgeWidthPixels),
        height: draws.uniform(settings.wedgeHeightPixels),
        steepness: Float(settings.wedgeSteepness))
    }.sorted { $0.column - $0.width / 2 > $1.column - $1.width / 2 }
  }

  func rasterised(width: Int, height: Int) -> [Float] {
    let plane = PixelPlane(width: width, height: height)
    for shape in gaussians { shape.add(to: plane) }
    for shape in ellipsoids { shape.add(to: plane) }
    for shape in pyramids { shape.add(to: plane) }
    if !wedges.isEmpty {
      var isTaken = [Bool](repeating: false, count: width * height)
      for shape in wedges { shape.add(to: plane, isTaken: &isTaken) }
    }
    return plane.values()
  }
}

/// Draws random shapes on a grid of pixels.
struct ShapeRandom {
  var random: CounterRandom
  let width: Int
  let height: Int

  mutating func uniform(_ range: ClosedRange<Double>) -> Float { Float(random.uniform(range)) }
  mutating func sign() -> Float { random.uniform() > 0.5 ? -1 : 1 }
  mutating func column() -> Float { Float(random.integer(below: max(1, width - 1))) }
  mutating func row() -> Float { Float(random.integer(below: max(1, height - 1))) }

  mutating func gaussian(
    amplitude: ClosedRange<Double>, sigma: ClosedRange<Double>
  ) -> GaussianShape {
    GaussianShape(
      amplitude: uniform(amplitude), column: column(), row: row(), sigmaAlong: uniform(sigma),
      sigmaAcross: uniform(sigma), rotationRadians: uniform(-.pi ... .pi))
  }

  /// Corners step by U(0, 2 pi / (n - 1)) around the apex, and the last one closes the circle to
  /// within half a step; the last radius is drawn once and used for the corrected direction.
  mutating func pyramid(
    peak: ClosedRange<Double>, radius: ClosedRange<Double>, corners: ClosedRange<Int>
  ) -> PyramidShape {
    let first = random.uniform(0...(2 * .pi))
    let count = random.integer(in: corners)
    let place = (column: column(), row: row())
    var angle = first
    var radii: [Float] = []
    var angles: [Double] = []
    for _ in 0..<count {
      radii.append(uniform(radius))
      angles.append(angle)
      angle = min(first + 2 * .pi, angle + random.uniform() * 2 * .pi / Double(count - 1))
    }
    angles[count - 1] = max(first + 2 * .pi - random.uniform(0 ... .pi), angles[count - 1])
    return PyramidShape(
      peak: sign() * uniform(peak), column: place.column, row: place.row,
      cornerRadians: angles.map { Float($0) }, cornerRadii: radii)
  }
}

extension ScenePreset {
  public static let sun = sunPreset(
    name: "sun", summary: "Gaussians, half-ellipsoids, pyramids and wedges: the master preset",
    settings: SunSettings())
  public static let sunMild = sunPreset(
    name: "sun-mild", summary: "the same shapes with the milder settings of the code for rates",
    settings: .mild)

  private static func sunPreset(
    name: String, summary: String, settings: SunSettings
  ) -> ScenePreset {
    ScenePreset(
      name: name, summary: summary,
      source: "Sun et al., DeepInSAR, Remote Sensing 12(14), 2340, 2020, and its public simulator",
      pixelSizeMeters: 10, settings: settings
    ) { grid, _, random in
      let shapes = SunShapes(settings, width: grid.width, height: grid.height, random: &random)
      return SimulatedSample(
        grid: grid, rateCMPerYear: shapes.rasterised(width: grid.width, height: grid.height),
        record: shapes)
    }
  }
}
