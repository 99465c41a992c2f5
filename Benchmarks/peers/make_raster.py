"""One rate map in mm/yr as a GeoTIFF and as MintPy's velocity.h5: `make_raster.py FOLDER SIZE`."""

import sys
from pathlib import Path

import h5py
import numpy as np
import rasterio
from rasterio.transform import from_origin


def main() -> None:
    folder, size = Path(sys.argv[1]), int(sys.argv[2])
    random = np.random.default_rng(0)
    y, x = np.mgrid[:size, :size].astype(np.float32) / size
    rate = (40 * np.sin(9 * x) * np.cos(7 * y) + random.standard_normal((size, size))).astype("f4")
    hole = (x - 0.5) ** 2 + (y - 0.5) ** 2 < 0.01
    rate[hole] = -9999
    with rasterio.open(
        folder / f"{size}.tif",
        "w",
        driver="GTiff",
        width=size,
        height=size,
        count=1,
        nodata=-9999,
        dtype="float32",
        crs="EPSG:4326",
        transform=from_origin(14, 41, 1e-3, 1e-3),
    ) as file:
        file.write(rate, 1)
        file.update_tags(UNIT="mm/yr")
    rate[hole] = np.nan
    with h5py.File(folder / f"{size}.h5", "w") as file:
        file["velocity"] = rate / 1000
        file.attrs.update(
            {
                "FILE_TYPE": "velocity",
                "UNIT": "m/year",
                "LENGTH": str(size),
                "WIDTH": str(size),
                "X_FIRST": "14",
                "Y_FIRST": "41",
                "X_STEP": "0.001",
                "Y_STEP": "-0.001",
                "X_UNIT": "degrees",
                "Y_UNIT": "degrees",
                "WAVELENGTH": "0.0554658",
            }
        )


if __name__ == "__main__":
    main()
