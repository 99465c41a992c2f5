"""Composes the program's samples anew with NumPy from their parts, and compares.

    python Benchmarks/peers/check_samples.py FILE.safetensors

FILE is what `ganinsar-bench-samples --save FILE` wrote. Prints JSON with the largest differences
in rad, and how far the decorrelation's standard deviation is from that of Goodman's distribution.
"""

import json
import math
import sys

import numpy as np
from safetensors import safe_open

COMPONENTS = ["deformation", "topographic_error", "turbulence", "stratification", "orbital_ramp", "decorrelation"]


def expected_variance(coherence: float) -> float:
    """Of single-look interferometric phase: Hanssen 2001, equation 4.2.28."""
    terms = sum(coherence ** (2 * k) / k**2 for k in range(1, 2000))
    half = math.asin(coherence)
    return max(0.0, math.pi**2 / 3 - math.pi * half + half**2 - terms / 2)


def main() -> None:
    with safe_open(sys.argv[1], "np") as file:
        found = {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118 (not a dict)
        wavelength = float(file.metadata()["wavelengthMeters"])
    total = sum(found[name].astype(np.float64) for name in COMPONENTS if name in found)
    wrapped = np.angle(np.exp(1j * found["unwrapped"].astype(np.float64)))
    turned = np.abs(np.angle(np.exp(1j * (wrapped - found["wrapped"]))))
    days = found["days"].reshape(-1, 1, 1, 1).astype(np.float64)
    rates = found["rate"].astype(np.float64) / 100
    deformation = -4 * np.pi / wavelength * rates * days / 365.25
    dates = found["turbulence.secondary"].astype(np.float64) - found["turbulence.reference"]
    # Coherence differs from pixel to pixel.
    places = np.linspace(0, 1, 401)
    variances = np.array([expected_variance(place) for place in places])
    deviations = [
        math.sqrt((noise.astype(np.float64) ** 2).mean() / np.interp(coherence, places, variances).mean()) - 1
        for noise, coherence in zip(found["decorrelation"], found["coherence"])
    ]
    if found["wrapped"].min() < -np.pi - 1e-6 or found["wrapped"].max() > np.pi:
        sys.exit("a wrapped phase lies outside [-pi, pi)")
    print(
        json.dumps(
            {
                "sum": float(np.abs(total - found["unwrapped"]).max() / np.abs(total).max()),
                "wrapping": float(turned.max()),
                "deformation": float(np.abs(deformation - found["deformation"]).max() / np.abs(deformation).max()),
                "turbulence": float(np.abs(dates - found["turbulence"]).max()),
                "decorrelation": float(np.abs(deviations).max()),
                "samples": len(found["wrapped"]),
            }
        )
    )


if __name__ == "__main__":
    main()
