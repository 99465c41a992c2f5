import Foundation
import Kernel

/// A ramp: the product of a function of rows and one of columns, each linear, square or square
/// root, on a canvas 1.5 times the image, rotated.
struct WuSlope: Codable, Sendable, Equatable {
  enum Profile: String, Codable { case linear, square, root }

  var radians: Double
  var acrossProfile: Profile
  var downProfile: Profile
  /// The sign of the product.
  var sign: Double
  var rotationRadians: Double

  init(radians: Double, random: inout CounterRandom) {
    self.radians = radians
    func profile() -> Profile {
      // The second number is drawn only if the first test fails.
      random.uniform() < 0.2 ? .square : random.uniform() < 0.4 ? .root : .linear
    }
    acrossProfile = profile()
    downProfile = profile()
    sign = random.uniform() < 0.5 ? -1 : 1
    rotationRadians = random.uniform(0...(2 * .pi))
  }

  func add(to phase: inout [Float], grid: SceneGrid) {
    let canvas = TurnedCanvas(grid: grid, rotationRadians: rotationRadians)
    func value(_ profile: Profile, _ x: Double) -> Double {
      switch profile {
      case .linear: x
      case .square: x * x
      case .root: x.squareRoot()
      }
    }
    let greatest = value(acrossProfile, canvas.width) * value(downProfile, canvas.height)
    let scale = sign * radians / greatest
    for row in 0..<grid.height {
      for column in 0..<grid.width {
        let place = canvas.place(column: column, row: row)
        let x = min(max(place.x, 0), canvas.width)
        let y = min(max(place.y, 0), canvas.height)
        phase[row * grid.width + column] +=
          Float(scale * value(acrossProfile, x) * value(downProfile, y))
      }
    }
  }
}

/// Rectangles of equal phase that add where they overlap, on a canvas 1.5 times the image, rotated.
struct WuBuildings: Codable, Sendable, Equatable {
  struct Block: Codable, Sendable, Equatable {
    var column: Double
    var row: Double
    var width: Double
    var height: Double
  }

  var blocks: [Block]
  /// Phase where most of them overlap.
  var radians: Double
  var rotationRadians: Double

  init(
    count: ClosedRange<Int>, radians: ClosedRange<Double>, grid: SceneGrid,
    random: inout CounterRandom
  ) {
    let canvas = TurnedCanvas(grid: grid, rotationRadians: 0)
    blocks = (0..<random.integer(in: count)).map { _ in
      Block(
        column: (random.uniform() * canvas.width).rounded(.down),
        row: (random.uniform() * canvas.height).rounded(.down),
        width: random.uniform(3...max(3, canvas.width / 8)).rounded(),
        height: random.uniform(3...max(3, canvas.height / 8)).rounded())
    }
    self.radians = random.uniform(radians)
    rotationRadians = random.uniform(0...(2 * .pi))
  }

  func add(to phase: inout [Float], grid: SceneGrid) {
    let canvas = TurnedCanvas(grid: grid, rotationRadians: rotationRadians)
    let (width, height) = (Int(canvas.width.rounded(.up)), Int(canvas.height.rounded(.up)))
    var counts = [Float](repeating: 0, count: width * height)
    for block in blocks {
      let columns = Int(block.column)..<min(width, Int(block.column + block.width))
      for row in Int(block.row)..<min(height, Int(block.row + block.height)) {
        for column in columns { counts[row * width + column] += 1 }
      }
    }
    guard let most = counts.max(), most > 0 else { return }
    let scale = Float(radians) / most
    for row in 0..<grid.height {
      for column in 0..<grid.width {
        let place = canvas.place(column: column, row: row)
        let (x, y) = (Int(place.x.rounded(.down)), Int(place.y.rounded(.down)))
        guard (0..<width).contains(x), (0..<height).contains(y) else { continue }
        phase[row * grid.width + column] += scale * counts[y * width + x]
      }
    }
  }
}

/// A canvas 1.5 times a grid's size that is rotated about its center before the grid is cut from
/// it.
struct TurnedCanvas {
  let width: Double
  let height: Double
  private let center: SIMD2<Double>
  private let sine: Double
  private let cosine: Double

  init(grid: SceneGrid, rotationRadians: Double) {
    width = 1.5 * Double(grid.width)
    height = 1.5 * Double(grid.height)
    center = SIMD2(Double(grid.width), Double(grid.height)) / 2
    sine = sin(rotationRadians)
    cosine = cos(rotationRadians)
  }

  /// The position of a pixel's center on the canvas.
  func place(column: Int, row: Int) -> SIMD2<Double> {
    let offset = SIMD2(Double(column) + 0.5, Double(row) + 0.5) - center
    return SIMD2(
      width / 2 + offset.x * cosine - offset.y * sine,
      height / 2 + offset.x * sine + offset.y * cosine)
  }
}

/// Sums over squares of pixels, computed from a table of sums from the upper left corner.
struct BoxSums {
  private let width: Int
  private let height: Int
  private let table: [Double]

  init(_ values: [Float], width: Int, height: Int) {
    self.width = width
    self.height = height
    var table = [Double](repeating: 0, count: (width + 1) * (height + 1))
    for row in 0..<height {
      var sum = 0.0
      for column in 0..<width {
        sum += Double(values[row * width + column])
        table[(row + 1) * (width + 1) + column + 1] = table[row * (width + 1) + column + 1] + sum
      }
    }
    self.table = table
  }

  /// The sum over the pixels at most `reach` rows and columns away, clipped to the grid.
  func sum(row: Int, column: Int, reach: Int) -> Double {
    let (top, bottom) = (max(0, row - reach), min(height, row + reach + 1))
    let (left, right) = (max(0, column - reach), min(width, column + reach + 1))
    let stride = width + 1
    return table[bottom * stride + right] - table[top * stride + right]
      - table[bottom * stride + left] + table[top * stride + left]
  }
}
