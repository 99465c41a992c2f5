import Foundation

/// The transform of a variable to N(0, 1) by ranks, and back.
///
/// Source: Deutsch and Journel, GSLIB, 2nd edition 1998, section V.2.1 (`nscore`, `backtr`).
public struct NormalScores: Sendable {
  /// Ascending values and their scores.
  private let values: [Float]
  private let scores: [Float]

  /// - Parameter image: values without data are left out; of many, evenly taken ones serve.
  public init(_ image: TrainingImage) {
    let all = image.sortedValues
    let count = min(all.count, 10_000)
    values = (0..<count).map { all[$0 * (all.count - 1) / (count - 1)] }
    scores = (0..<count).map { Self.quantile((Double($0) + 0.5) / Double(count)) }
  }

  /// The score of a value; NaN stays. Equal values have the mean of their scores' ends.
  public func score(_ value: Float) -> Float {
    guard !value.isNaN else { return .nan }
    let low = values.partition(notBelow: value)
    let high = values.partition(above: value)
    if low < high { return (scores[low] + scores[high - 1]) / 2 }
    guard low > 0 else { return scores[0] }
    guard low < values.count else { return scores[values.count - 1] }
    let share = (value - values[low - 1]) / (values[low] - values[low - 1])
    return scores[low - 1] + share * (scores[low] - scores[low - 1])
  }

  /// The value of a score; beyond the ends, the least and the greatest value.
  public func value(_ score: Float) -> Float {
    let high = scores.partition(notBelow: score)
    guard high > 0 else { return values[0] }
    guard high < scores.count else { return values[values.count - 1] }
    let share = (score - scores[high - 1]) / (scores[high] - scores[high - 1])
    return values[high - 1] + share * (values[high] - values[high - 1])
  }

  /// The p-quantile of N(0, 1) to 1e-9: Newton's steps on erfc from a rough start.
  private static func quantile(_ p: Double) -> Float {
    let tail = min(p, 1 - p)
    let t = (-2 * log(tail)).squareRoot()
    // Abramowitz and Stegun 1964, 26.2.23, to 4.5e-4.
    var x =
      t - (2.515517 + t * (0.802853 + t * 0.010328))
      / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)))
    for _ in 0..<3 {
      let error = 0.5 * erfc(x / 2.0.squareRoot()) - tail
      x += error / (exp(-x * x / 2) / (2 * Double.pi).squareRoot())
    }
    return Float(p < 0.5 ? -x : x)
  }
}

extension [Float] {
  /// The first index of a value that is not below `limit`; the values ascend.
  fileprivate func partition(notBelow limit: Float) -> Int { search { $0 < limit } }

  /// The first index of a value above `limit`; the values ascend.
  fileprivate func partition(above limit: Float) -> Int { search { $0 <= limit } }

  private func search(_ isBefore: (Float) -> Bool) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if isBefore(self[middle]) { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
