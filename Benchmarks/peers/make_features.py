"""Two sets of features with spectra like Inception's: `make_features.py FOLDER COUNT`.

2048 dimensions, standard deviations that fall as 1 / rank in rotated axes, float32.
"""

import sys
from pathlib import Path

import numpy as np


def main() -> None:
    folder, count = Path(sys.argv[1]), int(sys.argv[2])
    random = np.random.default_rng(0)
    size = 2048
    rotation, _ = np.linalg.qr(random.standard_normal((size, size)))
    for name, shift in [("a", 0.0), ("b", 0.05)]:
        deviations = (1 + shift) / (1 + np.arange(size)) ** 0.8
        values = (random.standard_normal((count, size)) * deviations) @ rotation
        np.save(folder / f"{name}-{count}.npy", (values + shift).astype(np.float32))


if __name__ == "__main__":
    main()
