import Kernel

extension AtmosphereConfiguration: DocumentedKeys {
  package static let keyDescriptions: KeyValuePairs = [
    "name": "Last part of the run folder's name, up to 200 characters.",
    "seed": "Seed of all random numbers, 0 to 2^64 - 1; the same seed gives the same run.",
    "method":
      "Two sets without pairs and cycle consistency, or one network that is shown the delays.",
    "iterations": "Length of the run, 1 or more.",
    "batchSize": "Maps of each set per iteration, 1 to 65536.",
    "architecture": "Size of the networks.",
    "loss": "Adversarial loss, and the weights of cycle and identity beside it.",
    "optimizer": "Adam, with a warm-up and a decay at the end.",
    "data": "How maps are prepared.",
    "output": "What a run folder gets, and how often.",
    "execution": "How the run is computed.",
  ]
}

extension AtmosphereConfiguration.Loss: DocumentedKeys {
  package static let keyDescriptions: KeyValuePairs = [
    "adversarial": "Loss of discriminators and generators.",
    "cycleWeight": "Weight of the mean absolute difference after a cycle, 0 to 1e6.",
    "identityWeight":
      "Weight of what a generator changes in a map of the set that it leads to, 0 to 1e6.",
  ]
}

extension AtmosphereConfiguration.Optimizer: DocumentedKeys {
  package static let keyDescriptions: KeyValuePairs = [
    "generatorLearningRate": "Of the generators' Adam, above 0, up to 1000.",
    "discriminatorLearningRate": "Of the discriminators' Adam, above 0, up to 1000.",
    "beta1": "Decay of Adam's first moment, 0 to below 1.",
    "warmUpIterations": "Iterations in which the rates rise from 0.",
    "decayFraction": "Fraction of the run at whose end they fall to a fiftieth, 0 to 1.",
    "averageDecay": "Decay of the moving average of the weights, 0 to below 1.",
  ]
}

extension AtmosphereConfiguration.Data: DocumentedKeys {
  package static let keyDescriptions: KeyValuePairs = [
    "scaleCM": "Networks see displacements divided by this, in cm, above 0.",
    "workerThreads": "Threads that prepare samples, 1 to 256.",
    "prefetchedBatches": "Batches that are prepared ahead, 1 to 1024.",
  ]
}

extension AtmosphereArchitecture: DocumentedKeys {
  package static let keyDescriptions: KeyValuePairs = [
    "channels":
      "Channels of the generators at full resolution, 1 to 256; lower levels have up to four times as many.",
    "levels": "Resolutions of the generators, each half the one above, 1 to 8.",
    "discriminator":
      "uNet: one logit per image and one per pixel; encoder: one per image.",
    "discriminatorChannels": "Width of which the discriminators' channels are multiples, 1 to 256.",
  ]
}
