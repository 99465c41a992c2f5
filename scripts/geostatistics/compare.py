"""Maps that learned from a measured one, beside direct sampling of pyinsar: variograms and processor time.

    python scripts/geostatistics/compare.py MAP.tif --pyinsar CLONE [--size 48] [--count 4]
    python scripts/geostatistics/compare.py MAP.tif --preset lefebvre-hoppe --size 256 --count 60

MAP is a rate map, the training image of both. CLONE is a checkout of github.com/MITeaps/pyinsar, which is run as it
is, compiled by numba before the clock starts; without it only our maps are measured. Needs
numpy, scipy, numba, rasterio and `make build`.
"""

import argparse
import importlib.util
import resource
import subprocess
import sys
import tempfile
import time
import types
from pathlib import Path

import numpy as np
import rasterio
from scipy.stats import norm

ROOT = Path(__file__).resolve().parents[2]
LAGS = (1, 2, 4, 8, 16)


def scores(values, reference):
    """Normal scores of values by the ranks of a reference map."""
    ranks = np.sort(reference[np.isfinite(reference)])
    result = norm.ppf((np.searchsorted(ranks, values) + 0.5) / (len(ranks) + 1))
    result[np.isnan(values)] = np.nan
    return result


def variogram(maps):
    def at(m, lag):
        return (np.nanmean((m[:, lag:] - m[:, :-lag]) ** 2) + np.nanmean((m[lag:] - m[:-lag]) ** 2)) / 4

    return np.array([np.mean([at(m, lag) for m in maps]) for lag in LAGS])


def ours(image, preset, size, count):
    """Maps in cm/yr, and processor seconds of the whole program for one map."""
    with tempfile.TemporaryDirectory() as folder:
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        command = [ROOT / ".build/release/ganinsar", "simulate", preset, "--training-image", image]
        options = ["-o", f"{folder}/maps", "--size", str(size), "--count", str(count), "--format", "npy", "--quiet"]
        subprocess.run([*map(str, command), *options, "--seed", "1"], check=True, stdout=subprocess.DEVNULL)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        maps = [np.load(file) for file in sorted(Path(folder, "maps").glob("*.npy"))]
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return maps, seconds / count


def load_direct_sampling(clone):
    """pyinsar's module, without the packages around it, which import much that is not needed."""
    name = "pyinsar.processing.machine_learning.geostatistics"
    for end in range(1, len(name.split(".")) + 1):
        part = ".".join(name.split(".")[:end])
        module = types.ModuleType(part)
        module.__path__ = [str(Path(clone, *part.split(".")))]
        sys.modules[part] = module
    for file in ("geostatistics_utils", "direct_sampling"):
        spec = importlib.util.spec_from_file_location(f"{name}.{file}", Path(clone, *name.split("."), f"{file}.py"))
        module = importlib.util.module_from_spec(spec)
        sys.modules[f"{name}.{file}"] = module
        spec.loader.exec_module(module)
    return sys.modules[f"{name}.direct_sampling"], sys.modules[f"{name}.geostatistics_utils"]


def theirs(clone, image, size, count):
    """Normal scores of maps, and processor seconds for one, with the settings of our preset."""
    module, utilities = load_direct_sampling(clone)
    span = np.nanmax(image) - np.nanmin(image)

    def run(side, seed):
        return module.run_ds(
            np.full((1, side, side), -99999.0),
            image[None],
            (utilities.VariableType.CONTINUOUS,),
            np.array([0.02 / span]),
            0.1,
            np.array([24]),
            np.array([1.0]),
            neighborhood_shape=(48, 48),
            delta=1.0,
            seed=seed,
        )[0, 0]

    run(8, 1)
    start = time.process_time()
    maps = [run(size, seed) for seed in range(count)]
    return maps, (time.process_time() - start) / count


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("image")
    parser.add_argument("--preset", default="rongier-ds")
    parser.add_argument("--pyinsar")
    parser.add_argument("--size", type=int, default=48)
    parser.add_argument("--count", type=int, default=4)
    options = parser.parse_args()
    with rasterio.open(options.image) as file:
        values = file.read(1, masked=True).filled(np.nan).astype(float)
    made, our_seconds = ours(options.image, options.preset, options.size, options.count)
    image = scores(values, values)
    unit = 1.0
    if np.nanmax(np.abs(np.concatenate([m.ravel() for m in made]))) > 3 * np.nanmax(np.abs(values)):
        unit = 100.0  # a map in m/yr, which we write in cm/yr
    whole = variogram([image])
    print("| maps | CPU s a map | variogram of normal scores / the image's, at lags of", *LAGS, "px |")
    print("|---|---|---|")
    rows = [(options.preset, [scores(m.astype(float) / unit, values) for m in made], our_seconds)]
    if options.pyinsar:
        rows.append(("pyinsar, compiled before", *theirs(options.pyinsar, image, options.size, options.count)))
    for name, maps, seconds in rows:
        print(f"| {name} | {seconds:.3g} |", " ".join(f"{ratio:.2f}" for ratio in variogram(maps) / whole), "|")
    if options.pyinsar:
        print(f"ratio of processor times: {our_seconds / rows[1][2]:.4f}")


if __name__ == "__main__":
    main()
