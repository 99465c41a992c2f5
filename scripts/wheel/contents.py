"""What a wheel has to hold, looked up in the file itself."""

import base64
import csv
import hashlib
import zipfile
from pathlib import Path

from wheel.building import Failure

LARGEST = 64_000_000
PROGRAM = "ganinsar/_program"
#: Start the program; the others are data.
EXECUTABLE = (f"{PROGRAM}/lib/ganinsar", f"{PROGRAM}/lib/ganinsar-torch", f"{PROGRAM}/lib/ganinsar-torch-program")


def check_contents(root: Path, wheel: Path) -> str:
    """Checks names, checksums, modes and size of a wheel. Returns a line that says so."""
    with zipfile.ZipFile(wheel) as archive:
        modes = {entry.filename: entry.external_attr >> 16 & 0o777 for entry in archive.infolist()}
        information = next((name.split("/")[0] for name in modes if name.endswith(".dist-info/RECORD")), None)
        if information is None:
            raise Failure(f"{wheel.name} has no RECORD")
        for name in (*expected(root), *(f"{information}/{name}" for name in INFORMATION)):
            if name not in modes:
                raise Failure(f"{wheel.name} lacks {name}")
        for name in EXECUTABLE:
            if modes[name] != 0o755:
                raise Failure(f"{name} of {wheel.name} cannot be executed")
        if not any("libswiftCore" in name for name in modes) or not any("libgdal" in name for name in modes):
            raise Failure(f"{wheel.name} lacks Swift's libraries or GDAL")
        if not any(name.startswith(f"{information}/licenses/swift-") for name in modes):
            raise Failure(f"{wheel.name} lacks the licenses of the Swift packages")
        record = list(csv.reader(archive.read(f"{information}/RECORD").decode().splitlines()))
        if [row[0] for row in record] != list(modes):
            raise Failure(f"RECORD of {wheel.name} does not list its files")
        for name, digest, size in record[:-1]:
            content = archive.read(name)
            found = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
            if (digest, size) != (f"sha256={found}", str(len(content))):
                raise Failure(f"{name} of {wheel.name} differs from its checksum")
    size = wheel.stat().st_size
    if size > LARGEST:
        raise Failure(f"{wheel.name} has {size / 1e6:.1f} MB, and at most {LARGEST / 1e6:.0f} are allowed")
    return f"{wheel} ({size / 1e6:.1f} MB, {len(modes)} files)"


INFORMATION = ("METADATA", "WHEEL", "entry_points.txt", "licenses/LICENSE", "licenses/NOTICE.txt")


def expected(root: Path) -> list[str]:
    """The Python package, the programs, and all models and settings files of this checkout."""
    package = [f"ganinsar/{file.name}" for file in (root / "python/ganinsar").iterdir() if file.is_file()]
    data = [
        f"{PROGRAM}/{file.relative_to(root)}"
        for name in ("models", "configs")
        for file in (root / name).rglob("*")
        if file.is_file()
    ]
    return [*package, *EXECUTABLE, *data, f"{PROGRAM}/proj-data/proj.db"]
