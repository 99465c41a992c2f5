"""Rates of `ganinsar invert` against NumPy's least squares and MintPy's velocity.

    python Benchmarks/peers/check_rates.py STACK.h5 RATE.npy [VELOCITY.h5]

`pixels`: largest difference from numpy.linalg.lstsq with the same weights (1 / variance of the phase,
integrated numerically) at 100 random pixels. `mintpy`: rms difference of the whole map from MintPy's,
which estimates a time series first, and `noise`: rms of our map from the truth. All in cm/yr.
"""

import json
import sys
from pathlib import Path

import h5py
import numpy as np
from scipy.special import gamma, hyp2f1


def phase_variance(coherence: float, looks: float) -> float:
    """Tough et al. 1995; Hanssen 2001, equation 4.2.23."""
    phase = np.linspace(-np.pi, np.pi, 20001)
    beta = coherence * np.cos(phase)
    first = (
        gamma(looks + 0.5)
        * (1 - coherence**2) ** looks
        * beta
        / (2 * np.sqrt(np.pi) * gamma(looks) * (1 - beta**2) ** (looks + 0.5))
    )
    second = (1 - coherence**2) ** looks / (2 * np.pi) * hyp2f1(looks, 1, 0.5, beta**2)
    density = first + second
    return float((density * phase**2).sum() / density.sum())


def main() -> None:
    stack, rate = Path(sys.argv[1]), np.load(sys.argv[2]).astype(np.float64)
    random = np.random.default_rng(1)
    size = rate.shape[0]
    with h5py.File(stack) as file:
        dates = [
            [np.datetime64(f"{d[:4]}-{d[4:6]}-{d[6:]}") for d in (a.decode(), b.decode())] for a, b in file["date"][:]
        ]
        design = np.array([(b - a).astype(int) for a, b in dates]) / 365.25 / 100
        design = -4 * np.pi / float(file.attrs["WAVELENGTH"]) * design
        looks = float(file.attrs["NCORRLOOKS"])
        reference = file["unwrapPhase"][:, size // 2, size // 2].astype(np.float64)
        worst = 0.0
        for row, column in random.integers(0, size, (100, 2)):
            phase = file["unwrapPhase"][:, row, column].astype(np.float64) - reference
            weights = np.sqrt([1 / phase_variance(c, looks) for c in np.unique(file["coherence"][:, row, column])])
            # One coherence for all interferograms of a pixel, so one weight.
            weights = np.broadcast_to(weights, phase.shape)
            found = np.linalg.lstsq((weights * design)[:, None], weights * phase, rcond=None)[0][0]
            worst = max(worst, abs(found - rate[row, column]))
    truth = np.load(stack.with_name("rate.npy"))
    truth = truth - truth[size // 2, size // 2]
    ours = rate - rate[size // 2, size // 2]
    result = {"pixels": worst, "noise": float(np.sqrt(np.mean((ours - truth) ** 2)))}
    if len(sys.argv) > 3:
        with h5py.File(sys.argv[3]) as file:
            velocity = 100 * file["velocity"][:].astype(np.float64)
        velocity -= velocity[size // 2, size // 2]
        result["mintpy"] = float(np.sqrt(np.mean((ours - velocity) ** 2)))
    print(json.dumps(result))


if __name__ == "__main__":
    main()
