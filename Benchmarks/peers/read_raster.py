"""A rate map to .npy in cm/yr, NaN where there is no data: `read_raster.py FILE OUT.npy`.

GeoTIFF (mm/yr) with rasterio, MintPy's velocity.h5 (m/yr) with h5py.
"""

import sys

import numpy as np


def main() -> None:
    source, target = sys.argv[1:3]
    if source.endswith(".tif"):
        import rasterio

        with rasterio.open(source) as file:
            values = file.read(1, masked=True).filled(np.nan) / 10
    else:
        import h5py

        with h5py.File(source) as file:
            values = file["velocity"][:] * 100
    np.save(target, values.astype(np.float32))


if __name__ == "__main__":
    main()
