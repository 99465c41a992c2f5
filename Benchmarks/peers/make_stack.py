"""A MintPy stack of any size: `make_stack.py SMALL.h5 OUT.h5 SIZE`.

SMALL is an ifgramStack.h5 whose dates, baselines and attributes are taken. A rate map of two bowls
and a tilt, noise by pixel and interferogram whose spread follows the coherence, no holes. Written
interferogram by interferogram; `rate.npy` beside OUT is the truth in cm/yr.
"""

import sys
from pathlib import Path

import h5py
import numpy as np


def main() -> None:
    small, out, size = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    random = np.random.default_rng(0)
    y, x = np.mgrid[:size, :size].astype(np.float32) / size
    rate = (
        -6 * np.exp(-((x - 0.35) ** 2 + (y - 0.4) ** 2) / 0.02)
        + 4 * np.exp(-((x - 0.7) ** 2 + (y - 0.65) ** 2) / 0.03)
        + 0.8 * x
        - 0.3 * y
    )
    coherence = (0.35 + 0.6 * x * y).astype(np.float32)
    noise = np.sqrt((1 - coherence**2) / (2 * 20 * coherence**2)).astype(np.float32)
    with h5py.File(small) as source, h5py.File(out, "w") as target:
        target.attrs.update(source.attrs)
        target.attrs.update(
            {
                "LENGTH": str(size),
                "WIDTH": str(size),
                "REF_Y": str(size // 2),
                "REF_X": str(size // 2),
                "NCORRLOOKS": "20",
            }
        )
        for name in ["date", "bperp", "dropIfgram"]:
            source.copy(name, target)
        dates = [
            [np.datetime64(f"{d[:4]}-{d[4:6]}-{d[6:]}") for d in (a.decode(), b.decode())] for a, b in source["date"][:]
        ]
        to_phase = -4 * np.pi / float(source.attrs["WAVELENGTH"]) / 100 / 365.25
        shape = (len(dates), size, size)
        phases = target.create_dataset("unwrapPhase", shape, np.float32)
        coherences = target.create_dataset("coherence", shape, np.float32)
        for name in ["unwrapPhase", "coherence"]:
            target[name].attrs.update(source[name].attrs)
        for index, (first, second) in enumerate(dates):
            days = (second - first).astype(int)
            phases[index] = to_phase * days * rate + noise * random.standard_normal((size, size), dtype=np.float32)
            coherences[index] = coherence
    np.save(out.with_name("rate.npy"), rate.astype(np.float32))


if __name__ == "__main__":
    main()
