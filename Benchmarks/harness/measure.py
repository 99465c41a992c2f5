"""Runs one program and measures it with the operating system's counters."""

import json
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path


class Failed(Exception):
    """A program ended with an error, or its result is wrong."""


@dataclass
class Program:
    """The timed program: one command, or several that do the work one after the other."""

    name: str
    commands: list[list[str]]
    # Computes wall and CPU seconds from the JSON of the last line, for programs that time themselves.
    # None: the times are those of the whole process, including start-up.
    times: Callable[[dict], tuple[float, float]] | None = None
    # Folders and files that a run writes; they are removed before it.
    outputs: list[Path] = field(default_factory=list)
    environment: dict[str, str] = field(default_factory=dict)
    folder: Path | None = None


def run(program: Program) -> dict:
    """`wall` and `cpu` in seconds (user and system, all threads), `memory` in MiB (the largest of
    the processes), and `report`, the JSON of the last line where there is one."""
    for path in program.outputs:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    result = {"wall": 0.0, "cpu": 0.0, "memory": 0.0, "report": None}
    for command in program.commands:
        start = time.perf_counter()
        usage, text = _run(command, program)
        result["wall"] += time.perf_counter() - start
        result["cpu"] += usage.ru_utime + usage.ru_stime
        # ru_maxrss of a child begins at its parent's, which is why this package stays small.
        result["memory"] = max(result["memory"], usage.ru_maxrss / 1024)
        result["report"] = _last_json(text)
    if program.times:
        if result["report"] is None:
            raise Failed(f"{program.name} printed no JSON: {program.commands[-1]}")
        result["wall"], result["cpu"] = program.times(result["report"])
    return result


def as_reported(report: dict) -> tuple[float, float]:
    return report["seconds"], report["cpu_seconds"]


def _run(command: list[str], program: Program) -> tuple:
    command = [str(part) for part in command]
    environment = os.environ | {"OMP_WAIT_POLICY": "passive"} | program.environment
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=errors, env=environment, cwd=program.folder
        )
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        errors.seek(0)
        text = output.read().decode(errors="replace")
        if process.returncode != 0:
            tail = (text + errors.read().decode(errors="replace"))[-2000:]
            raise Failed(f"status {process.returncode} from {' '.join(command)}\n{tail}")
    return usage, text


def _last_json(text: str) -> dict | None:
    lines = text.strip().splitlines()
    try:
        found = json.loads(lines[-1]) if lines else None
    except ValueError:
        return None
    return found if isinstance(found, dict) else None
