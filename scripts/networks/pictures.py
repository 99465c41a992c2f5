"""Draws measured interferograms, what a phase network makes of them, Goldstein with snaphu, and the published phase.

usage: pictures.py OUTPUT --pyrate CLONE --shared DATA [--network FILE] [--measure-only FOLDER] [--only NAME]

CLONE is a clone of GeoscienceAustralia/PyRate (Apache-2.0), DATA holds permissive/campi_flegrei.tif (BSD-2).
Pictures go to OUTPUT, and a line of figures for each to standard output. --measure-only also draws interferograms whose
license does not allow to show them (DATA/originals) into FOLDER, to be looked at only. GANINSAR is the program (default
.build/release/ganinsar). Run it in the environment of scripts/interop/requirements.txt, with matplotlib.
"""

import argparse
import os
import pathlib
import subprocess
import sys
import tempfile

import numpy as np
import rasterio
from scipy import ndimage

HERE = pathlib.Path(__file__).resolve().parent
sys.path += [str(HERE), str(HERE.parent / "fixtures")]

from compare import TURN, by_snaphu, wrap  # noqa: E402
from make_goldstein import goldstein  # noqa: E402

WAVELENGTH = 0.0554658


class Interferogram:
    """A wrapped phase in rad, NaN without data; its coherence, and the published or true phase, if there are any."""

    def __init__(self, name, title, wrapped, coherence=None, reference=None, words="published"):
        self.name, self.title, self.wrapped = name, title, wrapped.astype(np.float32)
        self.coherence, self.reference, self.words = coherence, reference, words


def band(path, number=1):
    with rasterio.open(path) as source:
        return source.read(number).astype(np.float64)


def missing_zero(values):
    return np.where(values == 0, np.nan, values)


def campi(shared):
    """The published rate of Campi Flegrei over a year, with noise of coherence 0.3 to 0.6 and 4 looks added."""
    rate = band(shared / "permissive/campi_flegrei.tif")
    truth = -4 * np.pi / WAVELENGTH * rate / 100
    random = np.random.default_rng(5)
    coherence = 0.45 + 0.15 * np.sin(np.add.outer(np.arange(rate.shape[0]), np.arange(rate.shape[1])) / 25)
    shape = (4, *rate.shape)
    first, other = (random.normal(size=shape) + 1j * random.normal(size=shape) for _ in range(2))
    second = coherence * first + np.sqrt(1 - coherence**2) * other
    noise = np.angle((first * second.conj()).sum(0))
    return Interferogram("campi", "Campi Flegrei, noise added", wrap(truth + noise), coherence, truth, "without noise")


def permissive(given):
    crop = given.pyrate / "tests/test_data/cropA/geotiffs"
    pair = "cropA_20180106-20180412_VV_8rlks"
    published = missing_zero(band(crop / f"{pair}_eqa_unw.tif"))
    coherence = band(crop / f"{pair}_flat_eqa_cc.tif")
    yield Interferogram("mexico", "Mexico City, 96 days", wrap(published), coherence, published)
    published = missing_zero(band(given.pyrate / "tests/test_data/small_test/roipac_obs/geo_061002-070430.unw", 2))
    yield Interferogram("sydney", "Sydney, 210 days", wrap(published), None, published)
    yield campi(given.shared)


def measure_only(given):
    originals = given.shared / "originals"
    yield Interferogram("sierra", "Sierra Negra", band(originals / "sierra_negra_wrapped.tif"))
    greece = originals / "greece_gamma"
    wrapped = missing_zero(np.fromfile(greece / "greece.diff", "<f4").reshape(801, 801).astype(np.float64))
    meters = np.fromfile(greece / "greece.unw", "<f4").reshape(801, 801).astype(np.float64)

    def offset(scale):
        return np.nanmean(np.exp(1j * (wrapped - meters * scale)))

    scale = max((4 * np.pi / WAVELENGTH, -4 * np.pi / WAVELENGTH), key=lambda scale: abs(offset(scale)))
    published = meters * scale + np.angle(offset(scale))
    yield Interferogram("greece", "Greece 2021", wrapped, None, published)


def estimated_coherence(wrapped, filtered, valid, side=5):
    """How well the phase agrees with the filtered phase, in windows."""
    difference = np.where(valid, np.exp(1j * np.nan_to_num(wrapped - filtered)), 0)
    total = ndimage.uniform_filter(difference.real, side) + 1j * ndimage.uniform_filter(difference.imag, side)
    return np.where(valid, np.abs(total) / np.maximum(ndimage.uniform_filter(valid.astype(float), side), 1e-6), 0)


