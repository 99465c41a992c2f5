"""Builds a wheel: `pip install` of it gives the command `ganinsar` and the Python package, without Swift.

    python3 scripts/wheel [OUTPUT]           what `make wheel` runs; default .build-wheel/out
    python3 scripts/wheel --check [WHEEL]    what `make wheel-check` runs: tests it in a fresh virtual environment
    python3 scripts/wheel --trial            packs the programs of `make build` and tests that, as `.ci/run` does

The programs are built with GDAL and HDF5 from the pinned libraries of rasterio's wheel (libraries.txt), which the wheel
carries; Swift's libraries are in it too, LibTorch is that of the package torch. auditwheel checks the result.

A trial wheel costs no build, and shows that packing, the launcher and the package work. Its programs are linked with
this system's GDAL and with cairo, so it runs only here: it goes to .build-wheel/trial, and auditwheel is not asked.
"""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from wheel.auditing import audit
from wheel.building import Failure, build, built
from wheel.checking import check
from wheel.contents import check_contents
from wheel.libraries import fetch_libraries
from wheel.packing import pack

ROOT = Path(__file__).resolve().parents[2]


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("path", nargs="?", type=Path, help="the folder for the wheel; with --check, the wheel")
    parser.add_argument("--check", action="store_true", help="test a wheel in a fresh virtual environment")
    parser.add_argument("--trial", action="store_true", help="pack the programs of 'make build', and test that")
    arguments = parser.parse_args()
    output = ROOT / ".build-wheel" / "out"
    try:
        if arguments.check:
            check(ROOT, arguments.path or newest(output))
            return
        libraries = fetch_libraries(ROOT)
        if arguments.trial:
            programs = built(ROOT, ROOT / ".build/release", ROOT / ".build/checkouts")
            wheel = pack(ROOT, programs, libraries, arguments.path or output.with_name("trial"))
            print(check_contents(ROOT, wheel), flush=True)
            check(ROOT, wheel)
            return
        programs = build(ROOT, libraries)
        wheel = pack(ROOT, programs, libraries, arguments.path or output)
        print(f"{check_contents(ROOT, wheel)}: {audit(ROOT, wheel)}")
    except Failure as failure:
        sys.exit(f"wheel: {failure}")


def newest(folder: Path) -> Path:
    """The wheel that was made last."""
    wheels = sorted(folder.glob("ganinsar-*.whl"), key=lambda file: file.stat().st_mtime)
    if not wheels:
        raise Failure(f"there is no wheel in {folder}: run 'make wheel'")
    return wheels[-1]


if __name__ == "__main__":
    main()
