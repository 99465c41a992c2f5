"""Compares a phase network with snaphu and whirlwind behind the Goldstein filter, on samples with a truth.

usage: compare.py PLANES [--scores FILE] [--unfiltered] [--half-turn] [--pictures FOLDER] [--count N] [--json FILE]

PLANES is what 'ganinsar network score DATASET --write PLANES -o FILE' wrote: .npy stacks of the input, the truth, the
filtered phase of the Goldstein filter, and what the network made. snaphu is run with both of its cost modes and with
several numbers of looks; each is a row. Times are processor time: of the network filtering and unwrapping, from FILE;
of the others unwrapping alone, without the Goldstein filter. --unfiltered gives the others the input itself as well.
--half-turn leaves out samples whose true phase differs by half a turn or more between two neighbors, which no program
that unwraps a single interferogram can tell. Run it in the environment of scripts/interop/requirements.txt.
"""

import argparse
import json
import os
import pathlib
import sys

import numpy as np
import snaphu
import whirlwind
from scipy import ndimage

LIMITS = [0, 0.3, 0.6, 1.000001]
TURN = 2 * np.pi


def seconds():
    """Processor time of this process and of those that it has waited for: snaphu is one of these."""
    return sum(os.times()[:4])


def wrap(phase):
    return (phase + np.pi) % TURN - np.pi


def silently(call):
    """Hides what snaphu prints directly to standard output."""
    sys.stdout.flush()
    kept = os.dup(1)
    with open(os.devnull, "w") as nowhere:
        os.dup2(nowhere.fileno(), 1)
    try:
        return call()
    finally:
        os.dup2(kept, 1)
        os.close(kept)


def by_snaphu(filtered, coherence, valid, looks, cost):
    interferogram = np.where(valid, np.exp(1j * np.nan_to_num(filtered)), 0).astype(np.complex64)
    return silently(
        lambda: snaphu.unwrap(interferogram, coherence.astype(np.float32), nlooks=looks, cost=cost, mask=valid)[0]
    )


def by_whirlwind(filtered, coherence, valid, looks):
    interferogram = np.where(valid, np.exp(1j * np.nan_to_num(filtered)), 0).astype(np.complex64)
    return whirlwind.unwrap(interferogram, coherence.astype(np.float32), looks, mask=valid)[0]


def is_below_half_a_turn(clean):
    """Whether the true phase differs by less than half a turn between all neighbors."""
    steps = [np.abs(np.diff(clean, axis=axis)) for axis in (0, 1)]
    return all(np.all(step[np.isfinite(step)] < np.pi) for step in steps)


def verdict(rows, key):
    """On how many samples the first row is better and worse than the second."""
    pairs = [(a, b) for a, b in zip(rows[0][key], rows[1][key]) if a is not None]
    return sum(a < b for a, b in pairs), sum(a > b for a, b in pairs), len(pairs)


class Score:
    """Errors by coherence, as 'ganinsar network score' counts them."""

    def __init__(self):
        self.pixels = np.zeros(3)
        self.squares = np.zeros(3)
        self.wrong = np.zeros(3)
        self.seconds = 0.0
        self.by_sample = []
        self.by_sample_all = []

    def add(self, filtered, unwrapped, clean, coherence, valid, seconds):
        turns = np.round((unwrapped - clean) / TURN)
        regions, count = ndimage.label(valid)
        wrong = np.zeros(valid.shape, bool)
        for region in range(1, count + 1):
            inside = regions == region
            values, counts = np.unique(turns[inside], return_counts=True)
            wrong[inside] = turns[inside] != values[np.argmax(counts)]
        error = wrap(filtered - clean)
        group = np.digitize(coherence, LIMITS[1:-1])
        for number in range(3):
            own = valid & (group == number)
            self.pixels[number] += own.sum()
            self.squares[number] += np.square(error[own]).sum()
            self.wrong[number] += wrong[own].sum()
        middle = valid & (group == 1)
        self.by_sample.append(float(wrong[middle].mean()) if middle.any() else None)
        self.by_sample_all.append(float(wrong[valid].mean()) if valid.any() else None)
        self.seconds += seconds

    def row(self, name):
        count = np.maximum(1, self.pixels)
        return {
            "method": name,
            "rms": [*np.sqrt(self.squares / count), float(np.sqrt(self.squares.sum() / count.sum()))],
            "wrong": [*(self.wrong / count), float(self.wrong.sum() / count.sum())],
            "secondsPerMegapixel": self.seconds * 1e6 / count.sum(),
            "wrongBySample": self.by_sample,
            "wrongBySampleAll": self.by_sample_all,
        }


