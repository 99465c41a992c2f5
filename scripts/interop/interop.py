"""Checks ganinsar's output with other programs, prints a table and writes docs/interop.md.

usage: interop.py WORK_FOLDER REPORT.md
"""

import importlib.metadata
import pathlib
import sys

import file_checks
import network_checks
import rate_checks
import unwrapping_checks
from tools import Report

PACKAGES = [
    "mintpy",
    "insar-rs",
    "snaphu",
    "whirlwind-insar",
    "zarr",
    "xarray",
    "h5py",
    "rasterio",
    "numpy",
]

INTRODUCTION = """# Our stacks in other programs

To make this page again, type `make interop`: it composes stacks, runs the programs below on them and compares the
results. The scripts are in `scripts/interop/`. Rates are compared in the line of sight and relative to one reference
pixel, as in MintPy; rms is over all pixels.

"""


def main():
    work, document = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    report = Report()
    for module in [rate_checks, unwrapping_checks, file_checks, network_checks]:
        module.run(work, report)
    versions = ", ".join(f"{p} {importlib.metadata.version(p)}" for p in PACKAGES)
    text = INTRODUCTION + report.markdown() + f"\nVersions: {versions}.\n"
    document.write_text(text)
    print(text)
    sys.exit(0 if report.all_passed else 1)


if __name__ == "__main__":
    main()
