"""The interferograms of a rate map by troposim and NumPy, written as `ganinsar compose` writes them.

    python Benchmarks/peers/compose_stack.py RATE.npy OUT --dates 30 --connections 3

Per date turbulence (troposim) and a ramp, per pair deformation, height error, decorrelation (troposim,
one value of coherence), their sum, wrapped phase and coherence: eight planes a pair as .npy.
"""

import argparse
from pathlib import Path

import numpy as np
from troposim import decorrelation, turbulence

WAVELENGTH = 0.0554658
RANGE, INCIDENCE = 880_000.0, np.radians(39)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("rate")
    parser.add_argument("output", type=Path)
    parser.add_argument("--dates", type=int)
    parser.add_argument("--connections", type=int, default=3)
    arguments = parser.parse_args()
    random = np.random.default_rng(0)
    rate = np.load(arguments.rate)
    height, width = rate.shape
    to_phase = -4 * np.pi / WAVELENGTH
    y, x = np.mgrid[:height, :width].astype(np.float32)
    error = turbulence.simulate(shape=rate.shape, beta=2.0, resolution=90.0).astype(np.float32)
    delays = turbulence.simulate(shape=(arguments.dates, height, width), resolution=90.0)
    ramps = random.standard_normal((arguments.dates, 2))
    baselines = 100 * random.standard_normal(arguments.dates)
    for first in range(arguments.dates):
        for second in range(first + 1, min(first + 1 + arguments.connections, arguments.dates)):
            days = 12 * (second - first)
            baseline = baselines[second] - baselines[first]
            a, b = ramps[second] - ramps[first]
            coherence = np.full(rate.shape, 0.3 + 0.5 * np.exp(-days / 60), np.float32)
            planes = {
                "deformation": to_phase * rate / 100 * days / 365.25,
                "topographic_error": to_phase * baseline / (RANGE * np.sin(INCIDENCE)) * error,
                "turbulence": to_phase * -(delays[second] - delays[first]) / 100,
                "orbital_ramp": a * x / width + b * y / height,
                "decorrelation": decorrelation.simulate(coherence, looks=16),
            }
            total = sum(planes.values())
            planes |= {"unwrapped": total, "coherence": coherence, "wrapped": (total + np.pi) % (2 * np.pi) - np.pi}
            folder = arguments.output / f"{first:02}_{second:02}"
            folder.mkdir(parents=True)
            for name, plane in planes.items():
                np.save(folder / f"{name}.npy", plane.astype(np.float32))


if __name__ == "__main__":
    main()
