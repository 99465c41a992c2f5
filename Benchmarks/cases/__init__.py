"""The benchmarks, in the order of the page."""

from cases.composition import StackComposition
from cases.evaluation import Embedding, EndToEndFID, FrechetDistance
from cases.generation import Generation
from cases.inversion import Inversion
from cases.loading import Loading
from cases.raster import RasterImport
from cases.samples import Samples
from cases.training import Training

ALL = [
    Training(),
    Generation(),
    Loading(),
    Samples(),
    StackComposition(),
    Inversion(),
    EndToEndFID(),
    FrechetDistance(),
    Embedding(),
    RasterImport(),
]
