import Kernel

extension NetworkOutput: DocumentedKeys {
  package static let keyDescriptions: KeyValuePairs = [
    "statisticsEveryIterations": "Iterations between lines of stats.jsonl, 1 or more.",
    "checkpointEveryIterations":
      "Iterations between checkpoints and evaluations, 1 or more; the last two are kept.",
    "validationSamples": "Samples that are evaluated at each checkpoint, 0 to 100000.",
  ]
}

extension NetworkExecution: DocumentedKeys {
  package static let keyDescriptions: KeyValuePairs = [
    "device": "auto (a GPU if there is one), cpu, cuda or cuda:N.",
    "threads": "Threads within an operation, 0 to 1024; 0: LibTorch decides.",
  ]
}
