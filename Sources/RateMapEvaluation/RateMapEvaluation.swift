// What a user of the product gets with one import; no LibTorch.
@_exported import DeformationStatistics
@_exported import Evaluation
@_exported import FeatureMetrics
@_exported import NeighborEmbedding
