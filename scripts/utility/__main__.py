"""Trains the same phase network on interferograms made from maps of several sources and scores all on held-out scenes.

usage: python3 scripts/utility --real SCENES --held-out SCENES [options]

For each source: rate maps (simulated, generated, or the scenes themselves), a dataset with the recipe `networks`, one
training for each seed, and a score on samples composed from scenes that no source contains. What is there already is
not made again, so the command continues after an interruption. Writes OUT/utility.json and, with --page, a page.
"""

import argparse
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from utility.results import LEARNING, page, read_scores

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Budget:
    """What every source gets."""

    maps: int
    samples: int
    size: int
    iterations: int
    channels: int
    threads: int
    recipe: tuple[str, ...]  # changes of the recipe, KEY=VALUE


class Experiment:
    def __init__(self, ganinsar: Path, out: Path, budget: Budget, trainer: Path | None = None) -> None:
        self.ganinsar = ganinsar
        self.trainer = trainer or ganinsar
        self.out = out
        self.budget = budget

    def run(self, *arguments: object, program: Path | None = None) -> str:
        """Runs the program to its end; its messages are shown. Exits where it fails."""
        command = [str(program or self.ganinsar), *map(str, arguments)]
        environment = {**os.environ, "OMP_NUM_THREADS": str(self.budget.threads), "OMP_WAIT_POLICY": "passive"}
        result = subprocess.run(command, env=environment, text=True, stdout=subprocess.PIPE)
        if result.returncode != 0:
            sys.exit(f"utility: '{' '.join(command[1:4])}' failed with code {result.returncode}: see above.")
        return result.stdout

    def maps(self, source: str, scenes: list[Path]) -> list[Path]:
        """The rate maps of a source; `a+b` is a mixture of both."""
        if "+" in source:
            return [path for part in source.split("+") for path in self.maps(part, scenes)]
        if source == "real":
            return scenes
        folder = self.out / "maps" / source
        side = 2 * self.budget.size
        if not folder.exists():
            common = ["-o", folder, "--count", self.budget.maps, "--format", "npy", "--quiet", "--size", side]
            if source == "ours":
                self.run("generate", *common, "--seed", 12)
            else:
                learning = [word for scene in scenes for word in ("--training-image", scene)]
                more = [*learning, "--unit", "cm/yr"] if source in LEARNING else []
                self.run("simulate", source, *common, "--seed", 11, *more)
        return [folder]

    def dataset(self, name: str, maps: list[Path], count: int, *more: object) -> Path:
        folder = self.out / "datasets" / name
        if not (folder / "dataset.json").exists():
            arguments = ["--recipe", "networks", "--format", "npy", "--count", count, "--quiet", *more]
            arguments += [word for change in self.budget.recipe for word in ("--set", change)]
            self.run("dataset", *maps, "-o", folder, *arguments)
        return folder

    def score(self, source: str, seed: int, training: Path, test: Path) -> Path:
        """Trains and scores; the file of the scores."""
        result = self.out / "scores" / f"{source}-{seed}.json"
        if result.exists():
            return result
        runs = self.out / "runs" / f"{source}-{seed}"
        budget = self.budget
        settings = {
            "architecture.channels": budget.channels,
            "execution.threads": budget.threads,
            "output.checkpointEveryIterations": 100,
            "output.validationSamples": 16,
            "optimizer.averageDecay": 0.98,
        }
        sets = [word for key, value in settings.items() for word in ("--set", f"{key}={value}")]
        earlier = sorted(runs.glob("*/checkpoints/*.safetensors"))
        if earlier:
            more: list[object] = ["--resume", earlier[-1].parents[1]]
        else:
            more = ["-o", runs, "--iterations", budget.iterations, "--seed", seed, *sets]
        run = self.run("network", "train", training, *more, program=self.trainer).strip()
        result.parent.mkdir(parents=True, exist_ok=True)
        self.run(
            "network", "score", test, "--part", "train", "--network", run, "-o", result, "--json", program=self.trainer
        )
        return result


def main() -> None:
    parser = argparse.ArgumentParser(prog="utility", description=__doc__.splitlines()[0])
    parser.add_argument("--real", type=Path, required=True, help="dataset of scenes for the source 'real'")
    parser.add_argument("--held-out", type=Path, required=True, help="dataset of scenes that only test")
    parser.add_argument("--out", type=Path, default=ROOT / ".build" / "utility")
    parser.add_argument("--ganinsar", type=Path, default=ROOT / ".build" / "release" / "ganinsar")
    parser.add_argument("--trainer", type=Path, help="the program that trains and scores (default: the same)")
    parser.add_argument(
        "--sources", default="sun,rouet-leduc,wu,anantrasirichai,mixed,lefebvre-hoppe,ours,real,ours+real"
    )
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--maps", type=int, default=100, help="maps of each simulated or generated source")
    parser.add_argument("--samples", type=int, default=2400, help="training samples of each source")
    parser.add_argument("--test-samples", type=int, default=120)
    parser.add_argument("--size", type=int, default=128)
    parser.add_argument("--iterations", type=int, default=1000)
    parser.add_argument("--channels", type=int, default=8)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument(
        "--set", dest="recipe", action="append", default=[], metavar="KEY=VALUE", help="changes the recipe of all sets"
    )
    parser.add_argument("--page", type=Path, help="the page to write, such as docs/results/utility.md")
    given = parser.parse_args()
    budget = Budget(
        given.maps, given.samples, given.size, given.iterations, given.channels, given.threads, tuple(given.recipe)
    )
    experiment = Experiment(given.ganinsar, given.out, budget, given.trainer)
    given.out.mkdir(parents=True, exist_ok=True)

    held = [given.held_out / "scenes"]
    scenes = len(list(held[0].glob("*.npy")))
    whole = ["--set", "samples.testFraction=0", "--set", "samples.validationFraction=0"]
    test = experiment.dataset("test", held, given.test_samples, "--seed", 77, "--size", budget.size, *whole)
    sources = given.sources.split(",")
    sets = {}
    for source in sources:
        maps = experiment.maps(source, [given.real / "scenes"])
        keeps = ["--set", "samples.testFraction=0"]
        sets[source] = experiment.dataset(source, maps, budget.samples, "--seed", 21, "--size", budget.size, *keeps)
    # Seeds outside: every source is compared after the first round.
    files: dict[str, list[Path]] = {source: [] for source in sources}
    for seed in range(1, given.seeds + 1):
        for source in sources:
            files[source].append(experiment.score(source, seed, sets[source], test))
            scores = read_scores(source, files[source], scenes)
            print(
                f"seeds to {seed}, {source}: {100 * scores.wrong_cycles:.2f} % wrong cycles, rms {scores.rms:.3f}",
                flush=True,
            )
    results = [read_scores(source, files[source], scenes) for source in sources]
    (given.out / "utility.json").write_text(json.dumps([result.summary() for result in results], indent=1))
    text = page(results, vars(given))
    print(text)
    if given.page:
        given.page.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
