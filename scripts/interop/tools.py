"""What the checks share: running commands, and the table of results."""

import os
import shutil
import subprocess
import sys


class Report:
    """Rows of (check, measured value, required value), in groups."""

    def __init__(self):
        self.groups = []

    def group(self, title, text=""):
        self.groups.append((title, text, []))

    def add(self, check, measured, limit, passed):
        self.groups[-1][2].append((check, measured, limit, bool(passed)))
        mark = "ok" if passed else "FAILED"
        print(f"   {mark}: {check}: {measured} ({limit})", flush=True)

    @property
    def all_passed(self):
        return all(row[3] for group in self.groups for row in group[2])

    def markdown(self):
        lines = []
        for title, text, rows in self.groups:
            lines += [f"## {title}", ""] + ([text, ""] if text else [])
            lines += ["| check | measured | required | |", "|---|---|---|---|"]
            lines += [f"| {c} | {m} | {r} | {'ok' if p else '**failed**'} |" for c, m, r, p in rows]
            lines.append("")
        return "\n".join(lines)


def run(*command, cwd=None):
    """Runs a command; its output is shown only if it fails."""
    command = [str(part) for part in command]
    # MintPy's workers and BLAS threads would compete for few cores.
    environment = dict(os.environ, OMP_NUM_THREADS="1", MPLBACKEND="Agg")
    if shutil.which(command[0]) is None:
        raise FileNotFoundError(command[0])
    result = subprocess.run(command, cwd=cwd, env=environment, text=True, capture_output=True)
    if result.returncode != 0:
        sys.exit(f"{' '.join(command)}\n{result.stdout[-3000:]}\n{result.stderr[-3000:]}")
    return result.stdout


def ganinsar(*arguments):
    return run(os.environ["GANINSAR"], *arguments)


def step(text):
    print(f"== {text}", flush=True)
