import DurableFiles
import Kernel

/// Settings that are drawn anew for each sample: distributions stand where values would stand.
///
/// What is drawn for a key in sample i depends on the seed, the key and i alone: a distribution added
/// for another key changes nothing.
package struct DrawnSettings<Value: Codable & Validatable & Sendable>: Sendable {
  /// The middle of every distribution, and the first option of every choice.
  package let typical: Value
  private let tree: DrawnTree
  /// The same over the defaults.
  private let complete: DrawnTree
  private let defaults: ValueTree
  private let wholeNumbers: Set<String>

  /// What a sample got.
  package struct Draw: Sendable {
    package let value: Value
    /// Each key that was drawn, with its value.
    package let drawn: ValueTree
  }

  /// Whether anything is drawn.
  package var isDrawn: Bool { !tree.sites.isEmpty }

  /// The settings as they were given, with distributions in their places, over the defaults; for
  /// manifests.
  package let given: ValueTree

  /// `given` as a file that can be read again.
  package var yaml: String { given.yaml() }

  /// The settings of sample `index`.
  /// - Throws: `RunError.configuration` if the values that were drawn do not go together.
  package func draw(_ index: Int, seed: UInt64) throws -> Draw {
    guard isDrawn else { return Draw(value: typical, drawn: ValueTree(content: .mapping([]))) }
    var drawn: [ValueTree.Entry] = []
    func drawnValue(_ site: DrawnTree.Site) -> Double {
      var random = CounterRandom(seed, .sampleSituation, UInt64(index), site.hash)
      return site.distribution.draw(&random, isWhole: wholeNumbers.contains(site.path))
    }
    let resolved = complete.resolved { site in
      let value = drawnValue(site)
      // An option that is a distribution itself is drawn after its choice, and says more.
      drawn.removeAll { $0.key == site.path }
      drawn.append(.init(key: site.path, keyOrigin: "", value: site.recorded(value)))
      return value
    }
    let settings = ValueTree(content: .mapping(drawn))
    if let value = try? Value(from: PlainDecoder(tree: resolved)), value.faults().isEmpty {
      return Draw(value: value, drawn: settings)
    }
    // Once more, to say what is wrong.
    let (value, faults) = ConfigurationOverlay.decode(
      Value.self, given: tree.resolved(drawnValue), defaults: defaults, DecodingFindings())
    guard let value, faults.isEmpty else {
      throw RunError.configuration(
        faults: faults.map { "sample \(index), as drawn: \($0)" })
    }
    return Draw(value: value, drawn: settings)
  }

  /// Settings of which nothing is drawn.
  package init(_ value: Value) throws {
    typical = value
    tree = try DrawnTree(ValueTree(content: .mapping([])))
    complete = tree
    defaults = try ValueTree(encoding: value)
    given = defaults
    wholeNumbers = []
  }

  /// - Parameter fixed: keys, or groups of keys, that are the same for all samples.
  init(defaults: Value, given: ValueTree, fixed: [String]) throws {
    do {
      tree = try DrawnTree(given)
    } catch let error as DistributionFaults {
      throw RunError.configuration(faults: error.faults)
    }
    let defaults = try ValueTree(encoding: defaults)
    self.defaults = defaults
    var faults: [String] = []
    for site in tree.allSites
    where fixed.contains(where: { site.path == $0 || site.path.hasPrefix("\($0).") }) {
      faults.append("\(site.path) is the same for all samples; give a value, not a distribution")
    }
    guard faults.isEmpty else { throw RunError.configuration(faults: faults) }

    // First with one value for each distribution, to learn which keys take whole numbers.
    var wholeNumbers: Set<String> = []
    var typical: Value?
    func check(_ given: ValueTree) -> [String] {
      let findings = DecodingFindings()
      let (value, faults) = ConfigurationOverlay.decode(
        Value.self, given: given, defaults: defaults, findings)
      wholeNumbers.formUnion(findings.wholeNumbers)
      if typical == nil { typical = value }
      return faults
    }
    for variant in tree.variants(isWhole: nil) { faults += check(variant) }
    if faults.isEmpty {
      for site in tree.allSites where wholeNumbers.contains(site.path) {
        if let range = site.distribution.range,
          range.least.rounded(.up) > range.greatest.rounded(.down)
        {
          faults.append("\(site.path) takes whole numbers, of which \(site.distribution) has none")
        }
      }
    }
    if faults.isEmpty {
      let known = wholeNumbers
      for variant in tree.variants(isWhole: known.contains) {
        faults += check(variant).map { "\($0) (at an end of what may be drawn)" }
      }
    }
    guard faults.isEmpty, let typical else {
      var seen: Set<String> = []
      throw RunError.configuration(faults: faults.filter { seen.insert($0).inserted })
    }
    self.typical = typical
    self.wholeNumbers = wholeNumbers
    self.given = defaults.overlaid(with: given)
    complete = try DrawnTree(given.completed(by: defaults))
    // Values that are possible one by one may not go together.
    if isDrawn { for index in 0..<Self.trials { _ = try draw(index, seed: 0) } }
  }

  private static var trials: Int { 64 }
}

extension DrawnTree.Site {
  /// What a sample's record says of a draw.
  fileprivate func recorded(_ value: Double) -> ValueTree {
    guard case .choice(let options, _) = distribution else {
      return ValueTree(content: .plain("\(value)"))
    }
    let option = options[Int(value)]
    // The values inside a group are recorded by themselves.
    return option.tree.isScalar || option.sites.isEmpty
      ? option.tree : ValueTree(content: .plain("\(Int(value))"))
  }
}

extension ConfigurationOverlay {
  /// As `resolve`, where distributions may stand for values.
  /// - Parameter fixed: keys, or groups of keys, that are the same for all samples.
  package static func resolveDrawn<C: Codable & Validatable & Sendable>(
    defaults: C, yamlFile: String? = nil, sets: [String] = [], fixed: [String] = []
  ) throws -> DrawnSettings<C> {
    let (given, faults) = try given(yamlFile: yamlFile, sets: sets)
    guard faults.isEmpty else { throw RunError.configuration(faults: faults) }
    return try DrawnSettings(defaults: defaults, given: given, fixed: fixed)
  }
}
