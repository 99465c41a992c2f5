import Patches
import Pictures

extension EvaluationJob {
  /// What is measured, before any measure.
  struct Material {
    var images: [ImageSet]
    var control: ImageSet?
    var records: [EvaluationRecord.SetRecord]
    var inputs: EvaluationInputs?
    var warnings: [String]
  }

  func rateMaps() throws -> Material {
    let inputs = try EvaluationInputs(real: real, sets: sets, settings)
    let all = [inputs.real] + inputs.sets
    let rule = settings.resolved(for: inputs.real.quantity).image
    let images = all.map { rule.images(of: $0) }
    let records = zip(all, images).map { set, images in
      EvaluationRecord.SetRecord(
        name: set.name, path: set.path, kind: set.kind.rawValue, count: set.count,
        sizePixels: set.size, patchesSHA256: set.sha256, imagesSHA256: images.sha256,
        clipShare: images.clipShare, notes: set.notes)
    }
    return Material(
      images: images, control: inputs.moreReal.map { rule.images(of: $0) },
      records: records, inputs: inputs, warnings: inputs.warnings)
  }

  func pictures() throws -> Material {
    let named = [NamedPath(name: EvaluationInputs.realName, path: real)] + sets
    let all = try named.enumerated().map { index, set in
      try ImageSet.read(
        folder: set.path, name: set.name, count: index == 0 ? 2 * settings.count : settings.count)
    }
    let count = min(settings.count, all.map(\.count).min() ?? 0)
    guard count >= 2 else {
      throw EvaluationError.sets("a comparison needs 2 or more pictures a folder; give more.")
    }
    if let other = all.first(where: { $0.width != all[0].width || $0.height != all[0].height }) {
      throw EvaluationError.sets(
        "the pictures of \(other.name) have \(other.width)x\(other.height) pixels, and those of "
          + "\(all[0].name) \(all[0].width)x\(all[0].height): only sets of one size compare.")
    }
    let sameness = all.map(Sameness.init)
    if let fault = sameness[0].ofAll {
      throw EvaluationError.sets(
        "\(all[0].name) (\(real)): \(fault), so there is nothing to compare with. Check the folder."
      )
    }
    var warnings = sameness.compactMap(\.warning)
    if count < settings.count, all.contains(where: { $0.count > count }) {
      warnings.append("every set is cut to \(count) pictures, as many as the smallest has.")
    }
    let images = all.map { $0.part(0..<count) }
    let records = zip(named, images).map { set, images in
      EvaluationRecord.SetRecord(
        name: set.name, path: set.path, kind: "pictures", count: images.count,
        sizePixels: images.width, patchesSHA256: nil, imagesSHA256: images.sha256,
        clipShare: nil, notes: [])
    }
    let hasMore = all[0].count >= 2 * count
    return Material(
      images: images, control: hasMore ? all[0].part(count..<2 * count, name: "control") : nil,
      records: records, inputs: nil, warnings: warnings)
  }
}
