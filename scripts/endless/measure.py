"""Measures maps of any size: seams at tiles, peaks of a lattice, windows against the whole, controls.

    python scripts/endless/measure.py seams MAPS              # a folder of large .npy maps of one model
    python scripts/endless/measure.py lattice MAPS REAL.npy   # beside real patches [N, 64, 64]
    python scripts/endless/measure.py window WHOLE.npy PART.npy X Y
    python scripts/endless/measure.py statistics MAPS...      # spread, mean and peak of folders of maps

Needs numpy only. docs/results/endless-maps.md has what it printed.
"""

import sys
from pathlib import Path

import numpy as np

TILE, CELL, SIDE = 256, 16, 64


def maps(folder):
    return [np.load(path).astype(np.float64) for path in sorted(Path(folder).glob("sample-*.npy"))]


def seams(folder):
    """rms of steps across each column and row, by position within a tile."""
    by_place = []
    for x in maps(folder):
        for y in (x, x.T):
            steps = np.diff(y, axis=1)
            steps = (steps / steps.std()) ** 2
            # Step j lies between columns j and j + 1: a tile ends at j = 255.
            count = steps.shape[1] // TILE * TILE
            by_place.append(steps[:, :count].mean(0).reshape(-1, TILE))
    power = np.concatenate(by_place)  # [tiles, place]
    mean = power.mean(0)
    others = np.delete(mean, TILE - 1)
    print(f"{len(power)} tile sides; mean squared step at tile borders {mean[-1]:.4f}, elsewhere {others.mean():.4f}")
    print(
        f"deviation of a place {others.std():.4f}: the border is {(mean[-1] - others.mean()) / others.std():+.2f} away"
    )
    cells = mean.reshape(-1, CELL)
    cells = cells.mean(0)
    print("by place within a latent cell:", np.round(cells, 3))


def spectra(patches):
    """Log power of each patch without its ring's mean: [N, S, S / 2 + 1]."""
    side = patches.shape[1]
    window = np.hanning(side + 2)[1:-1]
    k = np.hypot(np.fft.fftfreq(side)[:, None], np.fft.rfftfreq(side)[None]) * side
    ring = np.minimum(k.round().astype(int), round(0.703 * side))
    counts = np.bincount(ring.ravel())
    log = np.empty((len(patches), *ring.shape))
    for i, x in enumerate(patches):
        power = np.abs(np.fft.rfft2((x - x.mean()) * window[:, None] * window)) ** 2
        log[i] = np.log(power + 1e-12)
        log[i] -= (np.bincount(ring.ravel(), log[i].ravel()) / counts)[ring]
    return log


def report_peaks(real, sets):
    """Prints at how many wave numbers the mean of each set (log spectra by name) is more than 3 deviations above groups
    of a tenth of the real ones."""
    side = real.shape[1]
    groups = real[: len(real) // 10 * 10].reshape(10, -1, *real.shape[1:]).mean(1)
    rest = groups[1:]
    for name, mean in {"one group of real": groups[0], **{key: x.mean(0) for key, x in sets.items()}}.items():
        z = (mean - rest.mean(0)) / (rest.std(0, ddof=1) + 1e-9)
        peaks = [
            (round(float(z[i, j]), 1), (i + side // 2) % side - side // 2, j) for i, j in np.argwhere(z > 3).tolist()
        ]
        print(
            f"{name}: {len(peaks)} of {z.size} wave numbers above 3 deviations of groups of {len(real) // 10} "
            "real patches"
        )
        print(f"  largest (deviations, ky, kx in cycles per {side} px):", sorted(peaks, reverse=True)[:8])
        excess = mean - rest.mean(0)
        step = side // CELL
        lines = [(i, j) for i in range(0, side, step) for j in range(0, side // 2 + 1, step) if (i, j) != (0, 0)]
        at = np.array([excess[i, j] for i, j in lines])
        print(
            f"  at multiples of 1/16 cycle per pixel: log power {at.mean():+.3f} (greatest {at.max():+.3f}), "
            f"elsewhere deviation {excess.std():.3f}"
        )


def lattice(folder, real_path):
    real = spectra(np.load(real_path)[:2000].astype(np.float64))
    windows = []
    for x in maps(folder):
        h, w = (s // SIDE * SIDE for s in x.shape)
        cut = x[:h, :w].reshape(h // SIDE, SIDE, w // SIDE, SIDE).transpose(0, 2, 1, 3).reshape(-1, SIDE, SIDE)
        windows.append(cut)
    ours = spectra(np.concatenate(windows))
    other = np.random.default_rng(0).permutation(len(ours))[: len(real) // 10]
    report_peaks(real, {"generated": ours[other]})
    # Long spectra resolve lines that windows of 64 px smear.
    lines = []
    for x in maps(folder):
        n = min(x.shape) // TILE * TILE
        w = np.hanning(n)
        power = np.log(np.abs(np.fft.rfft2((x[:n, :n] - x.mean()) * w[:, None] * w)) ** 2)
        step = n // CELL
        for i in range(-CELL // 2, CELL // 2 + 1):
            for j in range(0, CELL // 2 + 1):
                if (i, j) == (0, 0) or (j == 0 and i < 0):
                    continue
                row, column = i * step % n, min(j * step, n // 2)
                rows = [(row + d) % n for d in range(-6, 7)]
                near = power[rows][:, max(0, column - 6) : column + 7]
                peak = power[[(row + d) % n for d in (-1, 0, 1)]][:, max(0, column - 1) : column + 2].mean()
                lines.append((peak - near.mean(), abs(i), j))
    keys = sorted({(i, j) for _, i, j in lines})
    excess = {key: np.mean([v for v, i, j in lines if (i, j) == key]) for key in keys}
    top = sorted(((v, k) for k, v in excess.items()), reverse=True)[:6]
    print("long spectra, log power of lattice lines above their surroundings (line: multiples of 1/16 px):")
    print("  ", [(round(float(v), 2), k) for v, k in top], "expected 0 within about 0.3")


def window(whole, part, x, y):
    a, b = np.load(whole), np.load(part)
    x, y = int(x), int(y)
    same = a[y : y + b.shape[0], x : x + b.shape[1]]
    print(f"greatest difference {np.abs(same - b).max() / a.std():.2e} of the spread {a.std():.3f}")


def statistics(*folders):
    for folder in folders:
        all_maps = np.array(maps(folder))
        spread, mean = all_maps.std((1, 2)), all_maps.mean((1, 2))
        peak = np.abs(all_maps).max((1, 2))

        def five(values):
            return " ".join(f"{v:.2f}" for v in np.quantile(values, [0.05, 0.25, 0.5, 0.75, 0.95]))

        print(
            f"{folder}: {len(all_maps)} maps; spread {five(spread)}; mean {five(mean)}; "
            f"peak {five(peak)}, {peak.max():.0f}"
        )


if __name__ == "__main__":
    {"seams": seams, "lattice": lattice, "window": window, "statistics": statistics}[sys.argv[1]](*sys.argv[2:])
