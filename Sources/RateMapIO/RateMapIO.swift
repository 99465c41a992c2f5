// What a user of the product gets with one import; no LibTorch.
@_exported import Datasets
@_exported import RasterIO
@_exported import Rasters
@_exported import StackFiles
