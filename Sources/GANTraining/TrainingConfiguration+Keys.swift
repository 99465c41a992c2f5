import Kernel

extension TrainingConfiguration: DocumentedKeys {
  package static let keyDescriptions: KeyValuePairs = [
    "name": "Last part of the run folder's name, up to 200 characters.",
    "seed": "Seed of all random numbers, 0 to 2^64 - 1; the same seed gives the same run.",
    "epochs": "Length of the run, 1 to 1000000.",
    "batchSize": "Patches per iteration, 2 to 65536, over all processes together.",
    "architecture": "Sizes of the generator and the discriminator.",
    "data": "How patches are drawn from the scenes of the dataset.",
    "rates": "How rates in cm/yr become the networks' values.",
    "loss": "Adversarial loss.",
    "optimizer": "Adam.",
    "cutMix": "CutMix: the discriminator sees patches that are half real, half generated.",
    "diffAugment":
      "Differentiable augmentation of what the discriminator sees, for small datasets.",
    "average": "Moving average of the generator's weights; samples come from it.",
    "evaluation": "Evaluation of samples during training; keeps model-best.safetensors.",
    "output": "What a run folder gets, and how often.",
    "execution": "How the run is computed.",
  ]
}

extension TrainingConfiguration.Rates: DocumentedKeys {
  package static let keyDescriptions: KeyValuePairs = [
    "standardDeviation": "Standard deviation that the training patches are scaled to, up to 1e6.",
    "flattening": "Spectral whitening: boosts short wavelengths, 0 to 2; 0: off.",
    "compression":
      "Companding: compresses values beyond the standard deviation divided by this; 0: off.",
  ]
}

extension TrainingConfiguration.Optimizer: DocumentedKeys {
  package static let keyDescriptions: KeyValuePairs = [
    "generatorLearningRate": "Above 0, up to 1000.",
    "discriminatorLearningRate": "Above 0, up to 1000.",
    "beta1": "Decay of the mean gradient, 0 up to but not 1.",
    "beta2": "Decay of the mean squared gradient, 0 up to but not 1.",
    "epsilon": "Added to the denominator, above 0.",
  ]
}

extension TrainingConfiguration.CutMixSchedule: DocumentedKeys {
  package static let keyDescriptions: KeyValuePairs = [
    "probability": "Probability of a CutMix iteration after the warm-up, 0 to 1; 0: off.",
    "warmUpEpochs": "Epochs in which the probability rises from 0, 0 to 1e6.",
    "consistencyWeight": "Weight of the consistency loss, 0 to 1e6.",
    "mode": "Whether CutMix replaces the plain loss or is added to it.",
  ]
}

extension TrainingConfiguration.Average: DocumentedKeys {
  package static let keyDescriptions: KeyValuePairs = [
    "decay": "Decay per iteration, 0 up to but not 1.",
    "startShare": "Fraction of the run after which averaging starts, 0 to 1.",
    "calibrationBatches":
      "Batches that batch-norm statistics are estimated from before sampling, 0 to 100000.",
  ]
}

extension TrainingConfiguration.Evaluation: DocumentedKeys {
  package static let keyDescriptions: KeyValuePairs = [
    "everyEpochs": "Epochs between evaluations, up to 1000000; 0: off.",
    "samples": "Samples that are evaluated, 32 to 100000.",
    "patienceEvaluations":
      "The run ends after this number of evaluations without improvement; 0: never.",
    "minimumEpochs": "The run does not end before this epoch, so that no schedule is cut short.",
    "weights": "Inception weights: auto (the usual places), none, or a file.",
  ]
}

extension TrainingConfiguration.Output: DocumentedKeys {
  package static let keyDescriptions: KeyValuePairs = [
    "statisticsEveryIterations": "Iterations between lines of stats.jsonl, 1 or more.",
    "snapshotEveryEpochs": "Epochs between preview images, 1 to 1000000.",
    "checkpointEveryEpochs": "Epochs between checkpoints, 1 to 1000000; the last two are kept.",
    "keptCheckpointEpochs": "Epochs whose checkpoints are kept as well, such as [20, 40].",
    "gridRows": "Rows of a preview image, 1 to 32.",
    "gridColumns": "Columns of a preview image, 1 to 32.",
    "colorLimitCMPerYear": "Rate in cm/yr at the ends of the color scale, above 0, up to 1e6.",
  ]
}

extension TrainingConfiguration.Execution: DocumentedKeys {
  package static let keyDescriptions: KeyValuePairs = [
    "device": "auto (a GPU if there is one), cpu, cuda or cuda:N.",
    "precision": "bfloat16 is for GPUs; on most CPUs it is slower.",
    "threads": "Threads within an operation, 0 to 1024; 0: LibTorch decides.",
  ]
}
