"""auditwheel's judgment: which systems the wheel runs on."""

import json
import os
import subprocess
from pathlib import Path

from wheel.building import Failure, find_python
from wheel.packing import TAG
from wheel.tools import tools_folder

#: LibTorch comes with the package torch, on which the wheel depends.
FROM_TORCH = {"libtorch_cpu.so", "libc10.so"}


def audit(root: Path, wheel: Path) -> str:
    """Checks the wheel's tag and what it needs of a system. Returns a line that says so."""
    tools = tools_folder(root)
    done = subprocess.run(
        [find_python(), "-m", "auditwheel", "show", "--json", str(wheel)],
        env={**os.environ, "PYTHONPATH": str(tools)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise Failure(f"auditwheel failed: {done.stderr.strip()}")
    found = json.loads(done.stdout)
    stated = TAG.split("-", 2)[2]
    foreign = set(found["policy_upgrades"].get(stated, {}).get("libs_to_eliminate", [])) - FROM_TORCH
    if foreign:
        raise Failure(f"{wheel.name} needs {', '.join(sorted(foreign))}, which a system may not have")
    if _glibc(found["sym_tag"]) > _glibc(stated):
        raise Failure(f"{wheel.name} needs {found['sym_tag']}, and its name says {stated}: build it on an older system")
    return f"{found['sym_tag']}, beside the wheel only torch's libraries"


def _glibc(tag: str) -> tuple[int, ...]:
    """The numbers of manylinux_2_35_x86_64."""
    if not tag.startswith("manylinux_"):
        raise Failure(f"auditwheel calls it {tag}: it needs something that no manylinux has")
    return tuple(int(word) for word in tag.split("_")[1:3])
