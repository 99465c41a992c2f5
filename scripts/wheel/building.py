"""Building the programs that the wheel carries."""

import os
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wheel.libraries import Libraries


class Failure(Exception):
    """What went wrong, and what to do next."""


@dataclass(frozen=True)
class Programs:
    """Both programs, and Swift's libraries that they need."""

    light: Path
    torch: Path
    swift: list[Path]
    #: The Swift packages that are linked in, with their licenses.
    packages: Path


PRODUCTS = ("ganinsar", "ganinsar-torch")


def build(root: Path, libraries: "Libraries") -> Programs:
    """An optimized build in .build-wheel, without cairo."""
    variables = dict(os.environ)
    variables["PKG_CONFIG_PATH"] = str(libraries.pkgconfig)
    variables["GANINSAR_COMMIT"] = output(root, str(root / "scripts/commit.sh"))
    # Without the path of this machine's Swift in it, a program takes Swift's libraries from its own folder only.
    options = ["-c", "release", "--disable-default-traits", "--traits", "GDAL", "--scratch-path", ".build-wheel"]
    options += ["-Xswiftc", "-no-toolchain-stdlib-rpath", *hdf5_names(root)]
    for product in PRODUCTS:
        done = subprocess.run(["swift", "build", *options, "--product", product], cwd=root, env=variables, check=False)
        if done.returncode != 0:
            raise Failure("the build failed (its messages are above); run scripts/setup.sh if something is missing.")
    folder = Path(output(root, "swift", "build", *options, "--show-bin-path", variables=variables))
    return built(root, folder, root / ".build-wheel/checkouts")


def built(root: Path, folder: Path, packages: Path) -> Programs:
    """The programs of a folder."""
    light, torch = (folder / product for product in PRODUCTS)
    for file in (light, torch):
        if not file.exists():
            raise Failure(f"{file} does not exist: run 'make build'")
    return Programs(light, torch, swift_libraries(root, [light, torch]), packages)


def hdf5_names(root: Path) -> list[str]:
    """Options for the headers of HDF5 before 1.12, which name functions that newer libraries have under a new name."""
    flags = output(root, "pkg-config", "--cflags-only-I", "hdf5").split()
    folders = [Path(flag.removeprefix("-I")) for flag in flags] or [Path("/usr/include")]
    header = next((folder / "H5public.h" for folder in folders if (folder / "H5public.h").exists()), None)
    if header is None:
        raise Failure("there is no H5public.h: run scripts/setup.sh first")
    text = header.read_text(encoding="utf-8")
    major, minor = (
        int(match[1]) if (match := re.search(rf"#define H5_VERS_{part}\s+(\d+)", text)) else 0
        for part in ("MAJOR", "MINOR")
    )
    if (major, minor) >= (1, 12):
        return []
    return [word for name in ("H5Literate=H5Literate1", "H5Oget_info=H5Oget_info1") for word in ("-Xcc", f"-D{name}")]


def swift_libraries(root: Path, programs: list[Path]) -> list[Path]:
    """Those of the toolchain that the programs load."""
    runtime = re.search(r'"([^"]*/linux)"', output(root, "swiftc", "-print-target-info"))
    if runtime is None:
        raise Failure("'swiftc -print-target-info' names no folder of Swift's libraries")
    folder = Path(runtime[1])
    found: set[Path] = set()
    waiting = list(programs)
    while waiting:
        for name in needed(waiting.pop()):
            file = folder / name
            if file.exists() and file not in found:
                found.add(file)
                waiting.append(file)
    return sorted(found)


def needed(file: Path) -> list[str]:
    """The names of the libraries that a file loads."""
    text = output(file.parent, "readelf", "-d", str(file))
    return re.findall(r"NEEDED.*\[(.*)\]", text)


def output(folder: Path, *command: str, variables: dict[str, str] | None = None) -> str:
    """What a command prints. Raises `Failure`."""
    try:
        done = subprocess.run(command, cwd=folder, env=variables, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        raise Failure(f"'{command[0]}' is not installed") from None
    if done.returncode != 0:
        raise Failure(f"'{' '.join(command)}' failed: {done.stderr.strip()}")
    return done.stdout.strip()


def find_python() -> str:
    """The first python3 with pip."""
    for candidate in ("python3", "/usr/bin/python3"):
        probe = subprocess.run([candidate, "-c", "import pip, venv"], capture_output=True, check=False)
        if probe.returncode == 0:
            return candidate
    raise Failure("no python3 with pip and venv: install python3-pip and python3-venv")
