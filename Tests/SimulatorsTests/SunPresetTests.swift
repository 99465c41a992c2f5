import Foundation
import Kernel
import Testing

@testable import Simulators

@Suite struct SunPresetTests {
  let grid: SceneGrid

  init() throws { grid = try SceneGrid(width: 256, height: 256, pixelSizeMeters: 10) }

  /// Moments of the public code's maps at 256 px: the standard deviation within a map, on average, and
  /// for the master preset the share of pixels within 15 cm/yr.
  @Test(arguments: [("sun", 41.0, 2.0), ("sun-mild", 9, 0.8)])
  func momentsAreThoseOfThePublicCode(name: String, deviation: Double, tolerance: Double) throws {
    let preset = try ScenePreset.named(name)
    var deviations = 0.0
    var inside = 0
    let maps = 200
    for index in 0..<maps {
      let values = try preset.sample(grid: grid, seed: 5, index: index).rateCMPerYear
      let mean = values.reduce(0.0) { $0 + Double($1) } / Double(grid.count)
      let squares = values.reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) }
      deviations += (squares / Double(grid.count)).squareRoot()
      inside += values.count { abs($0) <= 15 }
    }
    #expect(abs(deviations / Double(maps) - deviation) < tolerance)
    if name == "sun" {
      #expect(abs(Double(inside) / Double(maps * grid.count) - 0.34) < 0.05)
    }
  }

  /// The windows, spans and triangles of the fast way against each formula at every pixel.
  @Test func shapesAreTheirFormulasAtEveryPixel() throws {
    let (width, height) = (77, 61)
    var random = CounterRandom(9, .testInput)
    for _ in 0..<8 {
      let shapes = SunShapes(SunSettings(), width: width, height: height, random: &random)
      let fast = shapes.rasterised(width: width, height: height)
      var taken = Set<Int>()
      for (pixel, value) in fast.enumerated() {
        let (x, y) = (Double(pixel % width), Double(pixel / width))
        var expected = 0.0
        for shape in shapes.gaussians { expected += Self.value(shape, x, y) }
        for shape in shapes.ellipsoids { expected += Self.value(shape, x, y) }
        for shape in shapes.pyramids { expected += Self.value(shape, x, y) }
        for shape in shapes.wedges where !taken.contains(pixel) {
          let dx = x - Double(shape.column)
          guard abs(dx) <= Double(shape.width) / 2,
            abs(y - Double(shape.row)) <= Double(shape.height) / 2
          else { continue }
          expected += Double(shape.width) - 2 * dx
          taken.insert(pixel)
        }
        // An ellipsoid is vertical at its rim, where single precision leaves some hundredths.
        #expect(abs(Double(value) - expected) < 0.03, "\(pixel)")
      }
    }
  }

  static func value(_ g: GaussianShape, _ x: Double, _ y: Double) -> Double {
    let (dx, dy) = (x - Double(g.column), y - Double(g.row))
    let (s, c) = (sin(Double(g.rotationRadians)), cos(Double(g.rotationRadians)))
    let along = (dx * c - dy * s) / Double(g.sigmaAlong)
    let across = (dx * s + dy * c) / Double(g.sigmaAcross)
    return Double(g.amplitude) * exp(-(along * along + across * across) / 2)
  }

  static func value(_ e: HalfEllipsoidShape, _ x: Double, _ y: Double) -> Double {
    let a = (x - Double(e.column)) / Double(e.columnRadius)
    let b = (y - Double(e.row)) / Double(e.rowRadius)
    return Double(e.peak) * max(0, 1 - a * a - b * b).squareRoot()
  }

  static func value(_ p: PyramidShape, _ x: Double, _ y: Double) -> Double {
    let (dx, dy) = (x - Double(p.column), y - Double(p.row))
    let turn = 2 * Double.pi
    var angle = (atan2(dy, dx) - Double(p.cornerRadians[0])).truncatingRemainder(dividingBy: turn)
    if angle < 0 { angle += turn }
    let count = p.cornerRadians.count
    for first in 0..<count {
      let second = (first + 1) % count
      let start = Double(p.cornerRadians[first] - p.cornerRadians[0])
      let end = second == 0 ? turn : Double(p.cornerRadians[second] - p.cornerRadians[0])
      guard end - start < .pi, angle >= start, angle < end else { continue }
      let a =
        SIMD2(
          cos(Double(p.cornerRadians[first])), sin(Double(p.cornerRadians[first])))
        * Double(p.cornerRadii[first])
      let b =
        SIMD2(
          cos(Double(p.cornerRadians[second])), sin(Double(p.cornerRadians[second])))
        * Double(p.cornerRadii[second])
      let fall = ((b.y - a.y) * dx + (a.x - b.x) * dy) / (a.x * b.y - b.x * a.y)
      return Double(p.peak) * max(0, 1 - fall)
    }
    return 0
  }

  /// Wedges fall from twice their width to 0 and do not lie on each other.
  @Test func wedgesFallAndDoNotOverlap() {
    let plane = PixelPlane(width: 40, height: 20)
    var isTaken = [Bool](repeating: false, count: 800)
    let wedge = WedgeShape(column: 20, row: 10, width: 10, height: 4, steepness: 2)
    wedge.add(to: plane, isTaken: &isTaken)
    wedge.add(to: plane, isTaken: &isTaken)
    let values = plane.values()
    #expect(values[10 * 40 + 15] == 20 && values[10 * 40 + 25] == 0)
    #expect(values[13 * 40 + 20] == 0)
    // Five rows of 20, 18, ..., 0.
    #expect(values.reduce(0, +) == 550)
  }

  @Test func theFastExponentialIsTheExponential() {
    for step in 0...2000 {
      let x = Float(-80 + 0.045 * Double(step))
      let value = fastExp(SIMD8(repeating: x))[step % 8]
      #expect(abs(Double(value) / exp(Double(x)) - 1) < 1e-5)
    }
    #expect(fastExp(SIMD8(repeating: -1e6))[0] < 1e-37)
  }
}
