"""Largest difference between .npy files of the same names, relative to their largest value.

    python Benchmarks/peers/compare_arrays.py FOLDER_A FOLDER_B [--nan]

Pixels without data (NaN) must be the same ones. Prints JSON: `difference`, `files`.
"""

import json
import sys
from pathlib import Path

import numpy as np


def main() -> None:
    a, b = map(Path, sys.argv[1:3])
    names = sorted(path.name for path in a.glob("*.npy"))
    if not names or names != sorted(path.name for path in b.glob("*.npy")):
        sys.exit(f"{a} and {b} do not hold .npy files of the same names")
    worst = 0.0
    for name in names:
        x, y = np.load(a / name).astype(np.float64), np.load(b / name).astype(np.float64)
        if x.shape != y.shape or not np.array_equal(np.isnan(x), np.isnan(y)):
            sys.exit(f"{name}: other shapes or other pixels without data")
        worst = max(worst, np.nanmax(np.abs(x - y)) / np.nanmax(np.abs(y)))
    print(json.dumps({"difference": float(worst), "files": len(names)}))


if __name__ == "__main__":
    main()
