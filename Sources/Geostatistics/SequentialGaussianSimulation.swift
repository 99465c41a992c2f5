import Foundation
import Kernel

/// Gaussian fields with a variogram, of any size, and through given pixels.
///
/// Pixels are visited from a coarse grid to finer ones, in random order on each. A pixel is drawn from
/// the normal distribution whose mean and variance simple kriging gives from the nearest pixels that
/// have a value. The path, and with it every kriging weight, is the same for all fields, so that a
/// field costs one sum a pixel (Nussbaumer et al., Computational Geosciences 2018: the constant path).
/// Source: Deutsch and Journel, GSLIB, 2nd edition 1998, section V.2.3.
public struct SequentialGaussianSimulation: Sendable {
  public let width: Int
  public let height: Int
  public let model: VariogramModel

  /// Pixels in the order in which they are drawn.
  private let path: [Int32]
  /// Where the neighbors of the i-th pixel of the path begin, in `neighbors` and `weights`.
  private let starts: [Int32]
  private let neighbors: [Int32]
  private let weights: [Float]
  private let deviations: [Float]
  private let given: [(pixel: Int, score: Float)]

  /// Neighbors of a pixel at most.
  public static let neighborLimit = 16
  /// Given pixels among them at most.
  private static let givenLimit = 8
  /// The farthest neighbor, in steps of the grid on which the pixel lies.
  private static let reachSteps = 4
  /// Weights of more pixels would fill the memory: 16 of 8 bytes each.
  public static let largestCount = 1 << 22

  /// - Parameters:
  ///   - model: its sill is the variance of the fields, 1.
  ///   - given: standard scores at pixels (row-major), which every field has exactly.
  ///   - seed: decides on the path.
  /// - Throws: `GeostatisticsError.settings` for a map of more than `largestCount` pixels.
  public init(
    _ model: VariogramModel, width: Int, height: Int, given: [(pixel: Int, score: Float)] = [],
    seed: UInt64
  ) throws {
    guard width > 0, height > 0, width * height <= Self.largestCount else {
      throw GeostatisticsError.settings(
        faults: [
          "\(width) x \(height) pixels are too many for sequential simulation, which keeps the "
            + "weights of at most \(Self.largestCount)"
        ])
    }
    self.width = width
    self.height = height
    self.model = model
    self.given = given
    var builder = KrigingPath(model, width: width, height: height, given: given.map(\.pixel))
    builder.build(random: CounterRandom(seed, .simulationPath))
    path = builder.path
    starts = builder.starts
    neighbors = builder.neighbors
    weights = builder.weights
    deviations = builder.deviations
  }

  /// A field of mean 0 and the model's variance, row-major.
  public func field(_ random: inout CounterRandom) -> [Float] {
    var field = [Float](repeating: 0, count: width * height)
    for pixel in given { field[pixel.pixel] = pixel.score }
    for index in path.indices {
      var mean: Float = 0
      for entry in Int(starts[index])..<Int(starts[index + 1]) {
        mean += weights[entry] * field[Int(neighbors[entry])]
      }
      field[Int(path[index])] = mean + deviations[index] * Float(random.normal())
    }
    return field
  }

  /// Builds the path and the weights of each of its pixels.
  private struct KrigingPath {
    let width: Int
    let height: Int
    let given: [Int]
    /// Covariance of pixels that are so many rows and columns apart.
    let covariance: [Double]
    var path: [Int32] = []
    var starts: [Int32] = [0]
    var neighbors: [Int32] = []
    var weights: [Float] = []
    var deviations: [Float] = []

    init(_ model: VariogramModel, width: Int, height: Int, given: [Int]) {
      self.width = width
      self.height = height
      self.given = given
      covariance = (0..<height * width).map { index in
        let (row, column) = index.quotientAndRemainder(dividingBy: width)
        return model.covariance(Double(row * row + column * column).squareRoot())
      }
    }

    mutating func build(random: CounterRandom) {
      var random = random
      var isKnown = [Bool](repeating: false, count: width * height)
      for pixel in given { isKnown[pixel] = true }
      var step = 1
      while 2 * step < max(width, height) { step *= 2 }
      var system = KrigingSystem(limit: SequentialGaussianSimulation.neighborLimit)
      while step >= 1 {
        let offsets = Self.offsets(step: step)
        var pixels: [Int] = []
        for row in stride(from: 0, to: height, by: step) {
          for column in stride(from: 0, to: width, by: step)
          where !isKnown[row * width + column] { pixels.append(row * width + column) }
        }
        pixels.shuffle(using: &random)
        for pixel in pixels {
          let found = known(around: pixel, offsets, step: step, isKnown)
          let deviation = system.solve(pixel, found, width: width, covariance)
          path.append(Int32(pixel))
          neighbors += found.map { Int32($0) }
          weights += system.weights(found.count)
          starts.append(Int32(neighbors.count))
          deviations.append(Float(deviation))
          isKnown[pixel] = true
        }
        step /= 2
      }
    }

