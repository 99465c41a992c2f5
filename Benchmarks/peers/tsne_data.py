"""Write the t-SNE benchmark's data: 20 Gaussian blobs in 50 dimensions, float32.

    python Benchmarks/peers/tsne_data.py --count 3000 blobs-3000.npy

Centers are uniform in [-10, 10] in each dimension, the spread within a blob is 3.
"""

import argparse

import numpy


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--count", type=int, default=3000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("output")
    arguments = parser.parse_args()
    random = numpy.random.default_rng(arguments.seed)
    centers = random.uniform(-10, 10, (20, 50))
    blob = random.integers(0, 20, arguments.count)
    points = centers[blob] + 3 * random.standard_normal((arguments.count, 50))
    numpy.save(arguments.output, points.astype(numpy.float32))


if __name__ == "__main__":
    main()
