"""Maps of a component beside held-out measured ones: values, spread, structure function.

    python scripts/components/compare.py DATASET NAME=MAPS...

DATASET is a folder that `ganinsar prepare` wrote, with scenes held out. MAPS is a folder of .npy maps or one stack
[N, H, W]. 400 windows without holes are drawn of the scenes. Needs numpy and scipy.
"""

import json
import sys
from pathlib import Path

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from scipy.stats import wasserstein_distance

COUNT, SIDE, LAGS = 400, 64, (1, 4, 13, 32)


def windows(scenes, random, count=COUNT):
    """Windows without holes, of each scene in turn that has any."""
    places = []
    for scene in scenes:
        whole = sliding_window_view(np.isfinite(scene), (SIDE, SIDE)).all(axis=(2, 3))
        places.append((scene, np.argwhere(whole)))
    places = [(scene, corners) for scene, corners in places if len(corners)]
    if not places:
        raise SystemExit(f"no scene has a window of {SIDE} pixels without holes")
    found = []
    for number in range(count):
        scene, corners = places[number % len(places)]
        row, column = corners[random.integers(len(corners))]
        found.append(scene[row : row + SIDE, column : column + SIDE])
    return np.array(found)


def scenes_of(dataset, held_out):
    """The scenes of a folder that `ganinsar prepare` wrote, those for training or those held out."""
    listed = json.loads((dataset / "dataset.json").read_text())["scenes"]
    return [np.load(dataset / scene["file"]) for scene in listed if scene["isHeldOut"] == held_out]


def maps_of(path, count=COUNT):
    """The first maps of a folder of samples, or of one stack [N, H, W]."""
    files = sorted(path.glob("sample-*.npy"))[:count] if path.is_dir() else []
    return np.array([np.load(file) for file in files]) if files else np.load(path)[:count]


def difference(maps, lag):
    across = (maps[:, :, lag:] - maps[:, :, :-lag]) ** 2
    down = (maps[:, lag:] - maps[:, :-lag]) ** 2
    return np.sqrt((across.mean() + down.mean()) / 2)


def main() -> None:
    folder = Path(sys.argv[1])
    random = np.random.default_rng(1)

    def drawn(held_out):
        return windows(scenes_of(folder, held_out), random)

    reference = drawn(True)
    sets = {"held out, again": drawn(True), "training": drawn(False)}
    for text in sys.argv[2:]:
        name, path = text.split("=", 1)
        sets[name] = maps_of(Path(path))
    for name, maps in {"held out": reference, **sets}.items():
        distance = wasserstein_distance(maps.ravel()[::7], reference.ravel()[::7])
        lags = " ".join(f"{difference(maps, lag):.3f}" for lag in LAGS)
        print(f"{name:16} W1 {distance:.3f}  mean {maps.mean():.3f}  std {maps.std((1, 2)).mean():.3f}  rms {lags}")


if __name__ == "__main__":
    main()