def apply(item, network):
    with tempfile.TemporaryDirectory() as work:
        work = pathlib.Path(work)
        np.save(work / "ifg.npy", item.wrapped)
        command = [os.environ.get("GANINSAR", ".build/release/ganinsar"), "network", "apply", work / "ifg.npy"]
        command += ["-o", work / "out", "--unit", "rad", "--format", "npy", "--quiet"]
        if item.coherence is not None:
            np.save(work / "coherence.npy", item.coherence.astype(np.float32))
            command += ["--coherence", work / "coherence.npy"]
        if network:
            command += ["--network", network]
        subprocess.run([str(part) for part in command], check=True, stdout=subprocess.DEVNULL)
        return [np.load(work / f"out/ifg_{layer}.npy") for layer in ["filtered", "filtered_unwrapped", "uncertainty"]]


def leveled(values, reference, regions, count):
    """`values` with whole turns added to each region, so that most pixels agree with `reference`."""
    result = values.copy()
    for region in range(1, count + 1):
        inside = regions == region
        turns = np.round((values - reference)[inside & np.isfinite(values - reference)] / TURN)
        if turns.size:
            found, counts = np.unique(turns, return_counts=True)
            result[inside] -= TURN * found[np.argmax(counts)]
    return result


def draw(item, given, folder):
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    valid = np.isfinite(item.wrapped)
    filtered, ours, uncertainty = apply(item, given.network)
    smooth = goldstein(item.wrapped.astype(float), 0.8, 32, 4)
    known = item.coherence if item.coherence is not None else estimated_coherence(item.wrapped, smooth, valid)
    known = np.where(valid, np.clip(np.nan_to_num(known), 0, 1), 0)
    theirs = np.where(valid, by_snaphu(smooth, known, valid, 4, "smooth"), np.nan)
    reference = item.reference if item.reference is not None else theirs
    regions, count = ndimage.label(valid)
    ours, theirs = (leveled(values, reference, regions, count) for values in (ours, theirs))
    difference, words = theirs - ours, "snaphu - ours, rad"
    both = valid & np.isfinite(reference)
    figures = f"{item.name}: {both.sum()} pixels"
    if item.reference is not None:
        for name, values, wrapped in [("ours", ours, filtered), ("snaphu", theirs, smooth)]:
            wrong = np.mean(np.abs((values - reference)[both]) > np.pi)
            rms = np.sqrt(np.mean(np.square(wrap(wrapped - reference)[both])))
            figures += f"; {name}: {100 * wrong:.2f} % on a wrong cycle, rms {rms:.3f} rad"
    apart = np.mean(np.abs((theirs - ours)[valid]) > np.pi)
    figures += f"; apart by more than half a turn: {100 * apart:.2f} %; median uncertainty "
    print(f"{figures}{np.nanmedian(uncertainty):.2f} rad, above 1 rad {100 * np.nanmean(uncertainty > 1):.1f} %")
    level = np.nanmedian(reference[both])
    low, high = np.nanpercentile((reference - level)[both], [0.5, 99.5])
    unwrapped = {"cmap": "viridis", "vmin": low, "vmax": high}
    phase = {"cmap": "twilight", "vmin": -np.pi, "vmax": np.pi}
    planes = [("input, rad", item.wrapped, phase), ("ours, filtered, rad", filtered, phase)]
    planes += [("Goldstein, rad", np.where(valid, smooth, np.nan), phase)]
    planes += [
        ("ours, unwrapped, rad", ours - level, unwrapped),
        ("Goldstein + snaphu, rad", theirs - level, unwrapped),
    ]
    if item.reference is not None:
        planes.append((f"{item.words}, rad", np.where(valid, reference, np.nan) - level, unwrapped))
    planes.append((words, difference, {"cmap": "RdBu", "vmin": -2 * TURN, "vmax": 2 * TURN}))
    planes.append(("our uncertainty, rad", uncertainty, {"cmap": "magma", "vmin": 0, "vmax": 2}))
    columns = 4
    rows = -(-len(planes) // columns)
    height, width = item.wrapped.shape
    figure, axes = plt.subplots(rows, columns, figsize=(3.3 * columns, rows * (3.0 * height / width + 0.35)))
    for axis in axes.flat:
        axis.set_axis_off()
    for axis, (title, values, look) in zip(axes.flat, planes):
        shown = axis.imshow(values, interpolation="nearest", **look)
        axis.set_title(title, fontsize=9)
        figure.colorbar(shown, ax=axis, fraction=0.04, pad=0.02)
    figure.suptitle(item.title, fontsize=10)
    figure.tight_layout()
    folder.mkdir(parents=True, exist_ok=True)
    figure.savefig(folder / f"network-{item.name}.png", dpi=75)
    plt.close(figure)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("output", type=pathlib.Path)
    parser.add_argument("--pyrate", type=pathlib.Path, required=True)
    parser.add_argument("--shared", type=pathlib.Path, required=True)
    parser.add_argument("--network")
    parser.add_argument("--measure-only", type=pathlib.Path)
    parser.add_argument("--only", help="draw the one of this name")
    given = parser.parse_args()
    sets = [(permissive, given.output)] + ([(measure_only, given.measure_only)] if given.measure_only else [])
    for items, folder in sets:
        for item in items(given):
            if given.only in (None, item.name):
                draw(item, given, folder)


if __name__ == "__main__":
    main()
