import FeatureMetrics
import Kernel
import Patches
import Rasters

/// The name and the path of a set, given by a user.
public struct NamedPath: Sendable, Equatable {
  public let name: String
  public let path: String

  public init(name: String, path: String) {
    self.name = name
    self.path = path
  }

  /// Reads `NAME=PATH`; a path without name is named after its last component.
  /// - Throws: `EvaluationError.arguments` for an empty name or path.
  public init(parsing text: String) throws {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let path = String(parts.last ?? "")
    let last = path.split(separator: "/").last.map(String.init) ?? ""
    let name = parts.count == 2 ? String(parts[0]) : last
    guard !name.isEmpty, !path.isEmpty else {
      throw EvaluationError.arguments(["\(OptionName.set) takes NAME=PATH, not '\(text)'"])
    }
    self.init(name: name, path: path)
  }
}

/// All sets of an evaluation, with equal patch size and number of samples.
struct EvaluationInputs {
  let real: EvaluationSet
  /// Further real samples for the control; `nil` if there are too few.
  let moreReal: EvaluationSet?
  let sets: [EvaluationSet]
  let warnings: [String]

  static let realName = "real"
  static let standardPatchSize = 256

  /// - Throws: the errors of `PatchSetReader`; `EvaluationError.sets` for different sizes and for
  ///   fewer than two samples.
  init(real: String, sets named: [NamedPath], _ settings: EvaluationSettings) throws {
    let all = [NamedPath(name: Self.realName, path: real)] + named
    func read(_ set: NamedPath, size: Int, count: Int) throws -> EvaluationSet {
      try PatchSetReader(
        count: count, patchSize: size, seed: settings.seed,
        drawing: PatchSetReader.drawing(filter: settings.filter), usesHeldOut: settings.heldOut,
        unit: settings.unit, losConvention: settings.losSign, quantity: settings.quantity
      ).read(set.path, name: set.name)
    }
    // Files determine patch size and number; datasets adapt to them.
    var found: [String: EvaluationSet] = [:]
    for set in all where try PatchSetReader.kind(of: set.path) != .dataset {
      let isReal = set.name == Self.realName
      found[set.name] = try read(
        set, size: Self.standardPatchSize, count: isReal ? settings.count * 2 : settings.count)
    }
    let inOrder = all.compactMap { found[$0.name] }
    if let first = inOrder.first, let other = inOrder.first(where: { $0.size != first.size }) {
      throw EvaluationError.sets(
        "the patches of \(other.name) (\(other.path)) have \(other.size)x\(other.size) pixels, and "
          + "those of \(first.name) (\(first.path)) \(first.size)x\(first.size): only sets of one "
          + "size compare. Make them again with one size.")
    }
    let ownSize = inOrder.first?.size
    if let ownSize, let asked = settings.patchSize, asked != ownSize {
      throw EvaluationError.sets(
        "\(OptionName.patchSize) is \(asked), and the patches of \(inOrder[0].name) (\(inOrder[0].path)) have "
          + "\(ownSize)x\(ownSize) pixels: leave the option out.")
    }
    let size = ownSize ?? settings.patchSize ?? Self.standardPatchSize
    let count = min(settings.count, inOrder.map(\.count).min() ?? settings.count)
    for set in all where found[set.name] == nil {
      let isReal = set.name == Self.realName
      found[set.name] = try read(set, size: size, count: isReal ? count * 2 : count)
    }
    try self.init(all.map { found[$0.name]! }, count: count, asked: settings.count)
  }

  private init(_ all: [EvaluationSet], count: Int, asked: Int) throws {
    guard count >= 2 else {
      let small = all.first { $0.count < 2 } ?? all[0]
      throw EvaluationError.sets(
        "\(small.name) (\(small.path)) holds \(small.count) patch: a comparison needs 2 or more.")
    }
    if let other = all.first(where: { $0.quantity != all[0].quantity }) {
      throw EvaluationError.sets(
        "\(other.name) (\(other.path)) holds \(other.quantity.words), and \(all[0].name) "
          + "(\(all[0].path)) \(all[0].quantity.words): only maps of one quantity compare. A set that "
          + "states none holds rates, unless \(OptionName.quantity) says otherwise.")
    }
    for set in all { try Self.checkRates(set) }
    var warnings: [String] = []
    let isCut = all.dropFirst().contains { $0.count > count } || all[0].count > 2 * count
    if count < asked, isCut, let smallest = all.min(by: { $0.count < $1.count }) {
      warnings.append(
        "every set is cut to \(count) samples, as many as \(smallest.name) has, so that their "
          + "numbers compare.")
    }
    real = all[0].part(0..<count)
    moreReal = all[0].count >= 2 * count ? all[0].part(count..<2 * count, name: "control") : nil
    sets = all.dropFirst().map { $0.part(0..<count) }
    let sameness = ([real] + sets).map(Sameness.init)
    if let fault = sameness[0].ofAll {
      throw EvaluationError.sets(
        "\(real.name) (\(real.path)): \(fault), so there is nothing to compare with. Check the file, "
          + "its unit and its no-data value.")
    }
    self.warnings = warnings + sameness.compactMap { $0.warning } + sets.compactMap(Self.fastRates)
  }

  /// Refuses values for which metrics cannot be computed or would overflow.
  private static func checkRates(_ set: EvaluationSet) throws {
    guard set.size >= smallestPatchSize else {
      throw EvaluationError.sets(
        "the patches of \(set.name) (\(set.path)) have \(set.size)x\(set.size) pixels: spectra and "
          + "variograms need \(smallestPatchSize)x\(smallestPatchSize) or more.")
    }
    for (patch, origin) in zip(set.patches, set.origins) {
      guard set.quantity == .rate else { break }
      guard let rate = patch.first(where: { abs($0) > impossibleRateCMPerYear }) else { continue }
      throw EvaluationError.sets(
        "\(origin.label) of \(set.name) (\(set.path)) holds \(rate) cm/yr, which is no rate of the "
          + "ground but most likely a no-data value: mark it as NaN and draw patches with ganinsar "
          + "prepare, or leave the map out.")
    }
  }

  private static let smallestPatchSize = 8
  /// Ten kilometers per year.
  private static let impossibleRateCMPerYear: Float = 1e6
  /// The limit for warnings, as in `prepare`.
  private static let implausibleRateCMPerYear: Float = 1000

  private static func fastRates(_ set: EvaluationSet) -> String? {
    guard set.quantity == .rate else { return nil }
    let count = set.patches.count { $0.contains { abs($0) > implausibleRateCMPerYear } }
    return count == 0
      ? nil
      : "\(count) of \(set.count) patches of \(set.name) hold rates beyond 1000 cm/yr: is that a "
        + "no-data value?"
  }
}
