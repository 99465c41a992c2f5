import Kernel

// What the keys of the patch loader mean, for templates and the pages made from them.

extension PatchLoaderConfiguration: DocumentedKeys {
  package static let keyDescriptions: KeyValuePairs = [
    "patchesPerEpoch": "Patches that make an epoch, by which all schedules count, 1 to 100000000.",
    "sceneWeighting":
      "area: all accepted windows are equally likely; equal: all scenes are equally likely.",
    "maximumNoDataShare":
      "Patches with a larger fraction of missing pixels are rejected, 0 to 0.9; holes are filled.",
    "maximumTriesPerPatch": "Windows tried for one patch before training stops, 1 to 1000000000.",
    "filter": "Conditional filter: keeps patches by their fraction of quiet pixels.",
    "offset": "Random offset: shifts a whole patch by a constant.",
    "multiScale": "Windows larger than the patch, averaged down to it.",
    "augmentation": "Random changes of accepted patches.",
    "workerThreads": "Threads that prepare batches, 1 to 64; the batches do not depend on it.",
    "prefetchedBatches": "Batches kept ready for the trainer, 1 to 1024.",
  ]
}

extension EpochRange: DocumentedKeys {
  package static let keyDescriptions: KeyValuePairs = [
    "from": "First epoch in which it is on, counted from 0.",
    "until": "First epoch in which it is off again; 0: never on, null: on to the end.",
  ]
}

extension ConditionalFilter: DocumentedKeys {
  package static let keyDescriptions: KeyValuePairs = [
    "quietRateCMPerYear": "A pixel is quiet up to this |rate| in cm/yr, 0 to 1e6 (the paper's a).",
    "theta": "Fraction of quiet pixels that decides, 0 to 1.",
    "keep": "atMostTheta keeps patches in which most pixels move.",
    "epochs": "When the filter is on.",
  ]
}

extension RateOffset: DocumentedKeys {
  package static let keyDescriptions: KeyValuePairs = [
    "maximumCMPerYear": "Offsets are uniform between plus and minus this, in cm/yr, 0 to 1e6.",
    "mode": "realsAndFakes also shifts generated patches, so that offsets are not learned.",
    "epochs": "When offsets are added.",
  ]
}

extension MultiScale: DocumentedKeys {
  package static let keyDescriptions: KeyValuePairs = [
    "mix":
      "factor: source pixels per patch pixel along each axis, 1 to 64; weight: relative frequency.",
    "epochs": "When it is on; otherwise all patches have the resolution of the scenes.",
  ]
}

extension MultiScale.Scale: DocumentedKeys {
  package static let keyDescriptions: KeyValuePairs = [
    "factor": "Source pixels per patch pixel along each axis, 1 to 64.",
    "weight": "Relative frequency, 0 to 1e6.",
  ]
}

extension Augmentation: DocumentedKeys {
  package static let keyDescriptions: KeyValuePairs = [
    "flips": "Mirror patches at random.",
    "rightAngleRotations": "Rotate patches by multiples of 90 degrees at random.",
    "minimumZoom": "Smallest random zoom, 0.5 to maximumZoom; 1 and 1 turn zoom off.",
    "maximumZoom": "Largest random zoom, minimumZoom to 8.",
    "signFlipProbability":
      "Probability of a sign flip, 0 to 1. Unsafe: makes subsidence of uplift.",
    "minimumGain": "Smallest random gain, above 0. Unsafe: changes rates.",
    "maximumGain": "Largest random gain, minimumGain to 1e6.",
    "maximumRotationDegrees":
      "Rotation by up to plus or minus this angle, 0 to 45 degrees. Unsafe: blurs the spectrum.",
    "epochs": "When augmentation is on.",
  ]
}
