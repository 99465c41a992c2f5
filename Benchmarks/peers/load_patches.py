"""Training patches by NumPy and a torch DataLoader: the straightforward way to do what the loader does.

    python Benchmarks/peers/load_patches.py DATASET --patch-size 64 --batches 100

A random scene by area, windows of 1x or 2x the patch until one has at most 10 % without data and at
most 30 % quiet pixels (|rate| <= 3 cm/yr); 2 x 2 means, holes filled with the nearest value, one of
eight symmetries, an offset of up to 5 cm/yr. In the training process, since workers would only add
the cost of copying batches between processes. Prints one line of JSON.
"""

import argparse
import json
import os
import time
from pathlib import Path

os.environ.setdefault("OMP_WAIT_POLICY", "passive")

import numpy as np
import torch
from scipy.ndimage import distance_transform_edt
from torch.utils.data import DataLoader, IterableDataset


class Patches(IterableDataset):
    def __init__(self, dataset: Path, side: int):
        self.scenes = [np.load(path) for path in sorted(dataset.rglob("*.npy"))]
        self.side = side

    def window(self, random) -> np.ndarray:
        factor = int(random.integers(1, 3))
        span = factor * self.side
        places = np.array([(s.shape[0] - span + 1) * (s.shape[1] - span + 1) for s in self.scenes])
        scene = self.scenes[random.choice(len(places), p=places / places.sum())]
        row = random.integers(scene.shape[0] - span + 1)
        column = random.integers(scene.shape[1] - span + 1)
        window = scene[row : row + span, column : column + span]
        if factor == 1:
            return window
        return window.reshape(self.side, 2, self.side, 2).mean(axis=(1, 3))

    def __iter__(self):
        random = np.random.default_rng(0)
        while True:
            window = self.window(random)
            hole = np.isnan(window)
            holes = hole.sum()
            if holes > 0.1 * window.size:
                continue
            if (np.abs(window) <= 3).sum() > 0.3 * (window.size - holes):
                continue
            if holes:
                places = distance_transform_edt(hole, return_distances=False, return_indices=True)
                window = window[tuple(places)]
            window = np.rot90(window[:, ::-1] if random.random() < 0.5 else window, random.integers(4))
            yield torch.from_numpy((window + random.uniform(-5, 5)).astype(np.float32)[None])


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("dataset", type=Path)
    parser.add_argument("--patch-size", type=int)
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--batches", type=int)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    batches = iter(DataLoader(Patches(arguments.dataset, arguments.patch_size), arguments.batch))
    for _ in range(5):
        next(batches)
    start, cpu = time.perf_counter(), time.process_time()
    for _ in range(arguments.batches):
        next(batches)
    print(
        json.dumps(
            {
                "seconds": time.perf_counter() - start,
                "cpu_seconds": time.process_time() - cpu,
                "patches": arguments.batches * arguments.batch,
            }
        )
    )


if __name__ == "__main__":
    main()
