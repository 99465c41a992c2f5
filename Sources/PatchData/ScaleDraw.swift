import RunSupport

/// Which scales and scenes windows are drawn from, for the filter on or off.
struct ScaleDraw: Sendable {
  struct Scale: Sendable {
    let factor: Int
    let weight: Double
    /// The scale's position among the sampler's tables.
    let table: Int
    /// The scenes that a window fits into, and in how many places.
    let scenes: [Int]
    let places: [Int]

    func pickPlace(
      _ weighting: PatchLoaderConfiguration.SceneWeighting, _ random: inout CounterRandom
    ) -> (scene: Int, place: Int)? {
      ScaleDraw.pickPlace(scenes: scenes, places: places, weighting, &random)
    }
  }

  let scales: [Scale]
  /// What is used outside the epochs of the multi-scale mix.
  let unscaled: Scale

  /// Leaves out scales that no scene is large enough for, or that the rules leave (next to) nothing
  /// of, with a warning; when none is left, that is an error.
  init(
    _ mix: [MultiScale.Scale], _ tables: [[WindowTable?]], _ scenes: [RateScene],
    _ configuration: PatchLoaderConfiguration, _ patchSize: Int, filterIsOn: Bool,
    _ warnings: inout [String]
  ) throws {
    // A state of the filter that no epoch has need not be possible.
    let filterEpochs = configuration.filter.epochs
    let happens = filterIsOn ? !filterEpochs.isEmpty : !filterEpochs.coversEveryEpoch
    let resamples = configuration.augmentation.resamples
    var usable: [Scale] = []
    var rejected = RejectionCounts()
    for (position, scale) in mix.enumerated() {
      let fitting = scenes.indices.filter { tables[position][$0] != nil }
      let drawn = Scale(
        factor: scale.factor, weight: scale.weight, table: position, scenes: fitting,
        places: fitting.map { tables[position][$0]?.places ?? 0 })
      // With zoom or rotation sizes vary from patch to patch, so the rules are tested on each.
      let smallest = resamples ? configuration.augmentation.smallestWindow(patchSize) : patchSize
      let fits = scenes.contains { $0.grid.fits(side: smallest * scale.factor) }
      if !happens || (resamples && fits) {
        usable.append(drawn)
        continue
      }
      if !fits {
        Self.warn(
          "scale \(scale.factor) is left out: no scene is as large as "
            + "\(patchSize * scale.factor)x\(patchSize * scale.factor) pixels.", &warnings)
        continue
      }
      for number in scenes.indices where tables[position][number] == nil {
        let grid = scenes[number].grid
        Self.warn(
          "\(scenes[number].name) (\(grid.width)x\(grid.height)) is left out at scale "
            + "\(scale.factor): windows have \(patchSize * scale.factor) pixels a side.", &warnings)
      }
      let (acceptance, counts) = Self.acceptance(
        tables[position], filterIsOn: filterIsOn, configuration.sceneWeighting)
      // Expect at least 20 accepted windows within the tries of one patch: then the chance that a
      // run of a million patches meets one that fails is below 1 in 400.
      if acceptance * Double(configuration.maximumTriesPerPatch) >= 20 {
        usable.append(drawn)
      } else {
        rejected += counts
        Self.warn(
          "scale \(scale.factor) is left out\(filterIsOn ? " while the filter is on" : ""): only "
            + "\(counts.accepted) of \(counts.tried) windows pass the rules.", &warnings)
      }
    }
    guard let first = usable.first else {
      guard rejected.tried > 0 else { throw Self.noSceneFits(patchSize, mix, scenes) }
      let filter = filterIsOn ? "on" : "off"
      throw PatchDataError.everyPatchRejected(
        counts: rejected, where: "at \(patchSize) px with the conditional filter \(filter)",
        remedy: configuration.remedy(for: rejected.strictestRule))
    }
    scales = usable.filter { $0.weight > 0 }
    let needsUnscaled = happens && !configuration.multiScale.epochs.coversEveryEpoch
    let single = usable.first { $0.factor == 1 }
    if (needsUnscaled && single == nil) || (scales.isEmpty && happens) {
      throw rejected.tried > 0
        ? PatchDataError.everyPatchRejected(
          counts: rejected, where: "at \(patchSize) px and scale 1",
          remedy: configuration.remedy(for: rejected.strictestRule))
        : Self.noSceneFits(patchSize, mix, scenes)
    }
    unscaled = single ?? first
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

  /// A scene and a place in it (row-major among its places); `nil` when there is no scene.
  static func pickPlace(
    scenes: [Int], places: [Int], _ weighting: PatchLoaderConfiguration.SceneWeighting,
    _ random: inout CounterRandom
  ) -> (scene: Int, place: Int)? {
    guard !scenes.isEmpty else { return nil }
    switch weighting {
    case .equal:
      let number = random.integer(below: scenes.count)
      return (scenes[number], random.integer(below: places[number]))
    case .area:
      var place = random.integer(below: places.reduce(0, +))
      for (number, count) in places.enumerated() {
        if place < count { return (scenes[number], place) }
        place -= count
      }
      return nil
    }
  }

  /// The exact share of random windows that pass, and all windows' verdicts.
  static func acceptance(
    _ tables: [WindowTable?], filterIsOn: Bool,
    _ weighting: PatchLoaderConfiguration.SceneWeighting
  ) -> (share: Double, counts: RejectionCounts) {
    var total = RejectionCounts()
    var shares: [Double] = []
    for table in tables.compactMap({ $0 }) {
      let counts = filterIsOn ? table.countsWithFilter : table.countsWithoutFilter
      total += counts
      shares.append(counts.acceptance)
    }
    let equal = shares.isEmpty ? 0 : shares.reduce(0, +) / Double(shares.count)
    return (weighting == .area ? total.acceptance : equal, total)
  }

  private static func warn(_ sentence: String, _ warnings: inout [String]) {
    if !warnings.contains(sentence) { warnings.append(sentence) }
  }

  private static func noSceneFits(
    _ patchSize: Int, _ mix: [MultiScale.Scale], _ scenes: [RateScene]
  ) -> PatchDataError {
    let largest = scenes.max {
      min($0.grid.width, $0.grid.height) < min($1.grid.width, $1.grid.height)
    }
    return .noSceneFits(
      windowPixels: patchSize * (mix.map(\.factor).min() ?? 1),
      largestScene: largest?.name ?? "none", width: largest?.grid.width ?? 0,
      height: largest?.grid.height ?? 0)
  }
}

extension PatchLoaderConfiguration {
  /// Which setting to change when `rule` rejects (nearly) everything.
  func remedy(for rule: RejectionRule) -> String {
    switch rule {
    case .sceneTooSmall:
      "Use smaller patches or a larger augmentation.minimumZoom (now "
        + "\(augmentation.minimumZoom)), or prepare the dataset with --minimum-size."
    case .noData:
      "Raise maximumNoDataShare (now \(maximumNoDataShare)), or use scenes with fewer gaps."
    case .filter:
      switch filter.keep {
      case .atMostTheta:
        "Raise filter.theta (now \(filter.theta)) or lower filter.quietRateCMPerYear (now "
          + "\(filter.quietRateCMPerYear)), prepare the dataset with --harmonize where rates are "
          + "small, or turn the filter off with filter.epochs.until=0."
      case .atLeastTheta:
        "Lower filter.theta (now \(filter.theta)) or raise filter.quietRateCMPerYear (now "
          + "\(filter.quietRateCMPerYear)), or turn the filter off with filter.epochs.until=0."
      }
    }
  }
}
