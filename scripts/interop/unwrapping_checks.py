"""Wrapped interferograms, unwrapped by snaphu and whirlwind and compared with the truth."""

import json
import os
import sys

import numpy as np
import snaphu
import whirlwind
from tools import ganinsar, step

LOOKS = 16
LEAST_COHERENCE = 0.5


def smooth_pixels(truth):
    """Pixels that differ by at most pi from each neighbor: there the wrapped phase determines the unwrapped."""
    result = np.isfinite(truth)
    for axis in (0, 1):
        jump = np.abs(np.diff(truth, axis=axis)) > np.pi
        before = [slice(None), slice(None)]
        after = [slice(None), slice(None)]
        before[axis], after[axis] = slice(None, -1), slice(1, None)
        result[tuple(before)] &= ~jump
        result[tuple(after)] &= ~jump
    return result


def wrong_cycles(unwrapped, truth, mask):
    """Pixels that differ by whole cycles from the common level."""
    turns = np.round((unwrapped - truth) / (2 * np.pi))
    level = np.median(turns[mask])
    return int(np.count_nonzero(turns[mask] != level))


def run(work, report):
    step("wrapped interferograms by snaphu and whirlwind")
    ganinsar(
        "simulate",
        "mixed",
        "-o",
        work / "scene",
        "--size",
        "256",
        "--pixel-size",
        "60",
        "--seed",
        "5",
        "--format",
        "tif",
    )
    rate = next((work / "scene").glob("*.tif"))
    stack = work / "unwrapping"
    ganinsar(
        "compose",
        rate,
        "-o",
        stack,
        "--seed",
        "5",
        "--set",
        "network.count=4",
        "--set",
        "model.components=[deformation, topographic_error, turbulence, orbital_ramp, decorrelation]",
        "--set",
        f"model.decorrelation.looks={LOOKS}",
        "--set",
        "model.decorrelation.decayDays=300",
    )
    report.group(
        "Unwrapping",
        "A simulated scene of 256 x 256 pixels of 60 m with turbulence, ramp, height error and "
        "decorrelation. Pixels are counted if the true phase differs by at most pi from each neighbor and the "
        f"coherence is at least {LEAST_COHERENCE}.",
    )
    pairs = json.loads((stack / "manifest.json").read_text())["pairs"]
    for name, unwrap in [("snaphu", by_snaphu), ("whirlwind", by_whirlwind)]:
        wrong = considered = 0
        for pair in pairs:
            folder = stack / pair["name"]
            truth, wrapped, coherence = (
                np.load(folder / f"{layer}.npy") for layer in ("unwrapped", "wrapped", "coherence")
            )
            mask = smooth_pixels(truth) & (coherence >= LEAST_COHERENCE)
            considered += int(mask.sum())
            wrong += wrong_cycles(unwrap(np.exp(1j * wrapped).astype(np.complex64), coherence), truth, mask)
        report.add(
            f"{name} on {len(pairs)} interferograms, pixels on a wrong cycle",
            f"{wrong} of {considered}",
            "0",
            wrong == 0,
        )


def by_snaphu(interferogram, coherence):
    """Hides the progress that snaphu prints directly to standard output."""
    sys.stdout.flush()
    kept = os.dup(1)
    with open(os.devnull, "w") as nowhere:
        os.dup2(nowhere.fileno(), 1)
    try:
        return snaphu.unwrap(interferogram, coherence, nlooks=LOOKS, cost="defo")[0]
    finally:
        os.dup2(kept, 1)
        os.close(kept)


def by_whirlwind(interferogram, coherence):
    return whirlwind.unwrap(interferogram, coherence, LOOKS)[0]
