"""Testing a wheel as a user has it: in a fresh virtual environment, without Swift or this checkout in sight."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from wheel.building import Failure, find_python

#: Also installed for the tests; without them, some are skipped.
TEST_NEEDS = Path("python/tests/requirements.txt")


def check(root: Path, wheel: Path) -> None:
    """Installs the wheel and runs python/tests.

    With GANINSAR_TEST_SITE=FOLDER, the packages that the wheel depends on are those of a site-packages folder, which
    saves the download of torch (2.5 GB); otherwise pip installs them.
    """
    start = time.monotonic()
    with TemporaryDirectory(prefix="ganinsar-wheel-") as temporary:
        place = Path(temporary)
        _call([find_python(), "-m", "venv", str(place / "venv")], "cannot make a virtual environment")
        pip = [str(place / "venv/bin/python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        site = os.environ.get("GANINSAR_TEST_SITE")
        if site:
            folder = next((place / "venv/lib").iterdir()) / "site-packages"
            (folder / "shared.pth").write_text(f"{Path(site).resolve()}\n", encoding="utf-8")
            _call([*pip, "--no-deps", str(wheel)], "cannot install the wheel")
        else:
            _call([*pip, str(wheel), "-r", str(root / TEST_NEEDS)], "cannot install the wheel")
        installed = time.monotonic()
        # What the tests read lies beside them, not in the checkout.
        for name in ("tests", "examples"):
            shutil.copytree(root / "python" / name, place / "python" / name)
        variables = {"PATH": f"{place}/venv/bin:/usr/bin:/bin", "HOME": str(place), "TMPDIR": str(place)}
        if shutil.which("swift", path=variables["PATH"]):
            print("wheel: note: Swift lies in /usr/bin here, so the check does not show that it is not needed")
        _call([f"{place}/venv/bin/ganinsar", "--version"], "the command does not start", place, variables)
        # A language whose tables were left out (icu.py).
        words = ["simulate", "sun", "-o", str(place / "maps"), "--count", "1", "--size", "64", "--quiet"]
        german = {**variables, "LC_ALL": "de_DE.UTF-8"}
        _call([f"{place}/venv/bin/ganinsar", *words], "the command fails in German", place, german)
        _call(
            [f"{place}/venv/bin/python", "-m", "unittest", "discover", "-s", str(place / "python/tests")],
            "tests fail",
            place,
            variables,
        )
        done = time.monotonic()
    print(f"wheel: {wheel.name}: installed in {installed - start:.0f} s, tested in {done - installed:.0f} s")


def _call(command: list[str], fault: str, folder: Path | None = None, variables: dict[str, str] | None = None) -> None:
    sys.stdout.flush()
    if subprocess.run(command, cwd=folder, env=variables, check=False).returncode != 0:
        raise Failure(f"{fault}: see above")
