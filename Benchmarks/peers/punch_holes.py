"""Rate maps with round holes without data, as real ones have.

python Benchmarks/peers/punch_holes.py SCENES OUT
"""

import sys
from pathlib import Path

import numpy as np


def main() -> None:
    source, target = map(Path, sys.argv[1:3])
    target.mkdir(exist_ok=True)
    random = np.random.default_rng(0)
    for path in sorted(source.glob("*.npy")):
        rates = np.load(path)
        rows, columns = np.ogrid[: rates.shape[0], : rates.shape[1]]
        for _ in range(rates.size // 20_000):
            row, column = random.uniform(0, rates.shape[0]), random.uniform(0, rates.shape[1])
            radius = random.uniform(2, 12)
            rates[(rows - row) ** 2 + (columns - column) ** 2 < radius**2] = np.nan
        np.save(target / path.name, rates)


if __name__ == "__main__":
    main()
