/// The content of the report page: plain results, without tensors and without paths that must still
/// exist.
///
/// Sets are identified by their index in `sets`, patches by their index in `ReportSet.patches`.
package struct EvaluationReport: Codable, Sendable, Equatable {
  package var title: String
  /// One or two sentences below the title: the sets and the main results.
  package var summary = ""
  /// The command line that made it, and the time (ISO 8601).
  package var command = ""
  package var created = ""
  package var colorScale: ReportColorScale
  /// The first is the reference (the real patches) with which the others are compared.
  package var sets: [ReportSet]
  package var metrics: [ReportMetric] = []
  package var embedding: ReportEmbedding?
  package var outliers: [ReportOutlier] = []
  package var nearestPairs: [ReportPair] = []
  package var plots: [ReportPlot] = []
  package var warnings: [String] = []
  package var settings: [ReportSetting] = []
  package var checksums: [ReportChecksum] = []

  package init(title: String, colorScale: ReportColorScale, sets: [ReportSet]) {
    self.title = title
    self.colorScale = colorScale
    self.sets = sets
  }
}

/// The common color scale of all patches.
package struct ReportColorScale: Codable, Sendable, Equatable {
  /// The rate at the ends of the scale, in cm/yr.
  /// Of other quantities, the upper end in their unit.
  package var limitCMPerYear: Double
  /// The lower end; `nil`: -limit.
  package var lowest: Double?
  /// What is colored, with its unit; `nil`: rates.
  package var caption: String?
  /// `#rrggbb` from -limit to +limit, evenly spaced; 3 or more.
  package var colors: [String]

  package init(limitCMPerYear: Double, colors: [String]) {
    (self.limitCMPerYear, self.colors) = (limitCMPerYear, colors)
  }
}

/// A set of patches.
package struct ReportSet: Codable, Sendable, Equatable {
  package var name: String
  package var path: String
  /// Number of evaluated patches; `patches` may show fewer.
  package var count: Int
  /// Side in pixels of the evaluated patches.
  package var patchSize: Int
  package var notes: [String]
  package var patches: PatchSprite

  package init(
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
package struct ReportMetric: Codable, Sendable, Equatable {
  package enum Goal: String, Codable, Sendable {
    case lower, higher
    /// Better if nearer to the value of the reference set.
    case nearReference
    case none
  }

  /// Rows of the same group are shown together under its name.
  package var group: String
  package var name: String
  package var unit: String
  /// An explanation of the metric in one sentence.
  package var explanation: String
  package var goal: Goal
  package var decimals: Int
  /// [sets]; `nil` if it is undefined.
  package var values: [ReportValue?]
  /// Real against real at the same number of patches.
  package var control: ReportValue?

  package init(
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
package struct ReportValue: Codable, Sendable, Equatable {
  package var value: Double
  package var low: Double?
  package var high: Double?

  package init(_ value: Double, low: Double? = nil, high: Double? = nil) {
    (self.value, self.low, self.high) = (value, low, high)
  }
}

/// Patches as points in a plane.
package struct ReportEmbedding: Codable, Sendable, Equatable {
  /// The method: `t-SNE of Inception features, perplexity 30, KL 1.23`.
  package var method: String
  /// One entry per set.
  package var sets: [Points]
  /// [sets][sets]: 1 for perfectly mixed sets, 0 for separate ones.
  package var overlap: [[Double]]
  /// An explanation of `overlap` in one sentence.
  package var overlapExplanation: String

  package struct Points: Codable, Sendable, Equatable {
    package var x: [Double]
    package var y: [Double]
    /// The index of each in the set's `patches`.
    package var patch: [Int]

    package init(x: [Double], y: [Double], patch: [Int]) {
      (self.x, self.y, self.patch) = (x, y, patch)
    }
  }

  package init(
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
package struct ReportOutlier: Codable, Sendable, Equatable {
  package var set: Int
  package var patch: Int
  package var score: Double
  /// The meaning of the score: `3.1 times as far from real patches as they are from each other`.
  package var reason: String

  package init(set: Int, patch: Int, score: Double, reason: String) {
    (self.set, self.patch, self.score, self.reason) = (set, patch, score, reason)
  }
}

/// A patch and its nearest training patch.
package struct ReportPair: Codable, Sendable, Equatable {
  package var set: Int
  package var patch: Int
  package var reference: Int
  /// The measure of distance, such as `in pixels`; pairs of the same measure are shown together.
  package var measure: String
  /// `0.82 cm/yr RMS after a flip or a turn`.
  package var caption: String

  package init(set: Int, patch: Int, reference: Int, measure: String, caption: String) {
    (self.set, self.patch, self.reference) = (set, patch, reference)
    (self.measure, self.caption) = (measure, caption)
  }
}

/// Curves or histograms of all sets over one axis.
package struct ReportPlot: Codable, Sendable, Equatable {
  package enum Kind: String, Codable, Sendable { case curve, histogram }

  package struct Axis: Codable, Sendable, Equatable {
    package var label: String
    package var isLogarithmic: Bool

    package init(_ label: String, isLogarithmic: Bool = false) {
      (self.label, self.isLogarithmic) = (label, isLogarithmic)
    }
  }

  package struct Series: Codable, Sendable, Equatable {
    package var set: Int
    /// For curves: the x values. For histograms: the bin edges, one more than `y`.
    package var x: [Double]
    package var y: [Double]
    /// The 95 % interval; empty if there is none.
    package var low: [Double]
    package var high: [Double]

    package init(set: Int, x: [Double], y: [Double], low: [Double] = [], high: [Double] = []) {
      (self.set, self.x, self.y, self.low, self.high) = (set, x, y, low, high)
    }
  }

  package var kind: Kind
  package var title: String
  /// An explanation with conventions, in one or two sentences.
  package var explanation: String
  package var x: Axis
  package var y: Axis
  package var series: [Series]

  package init(
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
package struct ReportSetting: Codable, Sendable, Equatable {
  package var group: String
  package var name: String
  package var value: String

  package init(group: String, name: String, value: String) {
    (self.group, self.name, self.value) = (group, name, value)
  }
}

/// The checksum of an input.
package struct ReportChecksum: Codable, Sendable, Equatable {
  package var what: String
  package var path: String
  package var sha256: String

  package init(what: String, path: String, sha256: String) {
    (self.what, self.path, self.sha256) = (what, path, sha256)
  }
}
