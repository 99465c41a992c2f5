"""Evaluations of sets, and the figures drawn from them."""

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

from reproduce.datasets import short_hash
from reproduce.program import Program, say, write_whole
from reproduce.settings import Settings
from reproduce.training import Experiment, Training


class Evaluations:
    """What is measured with 'ganinsar evaluate', each set of sets once."""

    def __init__(self, settings: Settings, program: Program, experiment: Experiment) -> None:
        self.settings = settings
        self.program = program
        self.experiment = experiment

    def folder(self, name: str) -> Path:
        return self.settings.out / "evaluation" / name

    def metrics(self, name: str) -> dict[str, Any] | None:
        """The content of an evaluation's metrics.json; `None` where it was not measured."""
        with suppress(FileNotFoundError):
            content: dict[str, Any] = json.loads((self.folder(name) / "metrics.json").read_text(encoding="utf-8"))
            return content
        return None

    def names(self, name: str) -> set[str]:
        """The sets that an evaluation compared."""
        metrics = self.metrics(name)
        return {entry["name"] for entry in metrics["sets"]} if metrics else set()

    def model_name(self) -> str:
        """The set that tables and figures call the model: the arm of that name, or the first one of MODELS."""
        label = self.settings.label("model", self.settings.first_seed)
        return label if label in self.names("table1") else next(iter(self.settings.models), label)

    def has_features(self, name: str) -> bool:
        """Whether Inception weights were found when it was measured."""
        metrics = self.metrics(name)
        return metrics is not None and bool(metrics["real"].get("featuresKey"))

    def measure_all(self) -> None:
        real = self.settings.set_file
        arms: dict[str, Path] = {}
        models: dict[str, Path] = {}
        unseen: dict[str, Path] = {}
        shown: dict[str, Path] = {}
        for training in self.experiment.finished():
            self.experiment.generate(training)
            group = {"left-halves": unseen, "open": shown}.get(training.arm.name, arms)
            label = self.settings.label(training.arm.name, training.seed)
            group[label] = self.experiment.maps_folder(training)
            if training.arm.name == "model":
                models[label] = group[label]
        simulated = {preset: real(preset) for preset in self.settings.presets}
        given = {name: self.experiment.generate_given(name) for name in self.settings.models}
        # Table I: what simulators make, and models, against all scenes. Table II: the arms.
        self._measure("table1", real("real"), {**simulated, **models, **given})
        self._measure("table2", real("real"), arms)
        if unseen:
            # Unseen ground: how far the right halves are, for the left halves themselves and for the model.
            self._measure("unseen", real("right"), {"left": real("left"), **unseen})
            # Seen ground, for the figures of memorization.
            self._measure("seen", real("left"), {"right": real("right"), **unseen})
        self._measure("permissive", real("permissive"), shown)

    def _measure(self, name: str, real: Path, sets: dict[str, Path]) -> None:
        if not sets:
            return
        named = [f"{label}={path}" for label, path in sets.items()]
        settings = self.settings
        key = short_hash(str(real), str(settings.count), str(settings.resamples), str(settings.weights), *named)
        folder = self.folder(name)
        key_file = folder.with_name(f"{name}.key")
        with suppress(FileNotFoundError):
            if key_file.read_text().strip() == key and (folder / "metrics.json").exists():
                say(f"{name}: done before")
                return
        folder.parent.mkdir(parents=True, exist_ok=True)
        options = ["--count", settings.count, "--unit", "cm/yr", "--resamples", settings.resamples]
        if settings.weights:
            options += ["--weights", str(settings.weights)]
        words = [word for entry in named for word in ("--set", entry)]
        printed = self.program.run("evaluate", "--real", real, *words, "-o", folder, "--overwrite", *options)
        say(printed.rstrip())
        write_whole(key_file, key + "\n")

    # --- Figures ----------------------------------------------------------------------------------------

    def draw_figures(self) -> None:
        """Pictures of everything; those named `local-*` are for this machine alone."""
        figures, real = self.settings.out / "figures", self.settings.set_file
        figures.mkdir(parents=True, exist_ok=True)
        first = self.settings.first_seed
        generated = {t.arm.name: t for t in self.experiment.finished() if t.seed == first}

        def maps(arm: str) -> dict[str, Path]:
            training: Training | None = generated.get(arm)
            return {"generated": self.experiment.maps_folder(training)} if training else {}

        def label(arm: str) -> str:
            return self.settings.label(arm, first)

        # Simulators alone: these may be shown anywhere.
        simulators = {name: real(name) for name in ("sun", "sun-mild", "wu", "wu-dem")}
        self._sheet(figures / "open-simulators", simulators)
        # Scenes without a license, and what was learned from them: not to be published.
        sun = {"sun": real("sun")}
        self._sheet(figures / "local-real-and-generated", {"real": real("real"), **sun, **maps("model")})
        # The same of scenes that may be published.
        shown = {"real": real("permissive"), **sun, **maps("open")}
        self._sheet(figures / "open-real-and-generated", shown)
        model = self.model_name()
        ours = ("plain-rates", "no-offset", "cutmix", "no-cutmix", "encoder", "no-average", "diffaugment")
        ours += ("self-attention", "transformer")
        papers = ("late-switch", "always-filter", "single-scale")
        for number, name, title, sets in (
            (12, "table1", "t-SNE: real, Sun, the model", ["sun", model]),
            (13, "table1", "t-SNE: real, Sun, Wu", ["sun", "wu", "wu-dem"]),
            (14, "table1", "t-SNE: real, Sun, Wu, the model", ["sun", "wu", "wu-dem", model]),
            (15, "table2", "t-SNE: real, the model, the paper's ablations", [model, *map(label, papers)]),
            (16, "table2", "t-SNE: real, the model, our ablations", [model, *map(label, ours)]),
            (17, "unseen", "t-SNE: right halves, left halves, a model of the left", ["left", label("left-halves")]),
        ):
            self._scatter(figures / f"fig{number}.png", name, title, sets)

    def _scatter(self, file: Path, name: str, title: str, sets: list[str]) -> None:
        """Sets that the evaluation lacks are left out."""
        metrics = self.metrics(name)
        # Without weights there are no features, and no picture.
        if metrics is None or not self.has_features(name):
            return
        known = self.names(name)
        shown = [label for label in sets if label in known]
        # One set beside the real one is enough for the halves alone.
        if len(shown) < (1 if name == "unseen" else 2):
            return
        words = [word for label in shown for word in ("--set", label)]
        path = self.folder(name) / "metrics.json"
        self.program.run("figure", "scatter", path, "-o", file, "--title", title, *words, "--overwrite")

    def _sheet(self, file: Path, sets: dict[str, Path]) -> None:
        """Rates in FILE.png, phase in FILE-wrapped.png; sets that were not made are left out."""
        words = [w for name, path in sets.items() if path.exists() for w in ("--set", f"{name}={path}")]
        if not words:
            return
        output = ["-o", f"{file}.png", "--wrapped", f"{file}-wrapped.png", "--overwrite"]
        options = ["--count", 16, "--among", self.settings.count, "--unit", "cm/yr"]
        self.program.run("figure", "sheet", *words, *output, *options)

    def table(self, name: str, *options: str, relative_to: str | None = None) -> str:
        """A Markdown table of an evaluation, or why there is none."""
        if relative_to in self.names(name):
            options = ("--relative-to", relative_to, *options)
        if self.metrics(name) is None:
            return "Not measured yet."
        if "--physics" not in options and not self.has_features(name):
            return "Not measured: no Inception weights were found (WEIGHTS=FILE)."
        return self.program.run("figure", "table", self.folder(name) / "metrics.json", *options).rstrip("\n")
