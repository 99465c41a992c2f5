"""Maps of several quantities of the same ground, measured and generated: docs/pictures/joint.png.

    python scripts/components/joint.py DATASET MAPS OUT.png

DATASET is a folder that `ganinsar prepare --with` wrote, of which held-out windows are drawn; MAPS one that `ganinsar
generate --format npy` wrote with a model of several quantities. Each column is one ground. Coherence is shown as
log(p / (1 - p)), so that what lies near 1 is seen too. Needs numpy and matplotlib.
"""

import json
import sys
from pathlib import Path

import matplotlib
import numpy as np
from compare import SIDE
from numpy.lib.stride_tricks import sliding_window_view

matplotlib.use("Agg")
import matplotlib.pyplot as plt

COUNT = 8
LOOKS = {
    "rate": dict(cmap="RdBu_r", vmin=-15, vmax=15),
    "coherence": dict(cmap="gray", vmin=-3, vmax=4.5),
    "height": dict(cmap="viridis", vmin=0, vmax=1600),
}


def measured(dataset, random):
    """For each quantity [COUNT, SIDE, SIDE]: windows without holes, of each held-out scene in turn."""
    listed = json.loads((dataset / "dataset.json").read_text())
    scenes = [scene for scene in listed["scenes"] if scene["isHeldOut"]]
    names = [listed.get("quantity", "rate"), *listed["companions"]]
    found = {name: [] for name in names}
    places = []
    for scene in scenes:
        files = [scene["file"], *(companion["file"] for companion in scene["companions"])]
        maps = [np.load(dataset / file) for file in files]
        whole = sliding_window_view(np.isfinite(maps[0]), (SIDE, SIDE)).all(axis=(2, 3))
        places.append((maps, np.argwhere(whole)))
    places = [place for place in places if len(place[1])]
    for number in range(COUNT):
        maps, corners = places[number % len(places)]
        row, column = corners[random.integers(len(corners))]
        for name, values in zip(names, maps):
            found[name].append(values[row : row + SIDE, column : column + SIDE])
    return found


def generated(folder):
    names = json.loads((folder / "manifest.json").read_text())["quantities"]
    return {name: [np.load(file) for file in sorted((folder / name).glob("sample-*.npy"))[:COUNT]] for name in names}


def main() -> None:
    if len(sys.argv) != 4:
        raise SystemExit(__doc__)
    sides = [measured(Path(sys.argv[1]), np.random.default_rng(2)), generated(Path(sys.argv[2]))]
    names = list(sides[0])
    figure, axes = plt.subplots(2 * len(names), COUNT, figsize=(1.2 * COUNT, 2.5 * len(names)))
    for block, (side, title) in enumerate(zip(sides, ("measured", "generated"))):
        for line, name in enumerate(names):
            row = axes[block * len(names) + line]
            for axis, values in zip(row, side[name]):
                if name == "coherence":
                    p = 0.01 + 0.98 * values
                    values = np.log(p / (1 - p))
                axis.imshow(values, interpolation="nearest", **LOOKS[name])
                axis.set_xticks([])
                axis.set_yticks([])
            row[0].set_ylabel(f"{name},\n{title}", fontsize=8)
    figure.suptitle(
        "Rate: -15 to 15 cm/yr. Coherence: black 0.04 to white 1. Height: 0 to 1600 m. A column of three is one map.",
        fontsize=8,
        y=0.995,
    )
    figure.tight_layout(pad=0.3)
    figure.savefig(sys.argv[3], dpi=85)


if __name__ == "__main__":
    main()
