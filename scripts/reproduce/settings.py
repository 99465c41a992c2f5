"""What the environment asks for, checked before anything is written."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
STEPS = ("data", "train", "evaluate", "report")
PRESETS = (
    "sun",
    "sun-mild",
    "wu",
    "wu-dem",
    "deepinsar-v1",
    "anantrasirichai",
    "brengman-barnhart",
    "rouet-leduc",
    "mixed",
    "rongier-sgs",
    "rongier-ds",
    "lefebvre-hoppe",
)
# Presets that learn from the nine scenes.
LEARNING = PRESETS[-3:]


class Refused(Exception):
    """The experiment cannot run, or cannot continue; the message says why and what to do."""


@dataclass(frozen=True)
class Settings:
    """The settings that the package's docstring lists; paths are absolute."""

    ganinsar: Path
    bench: Path
    size: int
    budget_minutes: float | None
    budget: str
    arms: tuple[str, ...]
    seeds: tuple[int, ...]
    presets: tuple[str, ...]
    models: dict[str, Path]  # trained elsewhere, by their names in Table I
    count: int
    scenes: Path
    config: Path
    extra: tuple[str, ...]
    weights: Path | None
    resamples: int
    jobs: int
    threads: int
    device: str
    pick: str
    steps: frozenset[str]
    out: Path
    docs: Path
    arm_table: Path
    plan_iterations: int

    @classmethod
    def read(cls, environment: Mapping[str, str] = os.environ) -> "Settings":
        """Raises `Refused` for a value that cannot be. An empty variable counts as absent."""

        def given(name: str, default: str = "") -> str:
            return environment.get(name) or default

        def whole(name: str, default: str, least: int) -> int:
            return _whole_number(name, given(name, default), least)

        def path(name: str, default: Path) -> Path:
            return Path(os.path.abspath(given(name, str(default))))

        size = given("SIZE", "64")
        if size not in ("64", "128", "256"):
            raise Refused(f"SIZE={size}: give 64, 128 or 256.")
        config = "small" if size == "64" else f"reproduce-{size}"
        budget = given("BUDGET")
        if budget and (not re.fullmatch(r"[0-9]+(\.[0-9]+)?", budget) or float(budget) == 0):
            raise Refused(f"BUDGET={budget}: give minutes of training per arm, such as 110.")
        steps = given("STEPS", " ".join(STEPS)).split()
        if not set(steps) <= set(STEPS):
            raise Refused(f"STEPS='{' '.join(steps)}': choose from {', '.join(STEPS)}.")
        pick = given("PICK", "final")
        if pick not in ("final", "best"):
            raise Refused(f"PICK={pick}: give final or best.")
        extra = given("EXTRA").split()
        for change in extra:
            if "=" not in change:
                raise Refused(f"EXTRA: '{change}' is not KEY=VALUE.")
        models = {}
        for entry in given("MODELS").split():
            if not re.fullmatch(r"[A-Za-z0-9._-]+=.+", entry):
                raise Refused(f"MODELS: '{entry}' is not NAME=FILE.")
            name, _, file = entry.partition("=")
            models[name] = Path(os.path.realpath(file))
        weights = given("WEIGHTS")
        settings = cls(
            ganinsar=path("GANINSAR", ROOT / ".build/release/ganinsar"),
            bench=path("GANINSAR_BENCH", ROOT / ".build/release/ganinsar-bench"),
            size=int(size),
            budget_minutes=float(budget) if budget else None,
            budget=budget,
            arms=tuple(given("ARMS", "all").split()),
            seeds=tuple(_whole_number("SEEDS", seed, 0) for seed in given("SEEDS", "0").split()),
            presets=tuple(given("PRESETS", " ".join(PRESETS)).split()),
            models=models,
            count=whole("COUNT", "2000", 32),
            scenes=path("SCENES", ROOT / "../shared/data"),
            config=path("CONFIG", ROOT / f"configs/{config}.yaml"),
            extra=tuple(extra),
            weights=Path(os.path.realpath(weights)) if weights else None,
            resamples=whole("RESAMPLES", "40", 0),
            jobs=whole("JOBS", "1", 1),
            threads=whole("THREADS", "0", 0),
            device=given("DEVICE", "auto"),
            pick=pick,
            steps=frozenset(steps),
            out=path("OUT", ROOT / f"runs/reproduce/{size}"),
            docs=path("DOCS", ROOT / "docs/results"),
            arm_table=path("ARM_TABLE", ROOT / "scripts/reproduce/arms.toml"),
            plan_iterations=whole("PLAN_ITERATIONS", "5", 1),
        )
        if not settings.seeds:
            raise Refused("SEEDS holds no number.")
        return settings

    def check_files(self) -> None:
        """Raises `Refused` where a file or folder that the experiment reads is missing."""
        if not os.access(self.ganinsar, os.X_OK):
            raise Refused(f"{self.ganinsar} is not there: run 'make build'.")
        if self.budget and not os.access(self.bench, os.X_OK):
            raise Refused(f"BUDGET needs {self.bench}, which is not there: run 'make build-bench'.")
        for name, file in (("CONFIG", self.config), ("WEIGHTS", self.weights), *self.models.items()):
            if file and not file.is_file():
                raise Refused(f"{name}={file}: there is no such file.")
        if not (self.scenes / "permissive").is_dir() or not (self.scenes / "measure-only").is_dir():
            raise Refused(
                f"SCENES={self.scenes}: there is no folder with permissive/ and measure-only/ in it. "
                "Give the folder that holds the real scenes (docs/reproduce.md lists them)."
            )

    @property
    def first_seed(self) -> int:
        return self.seeds[0]

    def label(self, arm: str, seed: int) -> str:
        """What an arm is called in tables: its name, with the seed where there are several."""
        return arm if len(self.seeds) == 1 else f"{arm}-s{seed}"

    def set_file(self, name: str) -> Path:
        """The patches [COUNT or 2 COUNT, SIZE, SIZE] of a preset, or of real scenes."""
        return self.out / f"sets/{name}-{self.count}.npy"


def _whole_number(name: str, text: str, least: int) -> int:
    if not re.fullmatch(r"[0-9]+", text) or int(text) < least:
        raise Refused(f"{name}='{text}': give a whole number, {least} or more.")
    return int(text)
