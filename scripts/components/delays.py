"""Delays of single dates from a stack of unwrapped interferograms.

    python scripts/components/delays.py FOLDER OUT

FOLDER holds GeoTIFFs of unwrapped phase in rad, named *YYYYMMDD-YYYYMMDD*unw.tif, all over one grid, such as PyRate's
tests/test_data/cropA/geotiffs (Apache-2.0; Sentinel-1, Mexico City). Each interferogram loses its plane (orbit
errors). The network is inverted for dates by least squares of minimum norm in the pixels that all
interferograms have; each pixel then loses its mean and its linear trend in time, which is the motion. What is left is
the delay of each date, less the part that looks like an offset or a trend. OUT/delay_YYYYMMDD.tif are in m, positive
where the delay is longer. Needs numpy and rasterio.
"""

import argparse
import re
from datetime import date
from pathlib import Path

import numpy as np
import rasterio


def without_plane(values):
    """The values less their best plane; NaN stays."""
    rows, columns = np.mgrid[: values.shape[0], : values.shape[1]]
    valid = np.isfinite(values)
    design = np.c_[rows[valid], columns[valid], np.ones(valid.sum())]
    result = values.copy()
    result[valid] -= design @ np.linalg.lstsq(design, values[valid], rcond=None)[0]
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("output", type=Path)
    parser.add_argument("--wavelength", type=float, default=0.0555, help="in m, where files state none")
    arguments = parser.parse_args()
    arguments.output.mkdir(parents=True, exist_ok=True)
    names, phases = [], []
    for path in sorted(arguments.folder.glob("*unw.tif")):
        names.append(re.search(r"(\d{8})-(\d{8})", path.name).groups())
        with rasterio.open(path) as file:
            phase = file.read(1).astype(float)
            wavelength = float(file.tags().get("WAVELENGTH_METRES", arguments.wavelength))
            place = {"transform": file.transform, "crs": file.crs}
        phase[phase == 0] = np.nan
        phases.append(without_plane(phase))
    dates = sorted({name for pair in names for name in pair})
    network = np.zeros((len(names), len(dates)))
    for row, (reference, secondary) in enumerate(names):
        network[row, dates.index(reference)], network[row, dates.index(secondary)] = -1, 1
    height, width = phases[0].shape
    flat = np.reshape(phases, (len(names), -1))
    whole = np.isfinite(flat).all(0)
    series = np.full((len(dates), height * width), np.nan)
    series[:, whole] = np.linalg.pinv(network) @ flat[:, whole]
    misfit = network @ series[:, whole] - flat[:, whole]
    print(f"rms misfit of the network: {np.sqrt(np.mean(misfit**2)):.3f} rad")
    days = np.array([date.fromisoformat(f"{d[:4]}-{d[4:6]}-{d[6:]}").toordinal() for d in dates], float)
    design = np.c_[np.ones(len(dates)), (days - days.mean()) / 365.25]
    series[:, whole] -= design @ np.linalg.lstsq(design, series[:, whole], rcond=None)[0]
    delays = series.reshape(len(dates), height, width) * wavelength / (4 * np.pi)
    for name, delay in zip(dates, delays):
        delay = delay - np.nanmedian(delay)
        print(f"{name}: rms {100 * np.nanstd(delay):.2f} cm")
        with rasterio.open(
            arguments.output / f"delay_{name}.tif",
            "w",
            driver="GTiff",
            width=width,
            height=height,
            count=1,
            dtype="float32",
            nodata=np.nan,
            **place,
        ) as file:
            file.write(delay.astype("float32"), 1)
            file.set_band_unit(1, "m")


main()