def picture(path, planes):
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(1, len(planes), figsize=(3.2 * len(planes), 3.4))
    for axis, (title, values, cyclic, limits) in zip(axes, planes):
        shown = axis.imshow(
            values,
            cmap="twilight" if cyclic else "viridis",
            vmin=-np.pi if cyclic else limits[0],
            vmax=np.pi if cyclic else limits[1],
            interpolation="nearest",
        )
        axis.set_title(title, fontsize=9)
        axis.set_axis_off()
        figure.colorbar(shown, ax=axis, fraction=0.046)
    figure.tight_layout()
    figure.savefig(path, dpi=80)
    plt.close(figure)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("planes", type=pathlib.Path)
    parser.add_argument("--pictures", type=pathlib.Path)
    parser.add_argument("--count", type=int)
    parser.add_argument("--json", type=pathlib.Path)
    parser.add_argument("--scores", type=pathlib.Path)
    parser.add_argument("--unfiltered", action="store_true")
    parser.add_argument("--half-turn", action="store_true")
    given = parser.parse_args()
    names = ["wrapped", "clean", "coherence", "filtered", "unwrapped", "uncertainty", "goldstein"]
    planes = {name: np.load(given.planes / f"{name}.npy", mmap_mode="r") for name in names}
    # Name: what is unwrapped, and how.
    methods = {}
    for plane, words in [("goldstein", "Goldstein, "), ("wrapped", "no filter, ")][: 1 + given.unfiltered]:
        for cost in ["defo", "smooth"]:
            for looks in [4, 20]:
                methods[f"{words}snaphu {cost}, {looks} looks"] = (plane, cost, looks)
        methods[f"{words}whirlwind, 4 looks"] = (plane, None, 4)
    scores = {name: Score() for name in ["network", *methods]}
    count = min(given.count or 10**9, len(planes["wrapped"]))
    for index in range(count):
        sample = {name: np.array(plane[index], np.float64) for name, plane in planes.items()}
        if given.half_turn and not is_below_half_a_turn(sample["clean"]):
            continue
        valid = np.isfinite(sample["wrapped"]) & np.isfinite(sample["clean"])
        coherence = np.where(valid, np.nan_to_num(sample["coherence"]), 0)
        rest = (sample["clean"], coherence, valid)
        scores["network"].add(sample["filtered"], sample["unwrapped"], *rest, 0)
        unwrapped = None
        for name, (plane, cost, looks) in methods.items():
            start = seconds()
            if cost:
                found = by_snaphu(sample[plane], coherence, valid, looks, cost)
            else:
                found = by_whirlwind(sample[plane], coherence, valid, looks)
            scores[name].add(sample[plane], found, *rest, seconds() - start)
            if name == "Goldstein, snaphu smooth, 4 looks":
                unwrapped = found
        if given.pictures:
            given.pictures.mkdir(parents=True, exist_ok=True)
            clean = np.where(valid, sample["clean"], np.nan)
            limits = (np.nanmin(clean), np.nanmax(clean))

            def leveled(values, valid=valid, clean=clean):
                return np.where(valid, values - TURN * np.round(np.nanmedian((values - clean)[valid]) / TURN), np.nan)

            picture(
                given.pictures / f"{index:03d}.png",
                [
                    ("input", sample["wrapped"], True, None),
                    ("coherence", np.where(valid, coherence, np.nan), False, (0, 1)),
                    ("Goldstein", sample["goldstein"], True, None),
                    ("network", sample["filtered"], True, None),
                    ("Goldstein + snaphu, rad", leveled(unwrapped), False, limits),
                    ("network, unwrapped, rad", leveled(sample["unwrapped"]), False, limits),
                    ("truth, rad", clean, False, limits),
                ],
            )
    rows = [score.row(name) for name, score in scores.items()]
    if given.scores:
        network = json.loads(given.scores.read_text())[0]
        rows[0]["secondsPerMegapixel"] = network["cpuMillisecondsPerMegapixel"] / 1000
    if given.json:
        given.json.write_text(json.dumps(rows, indent=1))
    print(
        "| method | wrong cycles, coherence below 0.3 | 0.3 to 0.6 | above | all "
        "| rms rad below 0.3 | 0.3 to 0.6 | above | CPU s a megapixel |"
    )
    print("|---|---|---|---|---|---|---|---|---|")
    for row in rows:
        wrong = " | ".join(f"{100 * value:.2f} %" for value in row["wrong"])
        rms = " | ".join(f"{value:.3f}" for value in row["rms"][:3])
        time = f"{row['secondsPerMegapixel']:.2f}" if row["secondsPerMegapixel"] else ""
        print(f"| {row['method']} | {wrong} | {rms} | {time} |")
    print(f"{len(rows[0]['wrongBySampleAll'])} samples. Fewer and more wrong pixels of the network:")
    for row in rows[1:]:
        better, worse, of = verdict([rows[0], row], "wrongBySample")
        better_all, worse_all, of_all = verdict([rows[0], row], "wrongBySampleAll")
        print(
            f"  than {row['method']}: at coherence 0.3 to 0.6 on {better} and {worse} of {of} samples; "
            f"over all pixels on {better_all} and {worse_all} of {of_all}"
        )


if __name__ == "__main__":
    main()
