import DurableFiles
import Foundation
import Kernel

/// A classifier two-sample test: how often logistic regression on the features tells generated
/// samples from real ones that it was not trained on. 0.5: it cannot; 1: always.
///
/// The accuracy is the mean over five folds; sample i of either set is in fold i % 5. Each feature
/// is standardized with the training folds, and the mean logistic loss gets a ridge penalty.
/// Source: Lopez-Paz and Oquab, "Revisiting Classifier Two-Sample Tests", ICLR 2017.
public enum TwoSampleTest {
  static let folds = 5
  /// The factor of half the squared length of the weights beside the mean loss.
  static let ridge = 0.1
  /// Fewer samples per set say little.
  public static let fewestSamples = 25

  /// The accuracy with a 95 % interval for the number of samples.
  ///
  /// - Returns: `nil` for fewer than `fewestSamples` samples. Of the larger set, the first samples
  ///   are used.
  /// - Throws: `FeatureMetricsError.dimensionsDiffer`, `RunError.interrupted`.
  public static func accuracy(real: FeatureSet, generated: FeatureSet) throws -> Estimate? {
    try real.requireDimension(of: generated)
    let count = min(real.count, generated.count)
    guard count >= fewestSamples else { return nil }
    let (real, generated) = (real.part(0..<count), generated.part(0..<count))
    var correct = 0
    for fold in 0..<folds {
      try Interruption.check()
      correct += correctlyTold(real, generated, fold: fold)
    }
    return estimate(correct: correct, of: 2 * count)
  }

  /// A share of so many answers, with its 95 % interval.
  package static func estimate(correct: Int, of count: Int) -> Estimate {
    let share = Double(correct) / Double(count)
    let error = (share * (1 - share) / Double(count)).squareRoot()
    return Estimate(
      value: share, standardError: error, low: max(0, share - 1.96 * error),
      high: min(1, share + 1.96 * error))
  }

  /// The number of samples of a fold that a classifier trained on the others tells correctly.
  private static func correctlyTold(_ real: FeatureSet, _ generated: FeatureSet, fold: Int) -> Int {
    let indices = Array(0..<real.count)
    let (test, training) = (
      indices.filter { $0 % folds == fold }, indices.filter { $0 % folds != fold }
    )
    let classifier = LogisticRegression(
      zeros: real.rows(training), ones: generated.rows(training), ridge: ridge)
    return test.count { classifier.logit(real.row($0)) < 0 }
      + test.count { classifier.logit(generated.row($0)) >= 0 }
  }
}

/// Logistic regression with a ridge penalty on standardized features, fitted by L-BFGS.
///
/// Source of the method: Liu and Nocedal, "On the limited memory BFGS method", 1989.
struct LogisticRegression {
  private let means: [Double]
  /// 1 over the standard deviation of each feature; 0 for a constant one.
  private let scales: [Double]
  /// Of the standardized features.
  private(set) var weights: [Double]
  private(set) var bias: Double

  private static let memory = 10
  private static let greatestIterations = 200
  private static let gradientLimit = 1e-7

  /// - Parameters:
  ///   - zeros, ones: samples of the two classes, equally many.
  ///   - ridge: the factor of half the squared length of the weights beside the mean loss.
  init(zeros: FeatureSet, ones: FeatureSet, ridge: Double) {
    let (count, width) = (zeros.count + ones.count, zeros.dimension)
    var samples = (zeros.values + ones.values).map(Double.init)
    var means = [Double](repeating: 0, count: width)
    var squares = means
    samples.withUnsafeBufferPointer { samples in
      for row in 0..<count {
        for column in 0..<width { means[column] += samples[row * width + column] }
      }
      for column in 0..<width { means[column] /= Double(count) }
      for row in 0..<count {
        for column in 0..<width {
          let difference = samples[row * width + column] - means[column]
          squares[column] += difference * difference
        }
      }
    }
    let scales = squares.map { $0 > 0 ? (Double(count) / $0).squareRoot() : 0 }
    samples.withUnsafeMutableBufferPointer { samples in
      for row in 0..<count {
        for column in 0..<width {
          let index = row * width + column
          samples[index] = (samples[index] - means[column]) * scales[column]
        }
      }
    }
    self.means = means
    self.scales = scales
    let targets = (0..<count).map { $0 < zeros.count ? 0.0 : 1.0 }
    let found = Self.minimum(width + 1) { point, gradient in
      Self.loss(samples, targets, ridge: ridge, at: point, &gradient)
    }
    weights = Array(found.prefix(width))
    bias = found[width]
  }

