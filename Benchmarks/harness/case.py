"""The base class of benchmarks, and their environment."""

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from harness.measure import Failed, Program

HERE = Path(__file__).resolve().parents[1]
PEERS = HERE / "peers"


class Missing(Exception):
    """Something is missing; the message ends with the remedy."""


@dataclass
class Point:
    """One size. The growth of cost is stated with respect to `amount`, among points of one `series`."""

    label: str
    amount: float
    size: dict
    series: str = ""


@dataclass
class Goal:
    """The goal at a point: our value / the peer's is at most `ratio`."""

    point: str
    measure: str  # cpu or wall
    ratio: float
    peer: str | None = None  # None: the peer that needs least


class Case:
    """A benchmark; see cases/."""

    name = ""
    title = ""
    unit = ""  # of the amounts of points
    work = ""  # what is timed, in a sentence or two
    goals: tuple[Goal, ...] = ()
    needs: tuple[str, ...] = ()  # Python packages that the check needs

    def points(self) -> list[Point]:
        raise NotImplementedError

    def prepare(self, bench: "Bench", point: Point) -> None:
        """Makes the inputs of the programs. Raises `Missing`."""

    def ours(self, bench: "Bench", point: Point) -> Program:
        raise NotImplementedError

    def peers(self, bench: "Bench", point: Point) -> list[Program]:
        """The peers that can be run; `bench.skip` records the others."""
        return []

    def check(self, bench: "Bench", point: Point, reports: dict[str, dict]) -> str:
        """Compares the last outputs of the programs; returns a sentence that says what agrees and how closely.
        Raises `Failed` if they do not agree."""
        raise NotImplementedError

    def floor(self, bench: "Bench", point: Point) -> tuple[float, str] | None:
        """The least CPU seconds that this machine needs, and how they were computed."""
        return None


class Bench:
    """Paths, options, the machine's measured speeds, and helpers that run Python programs of the peers."""

    def __init__(self, root: Path, python: str, options: dict):
        self.root = root
        self.python = python
        self.binary = Path(options.get("binary") or root / ".build/release/ganinsar")
        self.work = root / ".build/benchmarks"
        self.reference = _folder(options.get("reference"))
        self.syinterferopy = _folder(options.get("syinterferopy"))
        self.weights = options.get("weights")
        self.threads = str(os.cpu_count())
        self.machine: dict = {}
        self.skipped: list[tuple[str, str]] = []
        self._modules: dict[str, bool] = {}

    def folder(self, name: str) -> Path:
        path = self.work / name
        path.mkdir(parents=True, exist_ok=True)
        return path

    def command(self, *arguments) -> list[str]:
        return [str(self.binary), *map(str, arguments)]

    def measure(self, *arguments) -> list[str]:
        """The command of `ganinsar-bench`, which measures within its process."""
        return [f"{self.binary}-bench", *map(str, arguments)]

    def measure_samples(self, *arguments) -> list[str]:
        """The command of `ganinsar-bench-samples`, which measures the making of samples without LibTorch."""
        return [f"{self.binary}-bench-samples", *map(str, arguments)]

    def script(self, name: str, *arguments) -> list[str]:
        """The command for a Python program of peers/ in the peers' environment."""
        return [self.python, str(PEERS / name), *map(str, arguments)]

    def call(self, command: list[str]) -> dict:
        """Runs a command without timing it; returns the JSON of its last line, or {}."""
        environment = os.environ | {"OMP_WAIT_POLICY": "passive"}
        done = subprocess.run([str(c) for c in command], capture_output=True, text=True, env=environment)
        if done.returncode != 0:
            raise Failed(f"{' '.join(map(str, command))}\n{(done.stdout + done.stderr)[-2000:]}")
        lines = done.stdout.strip().splitlines()
        try:
            found = json.loads(lines[-1]) if lines else {}
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}

    def has(self, module: str) -> bool:
        if module not in self._modules:
            test = f"import importlib.util as u, sys; sys.exit(u.find_spec({module!r}) is None)"
            self._modules[module] = subprocess.run([self.python, "-c", test]).returncode == 0
        return self._modules[module]

    def require(self, *modules: str) -> None:
        for module in modules:
            if not self.has(module):
                raise Missing(
                    f"the Python package {module}: run Benchmarks/peers.sh, or give PYTHON=INTERPRETER that has it"
                )

    def skip(self, program: str, remedy: str) -> None:
        if (program, remedy) not in self.skipped:
            self.skipped.append((program, remedy))

    def available(self, program: str, *modules: str) -> bool:
        """Whether a peer's packages are installed; if not, the peer is recorded as skipped."""
        try:
            self.require(*modules)
        except Missing as reason:
            self.skip(program, str(reason))
            return False
        return True


def _folder(path: str | None) -> Path | None:
    if not path:
        return None
    if not Path(path).is_dir():
        raise SystemExit(f"bench: there is no folder {path}")
    return Path(path).resolve()
