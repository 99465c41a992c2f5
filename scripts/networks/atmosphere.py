"""Draws samples of the recipe `atmosphere`, and real maps, and what networks that remove the atmosphere make of them.

usage: atmosphere.py PICTURE.png DATASET --network NAME=RUN ... [--sample NUMBER ...] [--map NAME=FILE.tif ...]

DATASET is a part that `ganinsar dataset --recipe atmosphere --format npy` wrote. Each sample is a line: the
deformation, the same with atmosphere, and for each network the corrected map, with its rms error in cm. Lines of real
maps have no truth. GANINSAR is the program (default .build/release/ganinsar). Needs numpy, matplotlib and rasterio.
"""

import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
import rasterio

PROGRAM = os.environ.get("GANINSAR", ".build/release/ganinsar")


def samples(dataset):
    """Number -> deformation and deformation with atmosphere in cm, and the name of the ground."""
    number = 0
    for shard in sorted(dataset.glob("shard-*")):
        arrays = {
            name: np.load(shard / f"{name}.npy") for name in ("deformation", "turbulence", "stratification", "valid")
        }
        facts = json.loads((next(shard.glob("*.json"))).read_text())
        for place, fact in enumerate(facts):
            scale = -100 * fact["radar"]["wavelengthMeters"] / (4 * np.pi)
            valid = arrays["valid"][place] > 0.5
            motion = np.where(valid, arrays["deformation"][place] * scale, np.nan)
            air = (arrays["turbulence"][place] + arrays["stratification"][place]) * scale
            yield number, motion, motion + air, fact["rate"]
            number += 1


def corrected(network, path, unit):
    """The corrected map and the estimated atmosphere, in the unit of the file."""
    with tempfile.TemporaryDirectory() as folder:
        out = pathlib.Path(folder) / "out"
        command = [PROGRAM, "network", "apply", path, "-o", out, "--network", network, "--quiet", "--format", "npy"]
        done = subprocess.run([*map(str, command), *(["--unit", unit] if unit else [])], capture_output=True, text=True)
        if done.returncode:
            sys.exit(done.stderr)
        return [np.load(next(out.glob(f"*_{name}.npy"))) for name in ("corrected", "atmosphere")]


def centered(values):
    return values - np.nanmean(values)


def rms(values):
    return np.sqrt(np.nanmean(centered(values) ** 2))


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("picture", type=pathlib.Path)
    parser.add_argument("dataset", type=pathlib.Path)
    parser.add_argument("--network", action="append", required=True, metavar="NAME=RUN")
    parser.add_argument("--sample", action="append", type=int, default=[])
    parser.add_argument("--map", action="append", default=[], metavar="NAME=FILE")
    arguments = parser.parse_args()
    networks = [name.split("=", 1) for name in arguments.network]
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for number, motion, whole, ground in samples(arguments.dataset):
            if number not in arguments.sample:
                continue
            path = pathlib.Path(folder) / "map.npy"
            np.save(path, whole.astype(np.float32))
            panels = [("deformation", motion), (f"with atmosphere: {rms(whole - motion):.2f} cm", whole)]
            for name, run in networks:
                result, _ = corrected(run, path, "cm")
                panels.append((f"{name}: {rms(result - motion):.2f} cm", result))
            rows.append((ground, "cm", panels))
    for label, path in (given.split("=", 1) for given in arguments.map):
        with rasterio.open(path) as source:
            values = source.read(1).astype(float)
            values[values == (source.nodata or 0)] = np.nan
            unit = source.units[0] or "rad"
        panels = [("", np.full_like(values, np.nan)), ("as measured", values)]
        for name, run in networks:
            result, estimate = corrected(run, path, "" if source.units[0] else "rad")
            panels.append((f"{name}: removes {rms(estimate):.2f} {unit}", result))
        rows.append((label, unit, panels))
    columns = 2 + len(networks)
    figure, axes = plt.subplots(len(rows), columns, figsize=(2.6 * columns, 2.5 * len(rows)), squeeze=False)
    for line, (label, unit, panels) in zip(axes, rows):
        limit = np.nanpercentile(np.abs(centered(panels[1][1])), 99.5)
        for axis, (title, values) in zip(line, panels):
            axis.set_xticks([])
            axis.set_yticks([])
            if not np.isfinite(values).any():
                axis.axis("off")
                continue
            drawn = axis.imshow(centered(values), cmap="RdBu_r", vmin=-limit, vmax=limit, interpolation="nearest")
            axis.set_title(title, fontsize=8)
        line[1].set_ylabel(label, fontsize=7)
        figure.colorbar(drawn, ax=list(line), fraction=0.015, label=unit)
    figure.savefig(arguments.picture, dpi=110, bbox_inches="tight")


if __name__ == "__main__":
    main()
