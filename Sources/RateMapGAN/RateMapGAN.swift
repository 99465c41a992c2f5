// What a user of the product gets with one import.
@_exported import GANSampling
@_exported import GANTraining
@_exported import InceptionFeatures
@_exported import TorchProcesses
