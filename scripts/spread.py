"""Compare the spread of rate maps: real patches of a run's snapshots, and generated maps.

    python scripts/spread.py runs/00000-small/snapshots/real.npy maps/

Each argument is an .npy file [maps, rows, columns] or a folder of .npy files, in cm/yr. Needs NumPy.
"""

import glob
import os
import sys

import numpy as np


def maps(path: str) -> np.ndarray:
    if not os.path.isdir(path):
        return np.load(path)
    files = sorted(glob.glob(os.path.join(path, "*.npy")))
    if not files:
        raise SystemExit(f"{path} holds no .npy files")
    return np.stack([np.load(file) for file in files])


def main() -> None:
    if len(sys.argv) < 2:
        raise SystemExit(__doc__)
    print(
        f"{'maps':>6} {'std':>7} {'mean':>7} {'positive':>9} {'quiet':>7} {'|v| 99 %':>9}  "
        f"{'std within a map':>16} {'step':>6}  set"
    )
    for path in sys.argv[1:]:
        v = maps(path).astype(np.float64)
        step = np.mean([np.abs(np.diff(v, axis=axis)).mean() for axis in (1, 2)])
        print(
            f"{len(v):6d} {v.std():7.2f} {v.mean():7.2f} {(v > 0).mean():9.1%} "
            f"{(np.abs(v) <= 3).mean():7.1%} {np.percentile(np.abs(v), 99):9.1f}  "
            f"{v.std(axis=(1, 2)).mean():16.2f} {step:6.2f}  {path}"
        )
    print("std, mean, |v|: cm/yr; quiet: fraction of |v| <= 3 cm/yr; step: mean |difference| of neighbors")


if __name__ == "__main__":
    main()
