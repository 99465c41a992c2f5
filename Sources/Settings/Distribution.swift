import Foundation
import Kernel

/// A distribution that stands where the value of a setting would stand.
///
/// | YAML | value |
/// |---|---|
/// | `{uniform: [a, b]}` | equally likely between a and b |
/// | `{logUniform: [a, b]}` | its logarithm is equally likely between those of a and b, above 0 |
/// | `{normal: [mean, deviation], limits: [a, b]}` | normal between the limits; 4 deviations if not given |
/// | `{choice: [x, y], weights: [1, 3]}` | one of the values, of any kind; equally likely if not given |
/// | `{table: [[x, density], ...]}` | density that is linear between the points |
///
/// A key for whole numbers gets whole numbers: each one between `uniform`'s ends is equally likely,
/// those of the others are rounded.
package enum Distribution: Sendable, Equatable {
  case uniform(Double, Double)
  case logUniform(Double, Double)
  case normal(mean: Double, deviation: Double, least: Double, greatest: Double)
  /// The weights add up to 1.
  case choice([DrawnTree], weights: [Double])
  /// Ascending places, and their densities, which are not scaled.
  case table(places: [Double], densities: [Double])

  /// The names of the kinds, as in YAML.
  static let names = ["uniform", "logUniform", "normal", "choice", "table"]
  /// Deviations from the mean at which a normal distribution without limits ends.
  static let normalReach = 4.0

  /// Whether `tree` is meant as a distribution.
  static func isMeant(by tree: ValueTree) -> Bool {
    tree.entries?.contains { names.contains($0.key) } == true
  }

  /// One draw; `random` belongs to this setting and sample alone.
  ///
  /// A draw of `.choice` is the number of the option.
  func draw(_ random: inout CounterRandom, isWhole: Bool) -> Double {
    switch self {
    case .uniform(let a, let b):
      guard isWhole else { return a == b ? a : random.uniform(a...b) }
      return Double(random.integer(in: Int(a.rounded(.up))...Int(b.rounded(.down))))
    case .logUniform(let a, let b):
      let (low, high) = Self.ends(a, b, isWhole)
      let value = exp(random.uniform(log(max(low, a / 2))...log(high)))
      return Self.kept(value, a, b, isWhole)
    case .normal(let mean, let deviation, let a, let b):
      guard deviation > 0 else { return Self.kept(mean, a, b, isWhole) }
      let (low, high) = Self.ends(a, b, isWhole)
      while true {
        let value = mean + deviation * random.normal()
        if value >= low, value <= high { return Self.kept(value, a, b, isWhole) }
      }
    case .choice(_, let weights):
      var rest = random.uniform()
      for (index, weight) in weights.enumerated() {
        if rest < weight { return Double(index) }
        rest -= weight
      }
      return Double(weights.lastIndex { $0 > 0 } ?? 0)
    case .table(let places, let densities):
      return Self.kept(
        Self.inverse(random.uniform(), places, densities), places[0], places[places.count - 1],
        isWhole)
    }
  }

  /// The ends of what is rounded to the whole numbers between `a` and `b`.
  private static func ends(_ a: Double, _ b: Double, _ isWhole: Bool) -> (Double, Double) {
    isWhole ? (a.rounded(.up) - 0.5, b.rounded(.down) + 0.5) : (a, b)
  }

  private static func kept(_ value: Double, _ a: Double, _ b: Double, _ isWhole: Bool) -> Double {
    isWhole
      ? min(max(value.rounded(), a.rounded(.up)), b.rounded(.down)) : min(max(value, a), b)
  }

  /// The place below which `share` of a piecewise linear density lies.
  private static func inverse(_ share: Double, _ places: [Double], _ densities: [Double]) -> Double
  {
    func area(_ piece: Int) -> Double {
      (densities[piece] + densities[piece + 1]) / 2 * (places[piece + 1] - places[piece])
    }
    let pieces = places.count - 1
    var rest = share * (0..<pieces).reduce(0) { $0 + area($1) }
    for piece in 0..<pieces {
      let area = area(piece)
      if rest >= area, piece < pieces - 1 {
        rest -= area
        continue
      }
      let width = places[piece + 1] - places[piece]
      let slope = (densities[piece + 1] - densities[piece]) / width
      // density t + slope t^2 / 2 = rest, in the form that also holds for a slope of 0.
      let root = max(densities[piece] * densities[piece] + 2 * slope * rest, 0).squareRoot()
      let sum = densities[piece] + root
      return places[piece] + (sum > 0 ? min(2 * rest / sum, width) : 0)
    }
    return places[pieces]
  }

  /// The ends of the range; `nil` for a choice.
  var range: (least: Double, greatest: Double)? {
    switch self {
    case .uniform(let a, let b), .logUniform(let a, let b), .normal(_, _, let a, let b): (a, b)
    case .table(let places, _): (places[0], places[places.count - 1])
    case .choice: nil
    }
  }

  /// A value that stands for all others: a whole number, if one is possible.
  var typical: Double {
    guard let (least, greatest) = range else { return 0 }
    let middle =
      switch self {
      case .logUniform: (least * greatest).squareRoot()
      case .normal(let mean, _, _, _): min(max(mean, least), greatest)
      default: (least + greatest) / 2
      }
    let whole = min(max(middle.rounded(), least.rounded(.up)), greatest.rounded(.down))
    return whole >= least && whole <= greatest ? whole : middle
  }
}

extension Distribution: CustomStringConvertible {
  /// As in YAML.
  package var description: String {
    func list(_ numbers: [Double]) -> String {
      "[" + numbers.map { $0.formatted() }.joined(separator: ", ") + "]"
    }
    return switch self {
    case .uniform(let a, let b): "{uniform: \(list([a, b]))}"
    case .logUniform(let a, let b): "{logUniform: \(list([a, b]))}"
    case .normal(let mean, let deviation, let a, let b):
      "{normal: \(list([mean, deviation])), limits: \(list([a, b]))}"
    case .choice(let options, let weights):
      "{choice: [\(options.map { $0.tree.json() }.joined(separator: ", "))], weights: \(list(weights))}"
    case .table(let places, let densities):
      "{table: [\(zip(places, densities).map { list([$0, $1]) }.joined(separator: ", "))]}"
    }
  }
}

extension Double {
  fileprivate func formatted() -> String {
    self == rounded() && abs(self) < 1e15 ? "\(Int(self))" : "\(self)"
  }
}
