"""Cuts the loader's patches anew with NumPy, where it says they come from, and compares.

    python Benchmarks/peers/check_patches.py DATASET FOLDER

FOLDER is what `ganinsar-bench loading --save FOLDER` wrote. Filled pixels must lie between the
lowest and highest value of their window. Prints JSON: `difference` in cm/yr, `patches`.
"""

import json
import sys
from pathlib import Path

import numpy as np


def main() -> None:
    dataset, folder = map(Path, sys.argv[1:3])
    scenes = {path.stem: np.load(path) for path in dataset.rglob("*.npy")}
    patches = np.load(folder / "patches.npy")
    worst = 0.0
    for patch, origin in zip(patches, json.loads((folder / "patches.json").read_text())):
        side, factor = len(patch), origin["factor"]
        span = side * factor
        window = scenes[origin["scene"]][
            origin["row"] : origin["row"] + span, origin["column"] : origin["column"] + span
        ].astype(np.float64)
        blocks = window.reshape(side, factor, side, factor)
        valid = np.isfinite(blocks).sum(axis=(1, 3))
        expected = np.where(valid > 0, np.nansum(blocks, axis=(1, 3)) / np.maximum(valid, 1), np.nan)
        found = patch.astype(np.float64) - origin["offsetCMPerYear"]
        # Undo the quarter turns, then the mirror.
        found = np.rot90(found, -origin["quarterTurns"])
        found = found[:, ::-1] if origin["mirrors"] else found
        # A block with a hole in it may be a hole or the mean of the rest: both are filled smoothly.
        whole = valid == factor * factor
        worst = max(worst, np.abs(found - expected)[whole].max())
        low, high = np.nanmin(window), np.nanmax(window)
        if found.min() < low - 1e-3 or found.max() > high + 1e-3:
            sys.exit(f"a filled pixel lies outside {low}...{high} of its window")
        data = expected[np.isfinite(expected)]
        if (np.abs(data) <= 3).mean() > 0.3 + 0.02 or (valid == 0).mean() > 0.1:
            sys.exit("a patch breaks the rules of the loader")
    print(json.dumps({"difference": float(worst), "patches": len(patches)}))


if __name__ == "__main__":
    main()
