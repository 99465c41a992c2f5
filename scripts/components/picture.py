"""Rows of component maps, one below the other: docs/pictures/components.png.

    python scripts/components/picture.py OUT.png ROW...

ROW is "LABEL=QUANTITY:MAPS" with coherence (gray, 0 to 1) or atmosphere (blue to red, -1.5 to 1.5 cm) for QUANTITY.
MAPS is a dataset that `ganinsar prepare` wrote, of which held-out windows are drawn, a folder of samples, or a stack
[N, H, W], of which evenly spaced maps are taken. Needs numpy, scipy and matplotlib.
"""

import sys
from pathlib import Path

import matplotlib
import numpy as np
from compare import maps_of, scenes_of, windows

matplotlib.use("Agg")
import matplotlib.pyplot as plt

COUNT = 10
LOOKS = {
    "coherence": dict(cmap="gray", vmin=0, vmax=1),
    "atmosphere": dict(cmap="RdBu_r", vmin=-1.5, vmax=1.5),
}


def shown(path):
    """[COUNT, H, W]; fails where there are fewer maps."""
    if (path / "dataset.json").exists():
        return windows(scenes_of(path, held_out=True), np.random.default_rng(0), COUNT)
    if path.is_dir():
        maps = maps_of(path, COUNT)
    else:
        maps = np.load(path, mmap_mode="r")
        maps = maps[:: max(1, len(maps) // COUNT)][:COUNT]
    if len(maps) < COUNT:
        raise SystemExit(f"{path} has {len(maps)} maps: {COUNT} are needed")
    return maps


def main() -> None:
    if len(sys.argv) < 3:
        raise SystemExit(__doc__)
    rows = []
    for text in sys.argv[2:]:
        label, _, rest = text.partition("=")
        quantity, _, path = rest.partition(":")
        if quantity not in LOOKS or not path:
            raise SystemExit(f"{text}: write LABEL=QUANTITY:MAPS with {' or '.join(LOOKS)} for QUANTITY")
        rows.append((label, LOOKS[quantity], shown(Path(path))))
    figure, axes = plt.subplots(len(rows), COUNT, figsize=(1.2 * COUNT, 1.25 * len(rows)), squeeze=False)
    for (label, look, maps), line in zip(rows, axes):
        for panel, axis in zip(maps, line):
            axis.imshow(panel, interpolation="nearest", **look)
            axis.set_xticks([])
            axis.set_yticks([])
        line[0].set_ylabel(label, fontsize=8)
    figure.suptitle("Coherence: black 0 to white 1. Delay: blue -1.5 cm to red 1.5 cm.", fontsize=9, y=0.99)
    figure.tight_layout(pad=0.3)
    figure.savefig(sys.argv[1], dpi=85)


if __name__ == "__main__":
    main()
