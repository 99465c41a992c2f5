"""Turns the samples of `ganinsar dataset --format npy` into one stack [N, H, W] for `ganinsar evaluate`.

    python scripts/components/parametric.py DATASET coherence OUT.npy
    python scripts/components/parametric.py DATASET atmosphere OUT.npy [--wavelength 0.0554658]

Coherence is taken as it is. The turbulence of a pair in rad becomes the delay of a single date in cm: times
wavelength / (4 pi), over sqrt(2), because a pair has the difference of two independent dates. Needs numpy.
"""

import argparse
import json
import math
from pathlib import Path

import numpy as np


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("dataset", type=Path)
    parser.add_argument("quantity", choices=("coherence", "atmosphere"))
    parser.add_argument("output", type=Path)
    parser.add_argument("--wavelength", type=float, default=0.0554658, help="in m; default: Sentinel-1")
    arguments = parser.parse_args()
    array = "coherence" if arguments.quantity == "coherence" else "turbulence"
    maps = []
    for part in ("train", "validation", "test"):
        for path in sorted((arguments.dataset / part).rglob(f"*{array}*.npy")):
            found = np.load(path)
            maps.extend(found.reshape(-1, *found.shape[-2:]))
    values = np.stack(maps)
    if array == "turbulence":
        values = values * (100 * arguments.wavelength / (4 * math.pi * math.sqrt(2)))
    np.save(arguments.output, values.astype("float32"))
    print(json.dumps({"maps": len(values), "std": float(values.std()), "mean": float(values.mean())}))


main()
