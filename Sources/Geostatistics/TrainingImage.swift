import Kernel

/// A map from which geostatistical methods learn: row-major, NaN where there is no data.
public struct TrainingImage: Sendable, Equatable {
  /// For messages and records, such as a file's name.
  public let name: String
  public let width: Int
  public let height: Int
  public let values: [Float]
  /// Pixels with data.
  public let dataCount: Int

  /// Pixels with data that an image needs at least: fewer have neither a distribution nor a
  /// variogram.
  public static let smallestCount = 1000

  /// - Throws: `GeostatisticsError.trainingImage` for an image smaller than 16 pixels a side, with too
  ///   few data, with infinite values, or with one value everywhere.
  public init(name: String, width: Int, height: Int, values: [Float]) throws {
    func bad(_ reason: String) -> GeostatisticsError { .trainingImage(name: name, reason: reason) }
    guard width >= 16, height >= 16, values.count == width * height else {
      throw bad("it has \(width) x \(height) pixels; give at least 16 x 16")
    }
    var (count, least, greatest) = (0, Float.infinity, -Float.infinity)
    for value in values where !value.isNaN {
      count += 1
      least = min(least, value)
      greatest = max(greatest, value)
    }
    guard count >= Self.smallestCount else {
      throw bad("it has \(count) pixels with data; give at least \(Self.smallestCount)")
    }
    guard least.isFinite, greatest.isFinite else { throw bad("it has infinite values") }
    guard greatest > least else { throw bad("all its values are \(least)") }
    self.name = name
    self.width = width
    self.height = height
    self.values = values
    dataCount = count
  }

  /// The values that are data, in ascending order.
  var sortedValues: [Float] { values.filter { !$0.isNaN }.sorted() }
}

/// Pixels of a simulated map whose values are given.
public struct Conditioning: Sendable, Equatable {
  public let width: Int
  public let height: Int
  /// Row-major; NaN where nothing is given.
  public let values: [Float]

  /// - Throws: `GeostatisticsError.conditioning` for infinite values, a wrong number of them, or none.
  public init(width: Int, height: Int, values: [Float]) throws {
    guard values.count == width * height, width > 0, height > 0 else {
      throw GeostatisticsError.conditioning(
        reason: "there are \(values.count) values for \(width) x \(height) pixels")
    }
    guard !values.contains(where: \.isInfinite) else {
      throw GeostatisticsError.conditioning(reason: "it has infinite values")
    }
    guard values.contains(where: \.isFinite) else {
      throw GeostatisticsError.conditioning(reason: "it has no pixel with data")
    }
    self.width = width
    self.height = height
    self.values = values
  }
}

public enum GeostatisticsError: Error, CustomStringConvertible, Equatable {
  case trainingImage(name: String, reason: String)
  case conditioning(reason: String)
  case settings(faults: [String])

  public var description: String {
    switch self {
    case .trainingImage(let name, let reason):
      "\(name) cannot serve as training image: \(reason)."
    case .conditioning(let reason): "the given pixels cannot be used: \(reason)."
    case .settings(let faults): "cannot simulate: \(faults.joined(separator: "; "))."
    }
  }
}
