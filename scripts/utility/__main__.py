"""Trains the same phase network on interferograms made from maps of several sources and scores all on held-out scenes.

usage: python3 scripts/utility --real SCENES --held-out SCENES [options]
       python3 scripts/utility --real SCENES --leave-one-out [--models FOLDER] [options]

For each source: rate maps (simulated, generated, or the scenes themselves), a dataset with the recipe `networks`, one
training for each seed, and a score on samples composed from scenes that no source contains. What is there already is
not made again, so the command continues after an interruption. Writes OUT/utility.json and, with --page, a page.

With --leave-one-out every scene of SCENES is held out once: `real` and presets that learn have the others, `ours` is
the model FOLDER/SCENE.safetensors, trained without it. What is drawn by hand is trained once and scored on all.
"""

import argparse
import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from utility.results import LEARNING, SourceScores, learns, merged, page, read_scores

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
    """What is made in one folder, from the scenes that may be seen there.

    `model`: of the source `ours`, in place of the one that ships.
    """

    def __init__(
        self, ganinsar: Path, out: Path, budget: Budget, trainer: Path | None = None, model: Path | None = None
    ) -> None:
        self.ganinsar = ganinsar
        self.trainer = trainer or ganinsar
        self.out = out
        self.budget = budget
        self.model = model

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
                self.run("generate", *([self.model] if self.model else []), *common, "--seed", 12)
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

    def test(self, scenes: Path, count: int, size: int) -> Path:
        """The samples that all are scored on, from held-out scenes."""
        whole = ["--set", "samples.testFraction=0", "--set", "samples.validationFraction=0"]
        return self.dataset("test", [scenes], count, "--seed", 77, "--size", size, *whole)

    def training(self, source: str, scenes: list[Path]) -> Path:
        """The samples that networks of this source are trained on."""
        keeps = ["--set", "samples.testFraction=0"]
        maps = self.maps(source, scenes)
        return self.dataset(source, maps, self.budget.samples, "--seed", 21, "--size", self.budget.size, *keeps)

    def train(self, source: str, seed: int, training: Path) -> Path:
        """The run of the network that this source and seed give."""
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
        return Path(self.run("network", "train", training, *more, program=self.trainer).strip())

    def score(self, source: str, seed: int, training: Path, test: Path, name: str = "") -> Path:
        """Trains and scores; the file of the scores. `name` tells test sets apart."""
        result = self.out / "scores" / f"{source}-{seed}{name}.json"
        if not result.exists():
            run = self.train(source, seed, training)
            result.parent.mkdir(parents=True, exist_ok=True)
            words = ["network", "score", test, "--part", "train", "--network", run, "-o", result, "--json"]
            self.run(*words, program=self.trainer)
        return result


def leave_one_out(given: argparse.Namespace, budget: Budget) -> list[SourceScores]:
    """Every scene is held out once; a source's scores are those on all scenes."""
    scenes = sorted((given.real / "scenes").glob("*.npy"))
    if given.models:
        for scene in scenes:
            if not (model := given.models / f"{scene.stem}.safetensors").is_file():
                sys.exit(f"utility: there is no model {model}: train one on the scenes other than {scene.stem}.")
    hand = Experiment(given.ganinsar, given.out / "handcrafted", budget, given.trainer)
    folds = []
    for scene in scenes:
        model = given.models / f"{scene.stem}.safetensors" if given.models else None
        fold = Experiment(given.ganinsar, given.out / scene.stem, budget, given.trainer, model)
        count = given.test_samples // len(scenes)
        folds.append((fold, fold.test(scene, count, given.test_size), [path for path in scenes if path != scene]))
    sources = given.sources.split(",")
    files: dict[str, list[list[Path]]] = {source: [] for source in sources}
    for seed in range(1, given.seeds + 1):
        for source in sources:
            files[source].append([])
            for fold, test, others in folds:
                if learns(source):
                    file = fold.score(source, seed, fold.training(source, others), test)
                else:
                    name = f"-{fold.out.name}"
                    file = hand.score(source, seed, hand.training(source, []), test, name)
                files[source][-1].append(file)
            tell(seed, merged(source, files[source]))
    return [merged(source, files[source]) for source in sources]


def held_out(given: argparse.Namespace, budget: Budget) -> list[SourceScores]:
    """All sources may see the scenes of one dataset and are scored on those of another."""
    experiment = Experiment(given.ganinsar, given.out, budget, given.trainer)
    held = given.held_out / "scenes"
    scenes = len(list(held.glob("*.npy")))
    test = experiment.test(held, given.test_samples, given.test_size)
    sources = given.sources.split(",")
    sets = {source: experiment.training(source, [given.real / "scenes"]) for source in sources}
    # Seeds outside: every source is compared after the first round.
    files: dict[str, list[Path]] = {source: [] for source in sources}
    for seed in range(1, given.seeds + 1):
        for source in sources:
            files[source].append(experiment.score(source, seed, sets[source], test))
            tell(seed, read_scores(source, files[source], scenes))
    return [read_scores(source, files[source], scenes) for source in sources]


def tell(seed: int, scores: SourceScores) -> None:
    wrong = f"{100 * scores.wrong_cycles:.2f} % wrong cycles"
    print(f"seeds to {seed}, {scores.source}: {wrong}, rms {scores.rms:.3f}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(prog="utility", description=__doc__.splitlines()[0])
    parser.add_argument("--real", type=Path, required=True, help="dataset of scenes for the source 'real'")
    tests = parser.add_mutually_exclusive_group(required=True)
    tests.add_argument("--held-out", type=Path, help="dataset of scenes that only test")
    tests.add_argument("--leave-one-out", action="store_true", help="hold out each scene of --real once")
    parser.add_argument("--models", type=Path, help="models of 'ours' for --leave-one-out: SCENE.safetensors")
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
    parser.add_argument("--size", type=int, default=128, help="pixels across a training sample")
    parser.add_argument("--test-size", type=int, help="pixels across a test sample (default: as in training)")
    parser.add_argument("--iterations", type=int, default=1000)
    parser.add_argument("--channels", type=int, default=8)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument(
        "--set", dest="recipe", action="append", default=[], metavar="KEY=VALUE", help="changes the recipe of all sets"
    )
    parser.add_argument("--page", type=Path, help="the page to write, such as docs/results/utility.md")
    given = parser.parse_args()
    given.test_size = given.test_size or given.size
    if given.leave_one_out and not given.models and "ours" in re.split("[,+]", given.sources):
        parser.error("with --leave-one-out the source 'ours' needs --models: the model that ships has seen its scenes")
    budget = Budget(
        given.maps, given.samples, given.size, given.iterations, given.channels, given.threads, tuple(given.recipe)
    )
    given.out.mkdir(parents=True, exist_ok=True)
    results = (leave_one_out if given.leave_one_out else held_out)(given, budget)
    (given.out / "utility.json").write_text(json.dumps([result.summary() for result in results], indent=1))
    text = page(results, vars(given))
    print(text)
    if given.page:
        given.page.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
