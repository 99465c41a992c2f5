import Kernel

/// What each sample of a dataset holds, and how rate maps are divided.
public struct SampleSet: Codable, Sendable, Equatable {
  /// What a sample is made of.
  public enum Content: String, Codable, Sendable, CaseIterable {
    /// One interferogram: a pair of dates. Arrays are [rows, columns].
    case pair
    /// All interferograms of a network. Arrays of interferograms are [pairs, rows, columns].
    case stack
  }

  public var content = Content.pair
  /// Rows and columns; `nil`: the shorter side of the first rate map, at most 256.
  public var size: Int?
  /// Samples of each rate map.
  public var perMap = 10
  public var arrays: [SampleArrayName] = [.wrapped, .unwrapped, .coherence]
  /// Those of `arrays` that are written as float16.
  public var float16: [SampleArrayName] = []
  /// |rate| from which a pixel counts as moving, for the array `moving`.
  public var movingCMPerYear = 1.0
  /// Parts of the rate maps whose samples are for validation and for tests; the others are for
  /// training.
  public var validationFraction = 0.1
  public var testFraction = 0.1

  public init() {}

  package func faults() -> [String] {
    var check = ParameterCheck()
    if let size { check.inside("samples.size", Double(size), 4...8192) }
    check.inside("samples.perMap", Double(perMap), 1...1_000_000_000)
    check.require(!arrays.isEmpty, "samples.arrays is empty; name at least one array")
    check.require(
      Set(arrays).count == arrays.count, "samples.arrays names an array twice; name each once")
    check.positive("samples.movingCMPerYear", movingCMPerYear)
    for (name, value) in [
      ("validationFraction", validationFraction), ("testFraction", testFraction),
    ] { check.inside("samples.\(name)", value, 0...1) }
    check.require(
      validationFraction + testFraction < 1,
      "samples.validationFraction and testFraction leave nothing for training; give less than 1")
    for name in float16 {
      check.require(
        arrays.contains(name),
        "samples.float16 names \(name.rawValue), which is not among samples.arrays; add it there")
      check.require(
        name.float16Error != nil,
        "samples.float16 names \(name.rawValue), which has no bound: float16 rounds 100 rad by up to "
          + "0.03 rad and ends at 65504; write it as float32")
    }
    return check.faults
  }
}

/// Arrays that a sample may hold.
public enum SampleArrayName: String, Codable, Sendable, CaseIterable {
  case wrapped, unwrapped, coherence
  /// The wrapped phase after the Goldstein filter.
  case filtered
  /// The wrapped phase without decorrelation noise.
  case clean
  case rate
  /// 1 where the ground moves.
  case moving
  /// 1 where the rate map and the frame have data.
  case valid
  case deformation
  case topographicError = "topographic_error"
  case turbulence
  case stratification
  case orbitalRamp = "orbital_ramp"
  case decorrelation

  /// Whether there is one for each interferogram, not one for the sample.
  package var belongsToPairs: Bool {
    switch self {
    case .rate, .moving, .valid: false
    default: true
    }
  }

  /// The largest error of rounding to float16, in the array's unit or as a part of the value; `nil`:
  /// there is no bound, and float16 is refused.
  package var float16Error: String? {
    switch self {
    case .wrapped, .clean, .filtered: "at most 0.00098 rad"
    case .coherence: "at most 0.00025"
    case .rate: "at most 0.049 % of the value, 65504 cm/yr at most"
    case .moving, .valid: "none"
    default: nil
    }
  }
}

extension SampleSet: DocumentedKeys {
  package static let keyDescriptions: KeyValuePairs = [
    "content":
      "A pair of dates, or a stack: all pairs of the network, in arrays [pairs, rows, columns].",
    "size":
      "Rows and columns, 4 to 8192; null: the shorter side of the first rate map, at most 256.",
    "perMap": "Samples of each rate map, 1 or more.",
    "arrays": "What is written.",
    "float16": "Those of arrays that are written as float16.",
    "movingCMPerYear": "|rate| in cm/yr from which a pixel is 1 in the array moving, above 0.",
    "validationFraction": "Part of the rate maps whose samples are for validation, 0 to below 1.",
    "testFraction": "Part of the rate maps whose samples are for tests, 0 to below 1.",
  ]
}
