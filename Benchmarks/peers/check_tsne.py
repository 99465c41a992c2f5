"""KL divergence of pictures by one measure: `check_tsne.py DATA.npy PICTURE.npy ...`.

openTSNE's exact affinities (perplexity 30) against each picture, over all pairs. Prints JSON, a
number a picture.
"""

import json
import sys

import numpy
from openTSNE.affinity import PerplexityBasedNN


def divergence(affinities, picture: numpy.ndarray) -> float:
    """Sum of p log(p / q), q normalized over all pairs."""
    picture = picture.astype(numpy.float64)
    total = -float(len(picture))
    for start in range(0, len(picture), 500):
        block = picture[start : start + 500, None, :] - picture[None]
        total += (1 / (1 + (block**2).sum(2))).sum()
    entries = affinities.tocoo()
    squared = ((picture[entries.row] - picture[entries.col]) ** 2).sum(1)
    p = entries.data
    return float((p * (numpy.log(p) + numpy.log(1 + squared) + numpy.log(total))).sum())


def main() -> None:
    data, *pictures = map(numpy.load, sys.argv[1:])
    affinities = PerplexityBasedNN(data, perplexity=30, method="exact").P
    print(json.dumps({"kl": [divergence(affinities, picture) for picture in pictures]}))


if __name__ == "__main__":
    main()
