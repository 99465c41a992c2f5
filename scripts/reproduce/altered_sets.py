#!/usr/bin/env python3
"""Sets that show what a FID between real patches and a model's maps is made of.

    python3 scripts/reproduce/altered_sets.py REAL.npy MAPS OUT       # needs numpy and scipy
    ganinsar evaluate --real REAL.npy --set NAME=OUT/NAME.npy ... -o FOLDER --count 1000 --unit cm/yr

REAL.npy holds 2,000 real patches [2000, S, S]; the first half is the reference, the second is altered.
MAPS is a folder of 1,000 generated .npy maps. Rates in cm/yr throughout. The sets:

  signs4, signs8    real, the signs of cosine coefficients under 4 and 8 px of wavelength drawn anew
  smooth            real, smoothed by 0.6 px
  real-real4        real, its structure under 4 px from another real patch of like amplitude
  real-model4       real, its structure under 4 px from the map of the same rank in amplitude
  model-real4       maps, theirs from the real patch of the same rank
  mean              maps with the mean of the real patch of the same rank
  mean-spread       and with its spread
  spread-drawn      maps drawn again, so that spreads are as often as among real patches
"""

import glob
import os
import sys

import numpy as np
from scipy.fft import dctn, idctn
from scipy.ndimage import gaussian_filter


def spectrum(patches: np.ndarray) -> np.ndarray:
    return dctn(patches, axes=(1, 2), norm="ortho")


def image(coefficients: np.ndarray) -> np.ndarray:
    return idctn(coefficients, axes=(1, 2), norm="ortho")


def by_rank(of: np.ndarray, among: np.ndarray) -> np.ndarray:
    """For each of `of`, the sorted value of `among` at its rank."""
    return np.sort(among)[np.argsort(np.argsort(of))]


def main(real_file: str, maps_folder: str, out: str) -> None:
    reference, real = np.split(np.load(real_file).astype(float), 2)
    files = sorted(glob.glob(f"{maps_folder}/*.npy"))
    if len(files) != len(real):
        sys.exit(f"{maps_folder} holds {len(files)} .npy maps; give {len(real)}, half of {real_file}.")
    maps = np.stack([np.load(f) for f in files]).reshape(real.shape).astype(float)
    size = real.shape[1]
    wave_number = np.hypot(*np.mgrid[:size, :size])  # in half cycles a patch: the wavelength is 2 size / k
    random = np.random.default_rng(0)

    sets = {"smooth": np.stack([gaussian_filter(patch, 0.6) for patch in real])}
    real_spectrum, map_spectrum = spectrum(real), spectrum(maps)
    for pixels in (4, 8):
        fine = wave_number >= 2 * size / pixels
        signs = np.where(random.random(real.shape) < 0.5, -1, 1)
        sets[f"signs{pixels}"] = image(np.where(fine, real_spectrum * signs, real_spectrum))

    fine = wave_number >= 2 * size / 4
    real_fine, map_fine = np.where(fine, real_spectrum, 0), np.where(fine, map_spectrum, 0)
    order, map_order = np.argsort(real_fine.std((1, 2))), np.argsort(map_fine.std((1, 2)))
    neighbour = order.copy()
    neighbour[0::2], neighbour[1::2] = order[1::2], order[0::2]
    for name, base, base_order, other in (
        ("real-real4", real_spectrum - real_fine, order, real_fine[neighbour]),
        ("real-model4", real_spectrum - real_fine, order, map_fine[map_order]),
        ("model-real4", map_spectrum - map_fine, map_order, real_fine[order]),
    ):
        base[base_order] += other
        sets[name] = image(base)

    mean, spread = maps.mean((1, 2)), maps.std((1, 2))
    level = by_rank(mean, reference.mean((1, 2)))[:, None, None]
    gain = by_rank(spread, reference.std((1, 2))) / np.maximum(spread, 1e-3)
    centred = maps - mean[:, None, None]
    sets["mean"] = centred + level
    sets["mean-spread"] = centred * gain[:, None, None] + level

    def distance(target: float) -> np.ndarray:
        return np.abs(np.log(spread + 0.01) - np.log(target + 0.01))

    random = np.random.default_rng(0)
    sets["spread-drawn"] = maps[[random.choice(np.argsort(distance(target))[:8]) for target in reference.std((1, 2))]]
    os.makedirs(out, exist_ok=True)
    for name, patches in sets.items():
        np.save(f"{out}/{name}.npy", patches.astype(np.float32))
        print(f"{out}/{name}.npy")


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
