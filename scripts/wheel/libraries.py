"""The libraries that the wheel carries: GDAL, PROJ, HDF5 and what they need, from a pinned wheel."""

import shutil
import subprocess
import zipfile
from dataclasses import dataclass
from pathlib import Path

from wheel.building import Failure, find_python


@dataclass(frozen=True)
class Libraries:
    """An unpacked folder with lib/, gdal-data/, proj-data/, licenses/ and pkgconfig/."""

    folder: Path

    @property
    def lib(self) -> Path:
        return self.folder / "lib"

    @property
    def pkgconfig(self) -> Path:
        return self.folder / "pkgconfig"

    def files(self) -> list[Path]:
        """The libraries, without the links that only a build needs."""
        return sorted(file for file in self.lib.iterdir() if not file.is_symlink())


# Tables that only formats use which the program does not open (docs/decisions/0015-foreign-files.md).
UNUSED_TABLES = ("grib2_", "pds4", "nitf", "GDALLogo", "gdalicon", "netcdf_config", "tms_", "vicar", "ozi", "pci")


def fetch_libraries(root: Path) -> Libraries:
    """Downloads and unpacks them into .deps/wheel-libraries, once."""
    pins = root / "scripts/wheel/libraries.txt"
    place = root / ".deps" / "wheel-libraries"
    libraries = Libraries(place)
    if not (place / "libraries.txt").exists() or (place / "libraries.txt").read_text() != pins.read_text():
        _fetch(pins, place)
    _write_pkgconfig(libraries)
    return libraries


def _fetch(pins: Path, place: Path) -> None:
    part = place.with_name(place.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    (part / "download").mkdir(parents=True)
    print("wheel: downloading GDAL and HDF5 (36 MB)", flush=True)
    done = subprocess.run(
        [find_python(), "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-cache-dir"]
        + [
            "--no-deps",
            "--require-hashes",
            "--only-binary=:all:",
            "--python-version=3.12",
            "--implementation=cp",
            "--abi=cp312",
        ]
        + ["--platform=manylinux_2_28_x86_64", "-d", str(part / "download"), "-r", str(pins)],
        check=False,
    )
    archives = list((part / "download").glob("*.whl"))
    if done.returncode != 0 or len(archives) != 1:
        raise Failure("cannot download them (pip's message is above): check the network, then run this again.")
    _unpack(archives[0], part)
    shutil.rmtree(part / "download")
    shutil.copy(pins, part / "libraries.txt")  # last: a folder without it is not used
    shutil.rmtree(place, ignore_errors=True)
    part.rename(place)


def _unpack(archive: Path, folder: Path) -> None:
    places = {"rasterio.libs/": "lib", "rasterio/gdal_data/": "gdal-data", "rasterio/proj_data/": "proj-data"}
    with zipfile.ZipFile(archive) as wheel:
        for name in wheel.namelist():
            place = next((place for prefix, place in places.items() if name.startswith(prefix)), None)
            if "/licenses/" in name or (name.startswith("rasterio-") and "LICENSE" in name):
                place = "licenses"
            file = Path(name).name
            if place is None or name.endswith("/") or file.startswith(UNUSED_TABLES):
                continue
            target = folder / place / file
            target.parent.mkdir(exist_ok=True)
            target.write_bytes(wheel.read(name))
    for name, pattern in (("gdal", "libgdal-*"), ("hdf5", "libhdf5-*")):
        found = sorted((folder / "lib").glob(pattern))
        if len(found) != 1:
            raise Failure(f"{archive.name} holds no {name}: libraries.txt names another wheel than this script knows")
        (folder / "lib" / f"lib{name}.so").symlink_to(found[0].name)


def _write_pkgconfig(libraries: Libraries) -> None:
    """What SwiftPM asks for: our libraries, with the headers of the system's GDAL and HDF5."""
    libraries.pkgconfig.mkdir(exist_ok=True)
    for name in ("gdal", "hdf5"):
        flags = _output("pkg-config", "--cflags-only-I", name)
        if flags is None:
            raise Failure(f"there are no headers of {name}: run scripts/setup.sh first")
        (libraries.pkgconfig / f"{name}.pc").write_text(
            f"Name: {name}\nDescription: of the wheel\nVersion: 1\nCflags: {flags}\nLibs: -L{libraries.lib} -l{name}\n",
            encoding="utf-8",
        )


def _output(*command: str) -> str | None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout.strip() if done.returncode == 0 else None
