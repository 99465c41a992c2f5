"""Reads a stack of interferograms with xarray and with rasterio, and estimates the rate by stacking.

ganinsar generate -o map --count 1 --size 128 --format tif --like SCENE.tif
ganinsar compose map/sample-00000000.tif -o stack --seed 1 --format geotiff
python read_stack.py stack
"""

import sys
from pathlib import Path

import ganinsar
import numpy as np
import rasterio


def main():
    folder = Path(sys.argv[1])
    stack = ganinsar.read_stack(folder)
    print(f"{stack.sizes['pair']} interferograms of {stack.sizes['x']} x {stack.sizes['y']} px")
    print(f"{stack.reference_date.min().values:.10} to {stack.secondary_date.max().values:.10}")

    # The rate by stacking: the phases' sum over the time's, in cm/yr, relative to the mean.
    per_radian = -100 * stack.attrs["wavelength_meters"] / (4 * np.pi)
    years = stack.days / 365.25
    estimate = per_radian * (stack.unwrapped * years).sum("pair") / (years**2).sum("pair")
    truth, estimate = stack.rate - stack.rate.mean(), estimate - estimate.mean()
    correlation = np.corrcoef(truth.values.ravel(), estimate.values.ravel())[0, 1]
    print(f"rate by stacking: correlation {correlation:.2f} with the truth")

    # The same phase as a GeoTIFF.
    pair = str(stack.pair[0].values)
    with rasterio.open(folder / "geotiff" / pair / "unwrapped.tif") as raster:
        phase = raster.read(1)
        print(f"{pair}: pixel of {raster.res[0]:g} x {raster.res[1]:g}, band unit {raster.units[0]}")
    assert np.array_equal(phase, stack.unwrapped.sel(pair=pair), equal_nan=True)


if __name__ == "__main__":
    main()
