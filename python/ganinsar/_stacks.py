"""Stacks of interferograms as xarray datasets."""

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import xarray


def read_stack(path: str | os.PathLike[str], layers: list[str] | None = None) -> "xarray.Dataset":
    """Opens a stack folder that `ganinsar compose` wrote, or MintPy's ifgramStack.h5.

        stack = ganinsar.read_stack("stack")
        stack.wrapped.sel(pair="20200101_20200113")      # [y, x], rad
        stack.rate                                       # [y, x], cm/yr: what the stack was made from

    Interferograms are [pair, y, x], with the coordinates `reference_date`, `secondary_date`, `days` and
    `perpendicular_baseline` (m); rows run from north to south. With a georeference, `x` and `y` are the centers of the
    pixels, and `attrs["crs"]` is the coordinate reference system (WKT). Units are in `attrs["units"]` of each array.

    - `layers`: names of the interferograms' layers, such as ["wrapped", "coherence"]; by default all.

    Needs xarray, and for HDF5 files h5py: 'pip install ganinsar[stacks]'.
    """
    place = Path(path)
    if place.is_file():
        return _mintpy(place, layers)
    if not (place / "manifest.json").exists():
        inputs = place / "inputs" / "ifgramStack.h5"
        if inputs.exists():
            return _mintpy(inputs, layers)
        raise FileNotFoundError(f"{place} is not a stack: it has no manifest.json; 'ganinsar compose' writes one")
    return _folder(place, layers)


def _folder(folder: Path, layers: list[str] | None) -> "xarray.Dataset":
    import xarray

    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    if "pairs" not in manifest:
        raise ValueError(f"{folder} is not a stack folder: its manifest.json lists no pairs")
    known = {layer["name"]: layer for layer in manifest["layers"]}
    names = list(known) if layers is None else layers
    for name in names:
        if name not in known:
            raise KeyError(f"{folder} has no layer '{name}': it has {', '.join(known)}")
    pairs = manifest["pairs"]

    variables: dict[str, Any] = {}
    for name in names:
        planes = np.stack([np.load(folder / pair["name"] / f"{name}.npy") for pair in pairs])
        variables[name] = (("pair", "y", "x"), planes, _attributes(known[name]))
    for truth in manifest["truth"]:
        file = folder / f"{truth['name']}.npy"
        if file.exists():
            variables[truth["name"]] = (("y", "x"), np.load(file), _attributes(truth))
    rows, columns = next(iter(variables.values()))[1].shape[-2:]
    coordinates = _pairs(
        [pair["referenceDate"] for pair in pairs],
        [pair["secondaryDate"] for pair in pairs],
        np.array([pair["perpendicularBaselineMeters"] for pair in pairs], float),
    )
    attributes: dict[str, Any] = {
        "sensor": manifest["sensor"],
        "wavelength_meters": manifest["geometry"]["radar"]["wavelengthMeters"],
        "sign_convention": manifest["signConvention"],
        "program": manifest.get("program", ""),
    }
    place = manifest.get("georeference")
    if place and place["geotransform"][2] == 0 == place["geotransform"][4]:
        left, width, _, top, _, height = place["geotransform"]
        coordinates |= _axes(left, width, columns, top, height, rows)
        attributes["crs"] = place["crsWKT"]
    return xarray.Dataset(variables, coordinates, attributes)


def _mintpy(file: Path, layers: list[str] | None) -> "xarray.Dataset":
    import h5py
    import xarray

    names = {"unwrapPhase": "unwrapped", "wrapPhase": "wrapped", "coherence": "coherence"}
    units = {"unwrapped": "rad", "wrapped": "rad", "coherence": "1"}
    with h5py.File(file) as stack:
        if "date" not in stack:
            raise ValueError(f"{file} is not MintPy's ifgramStack.h5: it has no dataset 'date'")
        used = np.flatnonzero(stack["dropIfgram"][:]) if "dropIfgram" in stack else slice(None)
        dates = stack["date"][used].astype("U8")
        variables: dict[str, Any] = {}
        for key, name in names.items():
            if key in stack and (layers is None or name in layers):
                planes = stack[key][used].astype(np.float32)
                if name != "coherence":
                    planes[planes == 0] = np.nan  # MintPy's "no data"
                variables[name] = (("pair", "y", "x"), planes, {"units": units[name]})
        attributes = {key: _text(value) for key, value in stack.attrs.items()}
        baselines = stack["bperp"][used].astype(float) if "bperp" in stack else np.full(len(dates), np.nan)
    missing = [name for name in layers or [] if name not in variables]
    if missing:
        raise KeyError(f"{file} has no layer '{missing[0]}'")
    coordinates = _pairs(dates[:, 0].tolist(), dates[:, 1].tolist(), baselines)
    if variables and all(key in attributes for key in ("X_FIRST", "X_STEP", "Y_FIRST", "Y_STEP")):
        rows, columns = next(iter(variables.values()))[1].shape[-2:]
        left, width, top, height = (float(attributes[key]) for key in ("X_FIRST", "X_STEP", "Y_FIRST", "Y_STEP"))
        coordinates |= _axes(left, width, columns, top, height, rows)
    return xarray.Dataset(variables, coordinates, attributes)


def _pairs(references: list[str], secondaries: list[str], baselines: "np.typing.NDArray[Any]") -> dict[str, Any]:
    first, second = _dates(references), _dates(secondaries)
    names = [f"{a.replace('-', '')}_{b.replace('-', '')}" for a, b in zip(first.astype(str), second.astype(str))]
    return {
        "pair": names,
        "reference_date": ("pair", first.astype("datetime64[ns]")),
        "secondary_date": ("pair", second.astype("datetime64[ns]")),
        "days": ("pair", (second - first).astype(int)),
        "perpendicular_baseline": ("pair", baselines, {"units": "m"}),
    }


def _dates(texts: list[str]) -> "np.typing.NDArray[np.datetime64]":
    """YYYYMMDD, with or without hyphens."""
    plain = [text.replace("-", "")[:8] for text in texts]
    return np.array([f"{text[:4]}-{text[4:6]}-{text[6:]}" for text in plain], "datetime64[D]")


def _axes(left: float, width: float, columns: int, top: float, height: float, rows: int) -> dict[str, Any]:
    return {
        "x": ("x", left + width * (np.arange(columns) + 0.5)),
        "y": ("y", top + height * (np.arange(rows) + 0.5)),
    }


def _attributes(layer: dict[str, str]) -> dict[str, str]:
    return {"units": layer["unit"], "long_name": layer["meaning"]}


def _text(value: Any) -> str:  # noqa: ANN401 (what HDF5 holds)
    return value.decode() if isinstance(value, bytes) else str(value)
