import Kernel

extension NetworkConfiguration: DocumentedKeys {
  package static let keyDescriptions: KeyValuePairs = [
    "name": "Last part of the run folder's name, up to 200 characters.",
    "seed": "Seed of all random numbers, 0 to 2^64 - 1; the same seed gives the same run.",
    "iterations": "Length of the run, 1 or more.",
    "batchSize": "Samples per iteration, 1 to 65536.",
    "architecture": "Kind and size of the network.",
    "loss": "Negative log-likelihood of the phase, and cross-entropy of the edges.",
    "optimizer": "Adam, with a warm-up and a decay at the end.",
    "data": "How samples are prepared.",
    "output": "What a run folder gets, and how often.",
    "execution": "How the run is computed.",
  ]
}

extension NetworkConfiguration.Loss: DocumentedKeys {
  package static let keyDescriptions: KeyValuePairs = [
    "edgeWeight": "Weight of the edges' cross-entropy, 0 to 1e6."
  ]
}

extension NetworkConfiguration.Optimizer: DocumentedKeys {
  package static let keyDescriptions: KeyValuePairs = [
    "learningRate": "Of Adam, above 0, up to 1000.",
    "warmUpIterations": "Iterations in which it rises from 0.",
    "decayFraction": "Fraction of the run at whose end it falls to a fiftieth, 0 to 1.",
    "gradientLimit": "Gradients longer than this are shortened, above 0.",
    "averageDecay": "Decay of the moving average of the weights, 0 to below 1.",
  ]
}

extension NetworkConfiguration.Data: DocumentedKeys {
  package static let keyDescriptions: KeyValuePairs = [
    "unknownCoherence": "Fraction of samples whose coherence is hidden from the network, 0 to 1.",
    "workerThreads": "Threads that prepare samples, 1 to 256.",
    "prefetchedBatches": "Batches that are prepared ahead, 1 to 1024.",
  ]
}
