import Datasets
import Foundation
import Kernel

/// One training patch and its origin.
package struct Patch: Sendable, Equatable {
  /// [side, side] for each quantity of the scenes, row-major, cm/yr or the quantity's unit; no NaN.
  /// Includes the offset, which is added to the first quantity only.
  package var values: [Float]
  package var index: Int
  package var epoch: Int
  package var scene: String
  /// The first pixel of the window in the scene, and its size in scene pixels along each axis.
  package var column: Int
  package var row: Int
  package var windowSide: Int
  package var factor: Int
  package var symmetry: SquareSymmetry
  /// The offset of the patch, in cm/yr.
  package var offsetCMPerYear: Float
  /// The fraction of filled pixels.
  package var noDataShare: Double
  /// The windows tried for this patch, including the accepted one.
  package var rejections: RejectionCounts
  /// Number of quantities.
  package var channels = 1

  /// [side, side] of one quantity, counted from 0, without the offset.
  package func channel(_ index: Int) -> [Float] {
    let count = values.count / channels
    let own = values[index * count..<(index + 1) * count]
    return index == 0 ? own.map { $0 - offsetCMPerYear } : Array(own)
  }
}

/// Draws patches: patch i depends only on the scenes, the configuration, the seed and i.
///
/// So order, threads, shards and restarts never matter. For each patch a scale is drawn first (and,
/// with equal weights, a scene); then windows, until one passes the no-data rule and the conditional filter (in that
/// order); then its holes are filled, it is augmented, and the offset is added last. Scenes with several
/// quantities give all of them in one window and one orientation; the filter, a gain and the offset
/// look at or change the first one only.
package struct PatchSampler: Sendable {
  package let scenes: [RateScene]
  package let configuration: PatchLoaderConfiguration
  package let patchSize: Int
  package let seed: UInt64
  /// The random stream: each purpose draws its own patches.
  package let stream: RandomStream
  /// Scales and scenes that are left out, one sentence each.
  package let warnings: [String]

  /// [scale][scene]; `nil` if the scene is too small.
  let tables: [[WindowTable?]]
  private let scalesWithFilter: ScaleDraw
  private let scalesWithoutFilter: ScaleDraw
  private let symmetries: [SquareSymmetry]

  /// - Parameters:
  ///   - scenes: the scenes to draw from, such as `RateDataset.trainingScenes`.
  ///   - patchSize: pixels along each side of a patch.
  /// - Throws: `PatchError`: an invalid configuration, no scene that is large enough, or rules that
  ///   no window passes in some epoch (detected here, not hours into a run).
  package init(
    scenes: [RateScene], configuration: PatchLoaderConfiguration = PatchLoaderConfiguration(),
    patchSize: Int, seed: UInt64, stream: RandomStream = .trainingPatches
  ) throws {
    var faults = configuration.faults(prefix: PatchLoaderConfiguration.group + ".")
    if patchSize < 1 { faults.append("the patch size is \(patchSize); give 1 or more pixels.") }
    if scenes.isEmpty { faults.append("there is no scene to draw from; maybe all are held out") }
    guard faults.isEmpty else { throw PatchError.invalidConfiguration(faults: faults) }

    self.scenes = scenes
    self.configuration = configuration
    self.patchSize = patchSize
    self.seed = seed
    self.stream = stream
    symmetries = configuration.augmentation.symmetries
    var scales = configuration.multiScale.mix.filter { $0.weight > 0 }
    let always = configuration.multiScale.epochs.coversEveryEpoch
    if !always, !scales.contains(where: { $0.factor == 1 }) {
      scales.append(MultiScale.Scale(factor: 1, weight: 0))
    }
    let tables = scales.map { scale in
      scenes.map { scene in
        WindowTable(
          scene.grid, side: patchSize, factor: scale.factor,
          maximumNoDataShare: configuration.maximumNoDataShare, filter: configuration.filter)
      }
    }
    self.tables = tables
    var warnings: [String] = []
    func choice(filterIsOn: Bool) -> ScaleDraw.Choice {
      ScaleDraw.Choice(
        mix: scales, tables: tables, scenes: scenes, configuration: configuration,
        patchSize: patchSize, filterIsOn: filterIsOn)
    }
    scalesWithFilter = try ScaleDraw(choice(filterIsOn: true), &warnings)
    scalesWithoutFilter = try ScaleDraw(choice(filterIsOn: false), &warnings)
    self.warnings = warnings
  }

  package func epoch(ofPatch index: Int) -> Int { index / configuration.patchesPerEpoch }

  /// The patch with this index, from 0 on.
  /// - Parameter epoch: the epoch for the schedules; default: `index / patchesPerEpoch`.
  /// - Throws: `PatchError.everyPatchRejected` after `maximumTriesPerPatch` windows.
  package func patch(at index: Int, epoch givenEpoch: Int? = nil) throws -> Patch {
    precondition(index >= 0, "patches count from 0")
    let epoch = givenEpoch ?? self.epoch(ofPatch: index)
    var random = CounterRandom(seed, stream, UInt64(index))
    let filterIsOn = configuration.filter.epochs.contains(epoch)
    let draw = filterIsOn ? scalesWithFilter : scalesWithoutFilter
    var scale =
      configuration.multiScale.epochs.contains(epoch) ? draw.pick(&random) : draw.unscaled
    if configuration.sceneWeighting == .equal { scale = scale.withOneScene(&random) }
    let augments = configuration.augmentation.epochs.contains(epoch)
    var rejections = RejectionCounts()
    for _ in 0..<configuration.maximumTriesPerPatch {
      let found =
        augments && configuration.augmentation.resamples
        ? tryResampledWindow(scale, filterIsOn: filterIsOn, &random)
        : tryWindow(scale, filterIsOn: filterIsOn, &random)
      switch found {
      case .failure(let rejection): rejections[rejection.rule] += 1
      case .success(let window):
        rejections.accepted = 1
        return try finish(
          window, index: index, epoch: epoch, augments: augments, rejections, &random)
      }
    }
    throw PatchError.everyPatchRejected(
      counts: rejections, where: "(patch \(index), epoch \(epoch), scale \(scale.factor))",
      remedy: configuration.remedy(for: rejections.strictestRule))
  }

  private struct Rejection: Error { let rule: RejectionRule }

  private struct Window {
    /// Of each quantity.
    var values: [[Float]]
    var scene: Int
    var column: Int
    var row: Int
    var side: Int
    var factor: Int
  }

  private func tryWindow(
    _ scale: ScaleDraw.Scale, filterIsOn: Bool, _ random: inout CounterRandom
  ) -> Result<Window, Rejection> {
    guard
      let (scene, place) = ScaleDraw.pickPlace(
        scenes: scale.scenes, places: scale.places, &random),
      let table = tables[scale.table][scene]
    else { return .failure(Rejection(rule: .sceneTooSmall)) }
    let column = place % table.columns
    let row = place / table.columns
    if let rule = table.brokenRule(column: column, row: row, filterIsOn: filterIsOn) {
      return .failure(Rejection(rule: rule))
    }
    let values = scenes[scene].channels.map {
      BoxMean.window(of: $0, column: column, row: row, side: patchSize, factor: scale.factor)
    }
    return .success(
      Window(
        values: values, scene: scene, column: column, row: row, side: patchSize * scale.factor,
        factor: scale.factor))
  }

  /// With zoom or rotation the size of windows varies, so the rules are applied to the patch
  /// itself.
  private func tryResampledWindow(
    _ scale: ScaleDraw.Scale, filterIsOn: Bool, _ random: inout CounterRandom
  ) -> Result<Window, Rejection> {
    let augmentation = configuration.augmentation
    let zoom = random.logUniform(augmentation.minimumZoom, augmentation.maximumZoom)
    let turn = augmentation.maximumRotationDegrees * Double.pi / 180
    let rotation = turn > 0 ? random.uniform(-turn...turn) : 0
    let side = Resampling.windowSide(side: patchSize, zoom: zoom, rotationRadians: rotation)
    let span = side * scale.factor
    let candidates =
      configuration.sceneWeighting == .equal ? scale.scenes : Array(scenes.indices)
    let fitting = candidates.filter { scenes[$0].grid.fits(side: span) }
    let places = fitting.map {
      (scenes[$0].grid.width - span + 1) * (scenes[$0].grid.height - span + 1)
    }
    let picked = ScaleDraw.pickPlace(scenes: fitting, places: places, &random)
    guard let (scene, place) = picked else { return .failure(Rejection(rule: .sceneTooSmall)) }
    let columns = scenes[scene].grid.width - span + 1
    let values = scenes[scene].channels.map { grid in
      let window = BoxMean.window(
        of: grid, column: place % columns, row: place / columns, side: side, factor: scale.factor)
      return Resampling.zoomAndRotate(
        window, windowSide: side, side: patchSize, zoom: zoom, rotationRadians: rotation)
    }
    let pixels = values[0].count
    let (quiet, valid) = configuration.filter.count(values[0])
    let noDataShare = Double(pixels - valid) / Double(pixels)
    if noDataShare > configuration.maximumNoDataShare {
      return .failure(Rejection(rule: .noData))
    }
    if filterIsOn && !configuration.filter.keeps(quiet: quiet, valid: valid) {
      return .failure(Rejection(rule: .filter))
    }
    return .success(
      Window(
        values: values, scene: scene, column: place % columns, row: place / columns, side: span,
        factor: scale.factor))
  }

  private func finish(
    _ window: Window, index: Int, epoch: Int, augments: Bool, _ rejections: RejectionCounts,
    _ random: inout CounterRandom
  ) throws -> Patch {
    var maps = window.values
    let noDataShare = Double(maps[0].count { $0.isNaN }) / Double(maps[0].count)
    for channel in maps.indices {
      try HoleFilling.fillFromRim(&maps[channel], width: patchSize, height: patchSize)
    }
    var symmetry = SquareSymmetry.identity
    if augments {
      symmetry = symmetries[random.integer(below: symmetries.count)]
      maps = maps.map { symmetry($0, side: patchSize) }
      let gain = configuration.augmentation.drawGain(&random)
      if gain != 1 { for place in maps[0].indices { maps[0][place] *= gain } }
    }
    let offset = configuration.offset.draw(epoch: epoch, from: &random)
    if offset != 0 { for place in maps[0].indices { maps[0][place] += offset } }
    return Patch(
      values: maps.count == 1 ? maps[0] : maps.flatMap { $0 }, index: index, epoch: epoch,
      scene: scenes[window.scene].name,
      column: window.column, row: window.row, windowSide: window.side, factor: window.factor,
      symmetry: symmetry, offsetCMPerYear: offset, noDataShare: noDataShare,
      rejections: rejections, channels: maps.count)
  }
}

extension CounterRandom {
  /// Log-uniform between two positive limits; draws no random number if they are equal.
  mutating func logUniform(_ low: Double, _ high: Double) -> Double {
    low == high ? low : exp(uniform(log(low)...log(high)))
  }
}

extension Augmentation {
  /// The size of the smallest possible window, in pixels at its scale.
  func smallestWindow(_ patchSize: Int) -> Int {
    Resampling.windowSide(side: patchSize, zoom: maximumZoom, rotationRadians: 0)
  }

  /// The factor of the rates; 1 unless an unsafe setting is on.
  func drawGain(_ random: inout CounterRandom) -> Float {
    let gain = Float(random.logUniform(minimumGain, maximumGain))
    let flips = signFlipProbability > 0 && random.uniform() < signFlipProbability
    return flips ? -gain : gain
  }
}