  /// Positive for the second class.
  func logit(_ sample: ArraySlice<Float>) -> Double {
    var sum = bias
    for (column, value) in sample.enumerated() {
      sum += weights[column] * (Double(value) - means[column]) * scales[column]
    }
    return sum
  }

  /// The mean loss with the penalty, and its gradient by weights and bias.
  private static func loss(
    _ samples: [Double], _ targets: [Double], ridge: Double, at point: [Double],
    _ gradient: inout [Double]
  ) -> Double {
    let width = point.count - 1
    let share = 1 / Double(targets.count)
    var loss = 0.0
    for index in gradient.indices { gradient[index] = index < width ? ridge * point[index] : 0 }
    for index in 0..<width { loss += ridge / 2 * point[index] * point[index] }
    samples.withUnsafeBufferPointer { samples in
      point.withUnsafeBufferPointer { point in
        gradient.withUnsafeMutableBufferPointer { gradient in
          guard let samples = samples.baseAddress, let point = point.baseAddress,
            let gradient = gradient.baseAddress
          else { return }
          for (row, target) in targets.enumerated() {
            let sample = samples + row * width
            let logit = dotProduct(sample, point, width) + point[width]
            // log(1 + e^logit) - target logit, without overflow.
            loss += share * (max(logit, 0) + log1p(exp(-abs(logit))) - target * logit)
            let residual = share * (1 / (1 + exp(-logit)) - target)
            addScaled(gradient, residual, sample, width)
            gradient[width] += residual
          }
        }
      }
    }
    return loss
  }

  /// The minimum of a convex function, from 0 on.
  private static func minimum(
    _ count: Int, _ function: ([Double], inout [Double]) -> Double
  ) -> [Double] {
    var point = [Double](repeating: 0, count: count)
    var gradient = point
    var value = function(point, &gradient)
    var history: [(step: [Double], change: [Double], product: Double)] = []
    for _ in 0..<greatestIterations {
      guard gradient.contains(where: { abs($0) > gradientLimit }) else { break }
      var direction = direction(gradient, history)
      var slope = dot(direction, gradient)
      if !(slope < 0) {
        history = []
        direction = gradient.map { -$0 }
        slope = dot(direction, gradient)
      }
      var length = 1.0
      var next = point
      var nextGradient = gradient
      var nextValue = value
      for _ in 0..<40 {
        next = zip(point, direction).map { $0 + length * $1 }
        nextValue = function(next, &nextGradient)
        if nextValue <= value + 1e-4 * length * slope { break }
        length /= 2
      }
      guard nextValue < value else { break }
      let step = zip(next, point).map { $0 - $1 }
      let change = zip(nextGradient, gradient).map { $0 - $1 }
      let product = dot(step, change)
      if product > 0 { history.append((step, change, product)) }
      if history.count > memory { history.removeFirst() }
      (point, gradient, value) = (next, nextGradient, nextValue)
    }
    return point
  }

  private static func direction(
    _ gradient: [Double], _ history: [(step: [Double], change: [Double], product: Double)]
  ) -> [Double] {
    var result = gradient
    var factors: [Double] = []
    for pair in history.reversed() {
      let factor = dot(pair.step, result) / pair.product
      factors.append(factor)
      for index in result.indices { result[index] -= factor * pair.change[index] }
    }
    if let last = history.last {
      let scale = last.product / dot(last.change, last.change)
      for index in result.indices { result[index] *= scale }
    }
    for (pair, factor) in zip(history, factors.reversed()) {
      let other = dot(pair.change, result) / pair.product
      for index in result.indices { result[index] += (factor - other) * pair.step[index] }
    }
    return result.map { -$0 }
  }

  private static func dot(_ a: [Double], _ b: [Double]) -> Double {
    a.withUnsafeBufferPointer { a in
      b.withUnsafeBufferPointer { b in
        guard let left = a.baseAddress, let right = b.baseAddress else { return 0 }
        return dotProduct(left, right, a.count)
      }
    }
  }
}
