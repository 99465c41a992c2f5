/// The content of the report page: plain results, without tensors and without paths that must still
/// exist.
///
/// Sets are identified by their index in `sets`, patches by their index in `ReportSet.patches`.
public struct EvaluationReport: Codable, Sendable, Equatable {
  public var title: String
  /// One or two sentences below the title: the sets and the main results.
  public var summary = ""
  /// The command line that made it, and the time (ISO 8601).
  public var command = ""
  public var created = ""
  public var colorScale: ReportColorScale
  /// The first is the reference (the real patches) with which the others are compared.
  public var sets: [ReportSet]
  public var metrics: [ReportMetric] = []
  public var embedding: ReportEmbedding?
  public var outliers: [ReportOutlier] = []
  public var nearestPairs: [ReportPair] = []
  public var plots: [ReportPlot] = []
  public var warnings: [String] = []
  public var settings: [ReportSetting] = []
  public var checksums: [ReportChecksum] = []

  public init(title: String, colorScale: ReportColorScale, sets: [ReportSet]) {
    self.title = title
    self.colorScale = colorScale
    self.sets = sets
  }
}

/// The common color scale of all patches.
public struct ReportColorScale: Codable, Sendable, Equatable {
  /// The rate at the ends of the scale, in cm/yr.
  public var limitCMPerYear: Double
  /// `#rrggbb` from -limit to +limit, evenly spaced; 3 or more.
  public var colors: [String]

  public init(limitCMPerYear: Double, colors: [String]) {
    (self.limitCMPerYear, self.colors) = (limitCMPerYear, colors)
  }
}

/// A set of patches.
public struct ReportSet: Codable, Sendable, Equatable {
  public var name: String
  public var path: String
  /// Number of evaluated patches; `patches` may show fewer.
  public var count: Int
  /// Side in pixels of the evaluated patches.
  public var patchSize: Int
  public var notes: [String]
  public var patches: PatchSprite

  public init(
    name: String, path: String, count: Int, patchSize: Int, notes: [String] = [],
    patches: PatchSprite
  ) {
    self.name = name
    self.path = path
    self.count = count
    self.patchSize = patchSize
    self.notes = notes
    self.patches = patches
  }
}

/// One row of the table.
public struct ReportMetric: Codable, Sendable, Equatable {
  public enum Goal: String, Codable, Sendable {
    case lower, higher
    /// Better if nearer to the value of the reference set.
    case nearReference
    case none
  }

  /// Rows of the same group are shown together under its name.
  public var group: String
  public var name: String
  public var unit: String
  /// An explanation of the metric in one sentence.
  public var explanation: String
  public var goal: Goal
  public var decimals: Int
  /// [sets]; `nil` if it is undefined.
  public var values: [ReportValue?]
  /// Real against real at the same number of patches.
  public var control: ReportValue?

  public init(
    group: String, name: String, unit: String = "", explanation: String, goal: Goal,
    decimals: Int = 2, values: [ReportValue?], control: ReportValue? = nil
  ) {
    self.group = group
    self.name = name
    self.unit = unit
    self.explanation = explanation
    self.goal = goal
    self.decimals = decimals
    self.values = values
    self.control = control
  }
}

/// A value, optionally with its 95 % interval.
public struct ReportValue: Codable, Sendable, Equatable {
  public var value: Double
  public var low: Double?
  public var high: Double?

  public init(_ value: Double, low: Double? = nil, high: Double? = nil) {
    (self.value, self.low, self.high) = (value, low, high)
  }
}

/// Patches as points in a plane.
public struct ReportEmbedding: Codable, Sendable, Equatable {
  /// The method: `t-SNE of Inception features, perplexity 30, KL 1.23`.
  public var method: String
  /// One entry per set.
  public var sets: [Points]
  /// [sets][sets]: 1 for perfectly mixed sets, 0 for separate ones.
  public var overlap: [[Double]]
  /// An explanation of `overlap` in one sentence.
  public var overlapExplanation: String

  public struct Points: Codable, Sendable, Equatable {
    public var x: [Double]
    public var y: [Double]
    /// The index of each in the set's `patches`.
    public var patch: [Int]

    public init(x: [Double], y: [Double], patch: [Int]) {
      (self.x, self.y, self.patch) = (x, y, patch)
    }
  }

  public init(
    method: String, sets: [Points], overlap: [[Double]] = [],
    overlapExplanation: String =
      "Share of each patch's neighbours in the picture that are of the other set, over the share "
      + "that chance would give: 1 where two sets are mixed, 0 where they lie apart."
  ) {
    self.method = method
    self.sets = sets
    self.overlap = overlap
    self.overlapExplanation = overlapExplanation
  }
}

/// A patch that an expert should inspect.
public struct ReportOutlier: Codable, Sendable, Equatable {
  public var set: Int
  public var patch: Int
  public var score: Double
  /// The meaning of the score: `3.1 times as far from real patches as they are from each other`.
  public var reason: String

  public init(set: Int, patch: Int, score: Double, reason: String) {
    (self.set, self.patch, self.score, self.reason) = (set, patch, score, reason)
  }
}

/// A patch and its nearest training patch.
public struct ReportPair: Codable, Sendable, Equatable {
  public var set: Int
  public var patch: Int
  public var reference: Int
  /// The measure of distance, such as `in pixels`; pairs of the same measure are shown together.
  public var measure: String
  /// `0.82 cm/yr RMS after a flip or a turn`.
  public var caption: String

  public init(set: Int, patch: Int, reference: Int, measure: String, caption: String) {
    (self.set, self.patch, self.reference) = (set, patch, reference)
    (self.measure, self.caption) = (measure, caption)
  }
}

/// Curves or histograms of all sets over one axis.
public struct ReportPlot: Codable, Sendable, Equatable {
  public enum Kind: String, Codable, Sendable { case curve, histogram }

  public struct Axis: Codable, Sendable, Equatable {
    public var label: String
    public var isLogarithmic: Bool

    public init(_ label: String, isLogarithmic: Bool = false) {
      (self.label, self.isLogarithmic) = (label, isLogarithmic)
    }
  }

  public struct Series: Codable, Sendable, Equatable {
    public var set: Int
    /// For curves: the x values. For histograms: the bin edges, one more than `y`.
    public var x: [Double]
    public var y: [Double]
    /// The 95 % interval; empty if there is none.
    public var low: [Double]
    public var high: [Double]

    public init(set: Int, x: [Double], y: [Double], low: [Double] = [], high: [Double] = []) {
      (self.set, self.x, self.y, self.low, self.high) = (set, x, y, low, high)
    }
  }

  public var kind: Kind
  public var title: String
  /// An explanation with conventions, in one or two sentences.
  public var explanation: String
  public var x: Axis
  public var y: Axis
  public var series: [Series]

  public init(
    kind: Kind, title: String, explanation: String, x: Axis, y: Axis, series: [Series]
  ) {
    self.kind = kind
    self.title = title
    self.explanation = explanation
    self.x = x
    self.y = y
    self.series = series
  }
}

/// A setting that affects the numbers.
public struct ReportSetting: Codable, Sendable, Equatable {
  public var group: String
  public var name: String
  public var value: String

  public init(group: String, name: String, value: String) {
    (self.group, self.name, self.value) = (group, name, value)
  }
}

/// The checksum of an input.
public struct ReportChecksum: Codable, Sendable, Equatable {
  public var what: String
  public var path: String
  public var sha256: String

  public init(what: String, path: String, sha256: String) {
    (self.what, self.path, self.sha256) = (what, path, sha256)
  }
}
