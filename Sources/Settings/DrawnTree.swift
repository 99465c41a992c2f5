import Kernel

/// A tree of settings in which distributions stand for values.
package struct DrawnTree: Sendable, Equatable {
  /// Where a distribution stands, and what it is.
  struct Site: Sendable, Equatable {
    /// As in messages: `model.decorrelation.looks`, `network.perpendicularBaselinesMeters[1]`.
    var path: String
    /// The number of the entry or of the element at each depth.
    var steps: [Int]
    var distribution: Distribution
    /// Of the path and the options around it, so that what is drawn depends on no other key.
    var hash: UInt64
  }

  /// With the distributions as they were written.
  let tree: ValueTree
  let sites: [Site]

  /// - Parameters:
  ///   - path: of the tree within the settings.
  ///   - options: the numbers of the options that it lies in, each after `|`.
  /// - Throws: `DistributionFaults` with all of them.
  init(_ tree: ValueTree, path: String = "", options: String = "") throws {
    var sites: [Site] = []
    var faults: [String] = []
    func visit(_ tree: ValueTree, _ path: String, _ steps: [Int]) {
      if Distribution.isMeant(by: tree) {
        do {
          sites.append(
            Site(
              path: path, steps: steps,
              distribution: try Distribution(tree, path: path, options: options),
              hash: Self.hash(path + options)))
        } catch {
          faults += (error as? DistributionFaults)?.faults ?? ["\(error)"]
        }
        return
      }
      for (index, entry) in (tree.entries ?? []).enumerated() {
        visit(entry.value, path.isEmpty ? entry.key : "\(path).\(entry.key)", steps + [index])
      }
      for (index, element) in (tree.elements ?? []).enumerated() {
        visit(element, "\(path)[\(index)]", steps + [index])
      }
    }
    visit(tree, path, [])
    guard faults.isEmpty else { throw DistributionFaults(faults: faults) }
    self.tree = tree
    self.sites = sites
  }

  /// The tree with a value in each distribution's place.
  /// - Parameter draw: a value of a distribution, or the number of a choice's option.
  func resolved(_ draw: (Site) -> Double) -> ValueTree {
    var result = tree
    for site in sites {
      let value = draw(site)
      let content: ValueTree.Content =
        if case .choice(let options, _) = site.distribution {
          options[Int(value)].resolved(draw).content
        } else {
          .plain(Self.word(value))
        }
      result.replace(site.steps[...], by: content)
    }
    return result
  }

  /// Whole numbers without a decimal point, which keys of either kind read.
  private static func word(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 0x1p53 ? "\(Int(value))" : "\(value)"
  }

  /// All trees that differ from the typical one in one place, and the typical one first.
  /// - Parameter isWhole: whether a path takes whole numbers; `nil`: only choices are tried.
  func variants(isWhole: ((String) -> Bool)?) -> [ValueTree] {
    var variants = [resolved(\.distribution.typical)]
    for site in sites {
      func add(_ content: ValueTree.Content) {
        var variant = variants[0]
        variant.replace(site.steps[...], by: content)
        variants.append(variant)
      }
      if case .choice(let options, _) = site.distribution {
        for option in options {
          for variant in option.variants(isWhole: isWhole) { add(variant.content) }
        }
      } else if let isWhole, let (least, greatest) = site.distribution.range {
        let isWhole = isWhole(site.path)
        add(.plain(Self.word(isWhole ? least.rounded(.up) : least)))
        add(.plain(Self.word(isWhole ? greatest.rounded(.down) : greatest)))
      }
    }
    return variants
  }

  /// All distributions, also those inside the options of a choice, each path once.
  var allSites: [Site] {
    var seen: Set<String> = []
    return sites.flatMap { site -> [Site] in
      guard case .choice(let options, _) = site.distribution else { return [site] }
      return [site] + options.flatMap(\.allSites)
    }.filter { seen.insert($0.path).inserted }
  }

  /// FNV-1a. Source: Fowler, Noll and Vo, the 64-bit parameters.
  private static func hash(_ path: String) -> UInt64 {
    path.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
  }
}

extension ValueTree {
  fileprivate mutating func replace(_ steps: ArraySlice<Int>, by new: Content) {
    guard let step = steps.first else {
      content = new
      return
    }
    let old = content
    content = .plain("")  // so that the array is changed in place
    switch old {
    case .mapping(var entries):
      entries[step].value.replace(steps.dropFirst(), by: new)
      content = .mapping(entries)
    case .list(var elements):
      elements[step].replace(steps.dropFirst(), by: new)
      content = .list(elements)
    case .plain, .text:
      content = old
    }
  }
}
