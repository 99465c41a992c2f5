"""The page of the experiment: docs/results/reproduce-SIZE.md and the pictures beside it."""

import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

from reproduce.evaluation import Evaluations
from reproduce.program import say, write_whole
from reproduce.settings import PRESETS, ROOT, Settings
from reproduce.training import Experiment, machine

NOTES = "## What was found"


class Page:
    """Writes the page from what was measured. Needs `Evaluations.draw_figures` first."""

    def __init__(self, settings: Settings, experiment: Experiment, evaluations: Evaluations) -> None:
        self.settings = settings
        self.experiment = experiment
        self.evaluations = evaluations

    def write(self) -> Path:
        file = self.settings.docs / f"reproduce-{self.settings.size}.md"
        self.settings.docs.mkdir(parents=True, exist_ok=True)
        write_whole(file, f"{self.text()}\n\n{self._notes(file)}\n")
        say(str(file))
        say(
            f"Report pages: {self.settings.out}/evaluation/*/report.html; "
            f"pictures, local ones too: {self.settings.out}/figures"
        )
        return file

    @staticmethod
    def _notes(file: Path) -> str:
        """What a person wrote below the last heading stays."""
        if not file.exists():
            return NOTES
        lines = file.read_text(encoding="utf-8").splitlines()
        start = next((i for i, line in enumerate(lines) if line.startswith(NOTES)), None)
        return NOTES if start is None else "\n".join(lines[start:]).rstrip("\n")

    def text(self) -> str:
        size, count = self.settings.size, self.settings.count
        label = self.evaluations.model_name()
        table, picture = self.evaluations.table, self._picture
        patches = self.experiment.patches_per_epoch
        fitted = f" with `data.patchesPerEpoch={patches}`" if patches is not None else ""
        config = os.path.relpath(os.path.realpath(self.settings.config), ROOT)
        return f"""# The experiment at {size} px

Written by `make reproduce` on {datetime.now(UTC):%Y-%m-%d} ({machine()}):

```sh
{self._command()}
```

[reproduce.md](../reproduce.md) describes the experiment. Base configuration: `{config}`{fitted}.
Nine real scenes, each without its median and scaled so that the 99.5th percentile of |rate| is 25 cm/yr; every set
holds {count} samples, the real one {count} more for the control. In brackets: 95 % intervals over samples. FID and KID:
Inception of 2015-12-05, pytorch-fid's preprocessing, rates clipped at +-15 cm/yr.

## Table I: simulators and models

{table("table1", relative_to=label)}

{table("table1", "--physics")}
{picture("fig12.png", "t-SNE as the paper's Fig. 12")}
{picture("fig13.png", "t-SNE as the paper's Fig. 13")}
{picture("fig14.png", "t-SNE as the paper's Fig. 14")}

## Table II: the arms

{table("table2", relative_to=label)}

{table("table2", "--physics")}
{picture("fig15.png", "t-SNE as the paper's Fig. 15")}
{picture("fig16.png", "t-SNE of our own ablations")}

## Unseen ground

A model trained on the left halves of the scenes, against their right halves; `left` is the left halves themselves.

{table("unseen", relative_to="left")}

{table("unseen", "--physics")}

The same model against the left halves, which it was trained on. A ratio below 1 in the last two columns means samples
nearer to training patches than those are to each other.

{table("seen", "--physics")}
{picture("fig17.png", "t-SNE of the halves and a model of the left ones")}

## Scenes with a permissive license

A model trained on them and on two small simulated scenes, against patches of the former.

{table("permissive")}

{table("permissive", "--physics")}
{picture("open-real-and-generated.png", REAL_AND_GENERATED)}
{picture("open-real-and-generated-wrapped.png", "The same as wrapped phase of 60 days")}
{picture("open-simulators.png", "Simulators")}
{picture("open-simulators-wrapped.png", "The same as wrapped phase of 60 days")}

## How each was trained

{self._trainings()}"""

    def _command(self) -> str:
        settings = self.settings
        words = [f"make reproduce SIZE={settings.size}"]
        if settings.budget:
            words.append(f"BUDGET={settings.budget}")
        words.append(f'SEEDS="{" ".join(map(str, settings.seeds))}" COUNT={settings.count}')
        if settings.presets != PRESETS:
            words.append(f'PRESETS="{" ".join(settings.presets)}"')
        if settings.models:
            words.append(f'MODELS="{" ".join(f"{name}={name}.safetensors" for name in settings.models)}"')
        if settings.extra:
            words.append(f'EXTRA="{" ".join(settings.extra)}"')
        return " ".join(words)

    def _picture(self, name: str, text: str) -> str:
        """Copied beside the page and shown, where it was drawn."""
        source = self.settings.out / "figures" / name
        if not source.exists():
            return ""
        folder = self.settings.docs / f"reproduce-{self.settings.size}"
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, folder / name)
        return f"\n![{text}]({folder.name}/{name})"

    def _trainings(self) -> str:
        columns = "arm | what it is | seed | changes | iterations | wall min | CPU min | device | threads | folder"
        rows = [f"| {columns} |", "|---" * len(columns.split("|")) + "|"]
        for training in self.experiment.finished():
            record, arm = training.record() or {}, training.arm
            changes = " ".join(f"`{change}`" for change in arm.differences)
            values = [record[k] for k in ("iterations", "wallMinutes", "cpuMinutes", "device", "threads")]
            cells = [arm.name, arm.what, training.seed, changes, *values, training.folder.name]
            rows.append(f"| {' | '.join(map(str, cells))} |")
        return "\n".join(rows)


REAL_AND_GENERATED = (
    "Real patches of permissive scenes, Sun's, and samples of a model that saw nothing else than the former "
    "and simulated scenes"
)
