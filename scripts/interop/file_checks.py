"""Reads files of every format with the programs that define it."""

import io
import json
import tarfile

import h5py
import numpy as np
import rasterio
import xarray
import zarr
from mintpy.utils import readfile
from tools import ganinsar, step
from tools import run as run_program

COMPONENTS = ["deformation", "topographic_error", "turbulence", "stratification", "orbital_ramp", "decorrelation"]


def compose_stack(work):
    """A georeferenced stack with all components, and a rate map with a hole."""
    ganinsar(
        "simulate",
        "mixed",
        "-o",
        work / "place",
        "--size",
        "128",
        "--pixel-size",
        "60",
        "--seed",
        "8",
        "--format",
        "tif",
    )
    rate = next((work / "place").glob("*.tif"))
    with rasterio.open(rate) as source:
        values, profile = source.read(1), source.profile
        tags, band_unit = source.tags(), source.units[0]
    values[40:50, 60:80] = np.nan
    with rasterio.open(work / "holed.tif", "w", **profile) as target:
        target.write(values, 1)
        target.update_tags(**tags)
        target.units = (band_unit,)
    height, width = values.shape
    dem = 300 + 200 * np.sin(np.mgrid[:height, :width][1] / 20)
    np.save(work / "dem.npy", dem.astype(np.float32))
    arguments = [
        "compose",
        work / "holed.tif",
        "--dem",
        work / "dem.npy",
        "--seed",
        "8",
        "--set",
        f"model.components=[{', '.join(COMPONENTS)}]",
        "--set",
        "network.count=5",
    ]
    ganinsar(*arguments, "-o", work / "files", "--format", "mintpy,licsbas,geotiff,isce,roipac")
    return work / "files", arguments


def same(a, b, tolerance=0.0):
    """Whether two planes are equal, including no data."""
    a, b = np.asarray(a, np.float64), np.asarray(b, np.float64)
    return np.array_equal(np.isnan(a), np.isnan(b)) and np.nanmax(np.abs(a - b)) <= tolerance


def check_stack(stack, report):
    manifest = json.loads((stack / "manifest.json").read_text())
    pair = manifest["pairs"][1]["name"]
    layers = {layer["name"]: np.load(stack / pair / f"{layer['name']}.npy") for layer in manifest["layers"]}
    unwrapped, coherence = layers["unwrapped"], layers["coherence"]
    total = sum(layers[name] for name in COMPONENTS)
    report.add(
        "components add up to the unwrapped phase, largest difference",
        f"{np.nanmax(np.abs(total - unwrapped)):.1e} rad",
        "< 1e-3",
        same(total, unwrapped, 1e-3),
    )
    exact = np.exp(1j * unwrapped.astype(np.float64))
    turned = np.nanmax(np.abs(np.angle(exact * np.exp(-1j * layers["wrapped"].astype(np.float64)))))
    report.add(
        "wrapped and unwrapped phase differ by whole turns, largest remainder",
        f"{turned:.1e} rad",
        "< 1e-4",
        turned < 1e-4,
    )

    path = stack / "geotiff" / pair / "unwrapped.tif"
    info = run_program("rio", "info", path)
    description = json.loads(info)
    passed = (
        description["crs"] == "EPSG:32633"
        and np.isnan(float(description["nodata"]))
        and description["units"] == ["rad"]
    )
    report.add(
        "GeoTIFF in `rio info`: CRS, no data, unit",
        f"{description['crs']}, {description['nodata']}, {description['units'][0]}",
        "EPSG:32633, nan, rad",
        passed,
    )
    gdalinfo_check(path, report)
    with rasterio.open(path) as source:
        report.add(
            "GeoTIFF values by rasterio",
            "equal" if same(source.read(1), unwrapped) else "differ",
            "equal",
            same(source.read(1), unwrapped),
        )

    zeroed = np.nan_to_num(unwrapped, nan=0)
    for name, file in [
        ("ISCE", stack / "isce" / pair / "filt_fine.unw"),
        ("ROI_PAC", stack / "roipac" / f"{pair}.unw"),
    ]:
        phase, attributes = readfile.read(str(file), datasetName="phase")
        passed = same(phase, zeroed) and attributes["WIDTH"] == str(unwrapped.shape[1])
        report.add(f"{name} `.unw` by MintPy's readfile", "equal" if passed else "differ", "equal", passed)
    with rasterio.open(stack / "isce" / pair / "filt_fine.int") as source:
        angle = np.angle(source.read(1))
        difference = np.nanmax(np.abs(np.angle(np.exp(1j * (angle - layers["wrapped"])))))
        report.add(
            "ISCE `.int` by GDAL, largest difference in phase", f"{difference:.1e} rad", "< 1e-5", difference < 1e-5
        )

    folder = stack / "licsbas/GEOCml1"
    phase = np.fromfile(folder / pair / f"{pair}.unw", "<f4").reshape(unwrapped.shape)
    bytes_ = np.fromfile(folder / pair / f"{pair}.cc", np.uint8).reshape(unwrapped.shape)
    passed = same(phase, unwrapped) and np.abs(bytes_ / 255 - coherence).max() <= 0.5 / 255 + 1e-6
    report.add("LiCSBAS `.unw` and `.cc` by NumPy", "equal" if passed else "differ", "equal", passed)

    with h5py.File(stack / "mintpy/inputs/ifgramStack.h5") as f:
        passed = same(f["unwrapPhase"][1], zeroed) and same(f["coherence"][1], coherence)
        report.add("MintPy `ifgramStack.h5` by h5py", "equal" if passed else "differ", "equal", passed)


