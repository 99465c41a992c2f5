import Datasets
import Kernel

/// The scales and scenes from which windows are drawn, with the filter on or off.
struct ScaleDraw: Sendable {
  struct Scale: Sendable {
    let factor: Int
    let weight: Double
    /// The index of the scale in the sampler's tables.
    let table: Int
    /// The scenes, and the number of possible window positions in each.
    var scenes: [Int]
    var places: [Int]
  }

  /// The inputs of the choice.
  struct Choice {
    let mix: [MultiScale.Scale]
    /// [scale][scene]
    let tables: [[WindowTable?]]
    let scenes: [RateScene]
    let configuration: PatchLoaderConfiguration
    let patchSize: Int
    let filterIsOn: Bool
  }

  let scales: [Scale]
  /// The scale that is used outside the epochs of the multi-scale mix.
  let unscaled: Scale

  /// Leaves out, with a warning, scales for which no scene is large enough or the rules reject
  /// (nearly) all windows; if no scale remains, that is an error.
  init(_ choice: Choice, _ warnings: inout [String]) throws {
    let configuration = choice.configuration
    // A state of the filter that does not occur in any epoch is not checked.
    let filterEpochs = configuration.filter.epochs
    let happens = choice.filterIsOn ? !filterEpochs.isEmpty : !filterEpochs.coversEveryEpoch
    var usable: [Scale] = []
    var rejected = RejectionCounts()
    for position in choice.mix.indices {
      let scale = Self.fitting(choice, position)
      if !happens {
        usable.append(scale)
      } else if let scale = Self.checked(scale, choice, &rejected, &warnings) {
        usable.append(scale)
      }
    }
    let mixed = usable.filter { $0.weight > 0 }
    let single = usable.first { $0.factor == 1 }
    let needsMixed = happens && !configuration.multiScale.epochs.isEmpty
    let needsSingle = happens && !configuration.multiScale.epochs.coversEveryEpoch
    guard let first = single ?? usable.first, !(needsMixed && mixed.isEmpty),
      !(needsSingle && single == nil)
    else {
      guard rejected.tried > 0 else { throw Self.noSceneFits(choice) }
      throw PatchError.everyPatchRejected(
        counts: rejected,
        where: "at \(choice.patchSize) px with the conditional filter "
          + (choice.filterIsOn ? "on" : "off"),
        remedy: configuration.remedy(for: rejected.strictestRule))
    }
    scales = mixed
    unscaled = first
  }

  private static func fitting(_ choice: Choice, _ position: Int) -> Scale {
    let scale = choice.mix[position]
    let tables = choice.tables[position]
    let fitting = choice.scenes.indices.filter { tables[$0] != nil }
    return Scale(
      factor: scale.factor, weight: scale.weight, table: position, scenes: fitting,
      places: fitting.map { tables[$0]?.places ?? 0 })
  }

  /// `scale` without unusable scenes; `nil` if no scene remains.
  private static func checked(
    _ scale: Scale, _ choice: Choice, _ rejected: inout RejectionCounts,
    _ warnings: inout [String]
  ) -> Scale? {
    func warn(_ sentence: String) {
      if !warnings.contains(sentence) { warnings.append(sentence) }
    }
    let configuration = choice.configuration
    // With zoom or rotation, window sizes vary and the rules are applied to each patch.
    let resamples = configuration.augmentation.resamples
    let smallest =
      resamples ? configuration.augmentation.smallestWindow(choice.patchSize) : choice.patchSize
    guard choice.scenes.contains(where: { $0.grid.fits(side: smallest * scale.factor) }) else {
      let side = choice.patchSize * scale.factor
      warn("scale \(scale.factor) is left out: no scene is as large as \(side)x\(side) pixels.")
      return nil
    }
    let during = choice.filterIsOn ? " while the filter is on" : ""
    var total = RejectionCounts()
    var kept = scale
    kept.scenes = []
    kept.places = []
    for (number, scene) in choice.scenes.enumerated() {
      guard let table = choice.tables[scale.table][number] else {
        if !resamples {
          warn(
            "\(scene.name) (\(scene.grid.width)x\(scene.grid.height)) is left out at scale "
              + "\(scale.factor): windows have \(choice.patchSize * scale.factor) pixels per side.")
        }
        continue
      }
      let counts = choice.filterIsOn ? table.countsWithFilter : table.countsWithoutFilter
      total += counts
      if configuration.sceneWeighting == .equal && !configuration.canDraw(counts) {
        warn(
          "\(scene.name) is left out at scale \(scale.factor)\(during): only \(counts.accepted) of "
            + "\(counts.tried) windows pass the rules.")
      } else {
        kept.scenes.append(number)
        kept.places.append(table.places)
      }
    }
    switch configuration.sceneWeighting {
    case .area where resamples || configuration.canDraw(total): return kept
    case .equal where !kept.scenes.isEmpty: return kept
    default:
      rejected += total
      warn(
        "scale \(scale.factor) is left out\(during): only \(total.accepted) of \(total.tried) "
          + "windows pass the rules.")
      return nil
    }
  }

