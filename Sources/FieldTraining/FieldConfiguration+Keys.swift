import Kernel

extension FieldConfiguration: DocumentedKeys {
  package static let keyDescriptions: KeyValuePairs = [
    "name": "Last part of the run folder's name, up to 200 characters.",
    "seed": "Seed of all random numbers, 0 to 2^64 - 1; the same seed gives the same run.",
    "level":
      "native: maps with features of up to 64 px; coarse: of up to 256 px, with detail from a model; detail: such a model.",
    "iterations": "Length of the run, 1 or more.",
    "batchSize": "Maps per iteration, 2 to 65536.",
    "architecture": "Size of the networks.",
    "optimizer": "Adam for both networks, with a decay at the end.",
    "features": "A second discriminator, on features that were learned from photographs.",
    "reorientedShare":
      "Share of maps that discriminators see turned or mirrored, 0 to 1; generated maps lie as real ones below 1.",
    "data": "How patches are drawn from the scenes.",
    "average": "The averaged generator, of which models are written.",
    "output": "What a run folder gets, and how often.",
    "execution": "How the run is computed.",
  ]
}

extension FieldConfiguration.Architecture: DocumentedKeys {
  package static let keyDescriptions: KeyValuePairs = [
    "channels": "Width of the generator: channels are multiples of it, 1 to 128.",
    "discriminatorChannels": "Width of the discriminator, 1 to 128.",
    "noisePlanes": "Planes of white noise for what differs from pixel to pixel, 0 to 8.",
  ]
}

extension FieldConfiguration.Optimizer: DocumentedKeys {
  package static let keyDescriptions: KeyValuePairs = [
    "generatorLearningRate": "Of the generator's Adam, above 0, up to 1000.",
    "discriminatorLearningRate": "Of the discriminator's Adam, above 0, up to 1000.",
    "warmUpIterations": "Iterations in which both rise from 0.",
    "decayFraction": "Fraction of the run at whose end both fall to a fiftieth, 0 to 1.",
    "holdIterations":
      "Iterations in which only the discriminator learns, for runs that begin with a trained model.",
    "gradientPenalty":
      "Weight of the discriminator's squared gradient on real maps (R1), 0 to 1e6; 0: none.",
    "averageDecay": "Decay of the moving average of the generator's weights, 0 to below 1.",
  ]
}

extension FieldConfiguration.Features: DocumentedKeys {
  package static let keyDescriptions: KeyValuePairs = [
    "weight": "Its weight beside the discriminator of pixels, 0 to 1e6; 0: none.",
    "learningRate": "Of its Adam, above 0, up to 1000.",
  ]
}

extension FieldConfiguration.Average: DocumentedKeys {
  package static let keyDescriptions: KeyValuePairs = [
    "calibrationBatches": "Batches with which batch-norm statistics are estimated, 1 to 100000."
  ]
}
