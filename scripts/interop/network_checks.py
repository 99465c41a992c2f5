"""Applies the network that ships to stacks in the layouts of other programs, and reads its results with them."""

import h5py
import numpy as np
import rasterio
from mintpy.utils import readfile
from tools import ganinsar, step

TURN = 2 * np.pi


def remainder(unwrapped, wrapped):
    """By how much two phases differ beyond whole turns, where both have data."""
    valid = np.isfinite(wrapped) & (np.nan_to_num(unwrapped) != 0)
    turns = (unwrapped[valid].astype(np.float64) - wrapped[valid]) / TURN
    missing = np.isfinite(wrapped).mean() - valid.mean()
    return np.abs(turns - np.round(turns)).max() * TURN, missing


def band(path, number=1):
    with rasterio.open(path) as source:
        return source.read(number)


def run(work, report):
    step("network apply")
    stack = work / "files"
    report.group(
        "`network apply`",
        "The stack of the group before, filtered and unwrapped with the network that ships. Required is that the "
        "program of each layout reads the result, with every pixel, and that it is the input plus whole turns.",
    )
    pairs = sorted(path.name for path in (stack / "isce").iterdir())
    pair = pairs[1]
    wrapped = np.load(stack / pair / "wrapped.npy").astype(np.float64)
    out = work / "network"

    def check(name, unwrapped):
        difference, missing = remainder(np.asarray(unwrapped), wrapped)
        passed = difference < 1e-4 and missing == 0
        report.add(name, f"{difference:.1e} rad, {missing:.0%} missing", "< 1e-4 rad, 0% missing", passed)

    inputs = [stack / "isce" / pair / "filt_fine.int" for pair in pairs]
    ganinsar("network", "apply", *inputs, "-o", out / "isce")
    name = out / "isce" / pair / "filt_fine.unw"
    check("ISCE `.unw.vrt` by rasterio", band(f"{name}.vrt", 2))
    check("ISCE `.unw` with `.xml` by GDAL's ISCE driver", band(name, 2))
    check("ISCE `.unw` by MintPy's readfile", readfile.read(str(name), datasetName="phase")[0])
    regions = readfile.read(f"{name}.conncomp")[0]
    report.add("ISCE `.unw.conncomp` by MintPy's readfile", regions.dtype, "uint8", regions.dtype == np.uint8)

    ganinsar("network", "apply", stack / "roipac" / f"{pair}.int", "-o", out / "roipac")
    name = out / "roipac" / f"{pair}.unw"
    check("ROI_PAC `.unw` by GDAL's ROI_PAC driver", band(name, 2))
    check("ROI_PAC `.unw` by MintPy's readfile", readfile.read(str(name), datasetName="phase")[0])

    ganinsar("network", "apply", stack / "licsbas" / "GEOCml1", "-o", out / "licsbas")
    phase = np.fromfile(out / "licsbas" / pair / f"{pair}.unw", "<f4").reshape(wrapped.shape)
    check("LiCSBAS `.unw` by NumPy", phase)

    ganinsar("network", "apply", stack / "mintpy" / "inputs" / "ifgramStack.h5", "-o", out / "mintpy")
    with h5py.File(out / "mintpy" / "ifgramStack.h5") as file:
        dates = [b"_".join(row).decode() for row in file["date"][:]]
        check("MintPy `ifgramStack.h5` by h5py", file["unwrapPhase"][dates.index(pair)])