    /// Rows and columns to pixels on the grid, nearest first.
    private static func offsets(step: Int) -> [(row: Int, column: Int)] {
      let reach = SequentialGaussianSimulation.reachSteps
      var offsets: [(row: Int, column: Int)] = []
      for row in -reach...reach {
        for column in -reach...reach {
          let square = row * row + column * column
          if square > 0 && square <= reach * reach { offsets.append((row, column)) }
        }
      }
      func key(_ offset: (row: Int, column: Int)) -> (Int, Int, Int) {
        (offset.row * offset.row + offset.column * offset.column, offset.row, offset.column)
      }
      return offsets.sorted { key($0) < key($1) }.map { ($0.row * step, $0.column * step) }
    }

    private func known(
      around pixel: Int, _ offsets: [(row: Int, column: Int)], step: Int, _ isKnown: [Bool]
    ) -> [Int] {
      let (row, column) = pixel.quotientAndRemainder(dividingBy: width)
      var found = nearestGiven(row, column, reach: step * SequentialGaussianSimulation.reachSteps)
      let givenCount = found.count
      for offset in offsets {
        let (y, x) = (row + offset.row, column + offset.column)
        guard y >= 0, y < height, x >= 0, x < width, isKnown[y * width + x] else { continue }
        if found[..<givenCount].contains(y * width + x) { continue }
        found.append(y * width + x)
        if found.count == SequentialGaussianSimulation.neighborLimit { break }
      }
      return found
    }

    /// Given pixels seldom lie on the coarse grids, so they are looked for among themselves.
    private func nearestGiven(_ row: Int, _ column: Int, reach: Int) -> [Int] {
      guard !given.isEmpty else { return [] }
      var nearest: [(distance: Int, pixel: Int)] = []
      let limit = SequentialGaussianSimulation.givenLimit
      for pixel in given {
        let (y, x) = (pixel / width - row, pixel % width - column)
        guard abs(y) <= reach, abs(x) <= reach else { continue }
        let distance = y * y + x * x
        if nearest.count == limit, distance >= nearest[limit - 1].distance { continue }
        let place = nearest.firstIndex { $0.distance > distance } ?? nearest.count
        nearest.insert((distance, pixel), at: place)
        if nearest.count > limit { nearest.removeLast() }
      }
      return nearest.map(\.pixel)
    }
  }
}

/// Simple kriging of one pixel from a few others, by Cholesky's decomposition.
private struct KrigingSystem {
  private let limit: Int
  /// Lower triangle of the neighbors' covariances, then its factor.
  private var matrix: [Double]
  private var solution: [Double]

  init(limit: Int) {
    self.limit = limit
    matrix = [Double](repeating: 0, count: limit * limit)
    solution = [Double](repeating: 0, count: limit)
  }

  func weights(_ count: Int) -> [Float] { solution[..<count].map { Float($0) } }

  /// Leaves the weights in `solution`.
  /// - Returns: the standard deviation of the kriging error.
  mutating func solve(_ pixel: Int, _ found: [Int], width: Int, _ covariance: [Double]) -> Double {
    func between(_ a: Int, _ b: Int) -> Double {
      let (ya, xa) = a.quotientAndRemainder(dividingBy: width)
      let (yb, xb) = b.quotientAndRemainder(dividingBy: width)
      return covariance[abs(ya - yb) * width + abs(xa - xb)]
    }
    let count = found.count
    let variance = covariance[0]
    for i in 0..<count {
      for j in 0..<i { matrix[i * limit + j] = between(found[i], found[j]) }
      // A trace of noise, without which smooth models are singular in double precision.
      matrix[i * limit + i] = variance * (1 + 1e-6)
    }
    for i in 0..<count {
      for j in 0...i {
        var sum = matrix[i * limit + j]
        for k in 0..<j { sum -= matrix[i * limit + k] * matrix[j * limit + k] }
        matrix[i * limit + j] =
          i == j ? max(sum, 1e-12).squareRoot() : sum / matrix[j * limit + j]
      }
    }
    var explained = 0.0
    for i in 0..<count {
      var sum = between(pixel, found[i])
      for k in 0..<i { sum -= matrix[i * limit + k] * solution[k] }
      solution[i] = sum / matrix[i * limit + i]
      explained += solution[i] * solution[i]
    }
    for i in stride(from: count - 1, through: 0, by: -1) {
      var sum = solution[i]
      for k in i + 1..<count { sum -= matrix[k * limit + i] * solution[k] }
      solution[i] = sum / matrix[i * limit + i]
    }
    return max(0, variance - explained).squareRoot()
  }
}
