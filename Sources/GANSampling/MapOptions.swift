/// A part of an endless map.
public struct MapWindow: Sendable, Equatable, Codable, CustomStringConvertible {
  /// The column of its first pixel; may be negative.
  public var x: Int
  /// The row of its first pixel, counted downward; may be negative.
  public var y: Int
  public var size: MapSize

  /// The farthest position in pixels.
  public static let farthest = 1_000_000_000

  public init(x: Int, y: Int, size: MapSize) {
    self.x = x
    self.y = y
    self.size = size
  }

  /// Reads `X,Y,WIDTH,HEIGHT`, such as `-300,0,512,512`.
  /// - Throws: `SamplingError.arguments` for any other text, and for numbers out of range.
  public init(parsing text: String) throws {
    let numbers = text.split(separator: ",", omittingEmptySubsequences: false).map {
      Int($0.trimmingSpaces)
    }
    guard numbers.count == 4, let x = numbers[0], let y = numbers[1], let width = numbers[2],
      let height = numbers[3]
    else {
      throw SamplingError.arguments([
        "the window is '\(text)': use X,Y,WIDTH,HEIGHT in pixels, such as -300,0,512,512"
      ])
    }
    self.init(x: x, y: y, size: MapSize(width: width, height: height))
    try check()
  }

  func check() throws {
    try MapSize.check(size)
    for place in [x, y] where !(-Self.farthest...Self.farthest).contains(place) {
      throw SamplingError.arguments([
        "the window begins at \(x),\(y): use positions from -\(Self.farthest) to \(Self.farthest)"
      ])
    }
  }

  public var description: String { "\(x),\(y),\(size.width),\(size.height)" }

  var rows: Range<Int> { y..<y + size.height }
  var columns: Range<Int> { x..<x + size.width }
}

extension Substring {
  fileprivate var trimmingSpaces: Substring {
    drop { $0 == " " }
  }
}

/// The number type that a network computes in.
public enum MapPrecision: String, Sendable, Codable, CaseIterable {
  case float32
  /// About twice as fast on processors that support it; maps differ from those of float32 by a few
  /// percent of their texture.
  case bfloat16
}

/// What is asked of the maps of a field model.
public struct MapOptions: Sendable, Equatable, Codable {
  /// A part of the endless map; `nil` for the map itself.
  public var window: MapWindow?
  /// The standard deviation of rates within a patch, in cm/yr.
  public var spread: ClosedRange<Double>?
  /// The mean rate of a patch, in cm/yr.
  public var mean: ClosedRange<Double>?
  /// The fraction of pixels of a patch with a rate of at most 3 cm/yr, of either sign.
  public var quietFraction: ClosedRange<Double>?
  /// Names of training scenes that maps shall look like, and how often each, relative to the
  /// others.
  public var style: [String: Double]?
  /// The factor of the latents, above 0 and at most 1: less gives more typical maps.
  public var truncation: Double?
  /// Maps with a rate beyond it, in cm/yr and of either sign, are drawn again.
  public var maxRate: Double?
  /// Maps lie on the way to those of a second seed.
  public var interpolation: Interpolation?
  public var precision: MapPrecision?
  /// The side in pixels of regions that have statistics of their own, all of one scene; `nil` for
  /// one set of statistics for the whole map.
  public var regions: Int?

  /// Sample k is step k % `steps` of the way of map k / `steps` from the first seed to the second.
  public struct Interpolation: Sendable, Equatable, Codable {
    public var seed: UInt64
    /// At least 2: the first step is the first seed's map, the last one the second's.
    public var steps: Int

    public init(seed: UInt64, steps: Int) {
      self.seed = seed
      self.steps = steps
    }
  }

  public init() {}

  static let greatestSteps = 10_000
  /// Maps that may be rejected before one is accepted.
  static let greatestAttempts = 200

  /// All faults, one sentence each.
  func faults() -> [String] {
    var faults: [String] = []
    let ranges = [("spread", spread), ("mean", mean), ("quiet fraction", quietFraction)]
    for (name, range) in ranges {
      if let range, !range.lowerBound.isFinite || !range.upperBound.isFinite {
        faults.append("the range of the \(name) is not finite: use LOW..HIGH")
      }
    }
    if let spread, spread.upperBound <= 0 {
      faults.append("the spread is at most \(spread.upperBound) cm/yr: use positive numbers")
    }
    if let quietFraction, quietFraction.lowerBound > 1 || quietFraction.upperBound < 0 {
      faults.append("the quiet fraction lies outside 0 to 1: use LOW..HIGH, such as 0.3..0.6")
    }
    for (scene, weight) in (style ?? [:]).sorted(by: { $0.key < $1.key })
    where !(weight > 0 && weight.isFinite) {
      faults.append("the weight of the style '\(scene)' is \(weight): use a positive number")
    }
    if let truncation, !(truncation > 0 && truncation <= 1) {
      faults.append("the truncation is \(truncation): use a number above 0 and at most 1")
    }
    if let maxRate, !(maxRate > 0 && maxRate.isFinite) {
      faults.append("the greatest rate is \(maxRate): use a positive number in cm/yr")
    }
    if let steps = interpolation?.steps, !(2...Self.greatestSteps).contains(steps) {
      faults.append("the number of steps is \(steps): use 2 to \(Self.greatestSteps)")
    }
    if maxRate != nil, window != nil {
      faults.append(
        "a window cannot be drawn again because of its rates, as others would no longer fit: leave "
          + "out the greatest rate or the window")
    }
    return faults
  }

  /// Whether something is asked that only field models do.
  var needsFieldModel: Bool { self != MapOptions() }
}

/// The ranges within which a field model's maps can be asked for.
package struct MapControls: Sendable, Equatable {
  /// The standard deviations of its training patches, in cm/yr.
  package var spread: ClosedRange<Double>
  /// Their mean rates, in cm/yr.
  package var mean: ClosedRange<Double>
  /// Their fractions of quiet pixels; `nil` for files that do not know them.
  package var quietFraction: ClosedRange<Double>?
  /// The scenes that a style may name.
  package var scenes: [String]
}