  func pick(_ random: inout CounterRandom) -> Scale {
    guard scales.count > 1 else { return scales.first ?? unscaled }
    var rest = random.uniform() * scales.reduce(0) { $0 + $1.weight }
    for scale in scales.dropLast() {
      if rest < scale.weight { return scale }
      rest -= scale.weight
    }
    return scales[scales.count - 1]
  }

  /// A scene and a window position in it (row-major index); `nil` if there is no scene.
  static func pickPlace(
    scenes: [Int], places: [Int], _ random: inout CounterRandom
  ) -> (scene: Int, place: Int)? {
    let total = places.reduce(0, +)
    guard total > 0 else { return nil }
    var place = random.integer(below: total)
    for (scene, count) in zip(scenes, places) {
      if place < count { return (scene, place) }
      place -= count
    }
    return nil
  }

  private static func noSceneFits(_ choice: Choice) -> PatchError {
    let largest = choice.scenes.max {
      min($0.grid.width, $0.grid.height) < min($1.grid.width, $1.grid.height)
    }
    return .noSceneFits(
      windowPixels: choice.patchSize * (choice.mix.map(\.factor).min() ?? 1),
      largestScene: largest?.name ?? "none", width: largest?.grid.width ?? 0,
      height: largest?.grid.height ?? 0)
  }
}

extension ScaleDraw.Scale {
  /// This scale with one scene, drawn with equal probability.
  func withOneScene(_ random: inout CounterRandom) -> ScaleDraw.Scale {
    guard scenes.count > 1 else { return self }
    let number = random.integer(below: scenes.count)
    var single = self
    single.scenes = [scenes[number]]
    single.places = [places[number]]
    return single
  }
}

extension PatchLoaderConfiguration {
  /// Whether enough windows are accepted: 20 on average within the tries of one patch, so that the
  /// probability of a failure in a run of a million patches is below 1 in 400.
  func canDraw(_ counts: RejectionCounts) -> Bool {
    counts.acceptance * Double(maximumTriesPerPatch) >= 20
  }
}

extension PatchLoaderConfiguration {
  /// The name of the group of these settings in a training configuration, for `--set`.
  static let group = "data"

  /// The setting to change if `rule` rejects (nearly) everything.
  func remedy(for rule: RejectionRule) -> String {
    let group = Self.group
    switch rule {
    case .sceneTooSmall:
      return "Use smaller patches or a larger \(group).augmentation.minimumZoom (now "
        + "\(augmentation.minimumZoom)), or prepare the dataset with \(OptionName.minimumSize)."
    case .noData:
      return "Raise \(group).maximumNoDataShare (now \(maximumNoDataShare)), or use scenes with "
        + "fewer gaps."
    case .filter:
      let theta = "\(group).filter.theta (now \(filter.theta))"
      let rate = "\(group).filter.quietRateCMPerYear (now \(filter.quietRateCMPerYear))"
      let off = "turn the filter off with \(group).filter.epochs.until=0"
      return switch filter.keep {
      case .atMostTheta:
        "Raise \(theta) or lower \(rate), prepare the dataset with \(OptionName.harmonize) where rates are "
          + "small, or \(off)."
      case .atLeastTheta: "Lower \(theta) or raise \(rate), or \(off)."
      }
    }
  }
}