def gdalinfo_check(path, report):
    try:
        text = run_program("gdalinfo", path)
    except FileNotFoundError:
        return
    passed = all(word in text for word in ["WGS 84 / UTM zone 33N", "Unit Type: rad", "NoData Value=nan"])
    report.add(
        "GeoTIFF in `gdalinfo`", "CRS, unit and no data stated" if passed else "incomplete", "all stated", passed
    )


def check_samples(work, arguments, stack, report):
    folders = {}
    for name in ["webdataset", "zarr", "hdf5", "npy"]:
        folders[name] = work / f"samples-{name}"
        # Written by two processes, in shards of a few samples.
        for share in ["1/2", "0/2"]:
            ganinsar(*arguments, "-o", folders[name], "--samples", name, "--shard", share, "--shard-size", "2")
    pairs = json.loads((stack / "manifest.json").read_text())["pairs"]
    expected = np.stack([np.load(stack / pair["name"] / "wrapped.npy") for pair in pairs])

    found, keys = [], []
    for shard in sorted(folders["webdataset"].glob("*.tar")):
        with tarfile.open(shard) as tar:
            for member in tar:
                if member.name.endswith(".wrapped.npy"):
                    found.append(np.load(io.BytesIO(tar.extractfile(member).read())))
                elif member.name.endswith(".json"):
                    keys.append(json.loads(tar.extractfile(member).read())["pair"])
    shards = len(list(folders["webdataset"].glob("*.tar")))
    passed = same(np.stack(found), expected) and keys == [pair["name"] for pair in pairs]
    report.add(
        f"WebDataset by tarfile and NumPy ({shards} shards by 2 processes)",
        "equal" if passed else "differ",
        "equal",
        passed,
    )

    store = zarr.open_group(folders["zarr"], mode="r")
    metadata = json.loads(store["metadata"][:][2])
    passed = same(store["wrapped"][:], expected) and metadata["pair"] == pairs[2]["name"]
    report.add("Zarr by zarr", "equal" if passed else "differ", "equal", passed)
    dataset = xarray.open_zarr(folders["zarr"])
    passed = same(dataset.wrapped.values, expected) and dataset.wrapped.attrs["units"] == "rad"
    report.add("Zarr by xarray", f"{dict(dataset.sizes)}", "equal", passed)

    found = []
    for shard in sorted(folders["hdf5"].glob("*.h5")):
        with h5py.File(shard) as f:
            found.append(f["wrapped"][:])
            names = [json.loads(text)["pair"] for text in f["metadata"][:]]
    passed = same(np.concatenate(found), expected) and names[-1] == pairs[-1]["name"]
    report.add("HDF5 by h5py", "equal" if passed else "differ", "equal", passed)
    found = [np.load(shard / "wrapped.npy", mmap_mode="r") for shard in sorted(folders["npy"].glob("shard-*"))]
    passed = same(np.concatenate(found), expected)
    report.add("npy shards by NumPy", "equal" if passed else "differ", "equal", passed)


def run(work, report):
    step("files of every format")
    stack, arguments = compose_stack(work)
    report.group("Files", "A stack with every component and a hole in the rate map.")
    check_stack(stack, report)
    report.group(
        "Samples for machine learning", "The same interferograms; all are compared with the stack's `.npy` files."
    )
    check_samples(work, arguments, stack, report)
