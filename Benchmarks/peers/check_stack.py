"""Composes a stack folder of the program anew with NumPy from its parts: `check_stack.py STACK`.

Prints JSON: the largest differences in rad of the sums, of the wrapped phases, of the deformation from
its formula, and of the turbulence around triangles of dates; the number of pairs.
"""

import json
import sys
from pathlib import Path

import numpy as np

PARTS = ["deformation", "topographic_error", "turbulence", "stratification", "orbital_ramp", "decorrelation"]


def main() -> None:
    stack = Path(sys.argv[1])
    manifest = json.loads((stack / "manifest.json").read_text())
    rate = np.load(stack / "rate.npy").astype(np.float64)
    wavelength = manifest["geometry"]["radar"]["wavelengthMeters"]
    worst = {"sum": 0.0, "wrapping": 0.0, "deformation": 0.0, "triangles": 0.0}
    turbulence = {}
    for pair in manifest["pairs"]:
        folder = stack / pair["name"]
        parts = {p: np.load(folder / f"{p}.npy").astype(np.float64) for p in PARTS if (folder / f"{p}.npy").exists()}
        unwrapped = np.load(folder / "unwrapped.npy").astype(np.float64)
        wrapped = np.load(folder / "wrapped.npy").astype(np.float64)
        expected = -4 * np.pi / wavelength * rate / 100 * pair["days"] / 365.25
        turned = np.angle(np.exp(1j * (unwrapped - wrapped)))
        for key, difference in [
            ("sum", sum(parts.values()) - unwrapped),
            ("wrapping", turned),
            ("deformation", parts["deformation"] - expected),
        ]:
            worst[key] = max(worst[key], float(np.abs(difference).max()))
        turbulence[pair["referenceDate"], pair["secondaryDate"]] = parts["turbulence"][::8, ::8]
    for (a, b), first in turbulence.items():
        for (c, d), second in turbulence.items():
            if b == c and (a, d) in turbulence:
                gap = np.abs(first + second - turbulence[a, d]).max()
                worst["triangles"] = max(worst["triangles"], float(gap))
    print(json.dumps(worst | {"pairs": len(manifest["pairs"])}))


if __name__ == "__main__":
    main()
