"""The page: what it says without measurements, and what a person wrote in it."""

import tempfile
import unittest
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

from reproduce.arms import ArmTable
from reproduce.datasets import Datasets
from reproduce.evaluation import Evaluations
from reproduce.page import Page
from reproduce.program import Program
from reproduce.settings import ROOT, Settings
from reproduce.training import Experiment


class Writing(unittest.TestCase):
    def setUp(self) -> None:
        place = tempfile.TemporaryDirectory()
        self.addCleanup(place.cleanup)
        self.folder = Path(place.name)
        settings = Settings.read(
            {"OUT": f"{place.name}/out", "DOCS": f"{place.name}/docs", "SEEDS": "3", "EXTRA": "a=1"}
        )
        program = Program(settings.ganinsar)
        table = ArmTable(ROOT / "scripts/reproduce/arms.toml")
        experiment = Experiment(settings, program, Datasets(settings, program), table)
        self.page = Page(settings, experiment, Evaluations(settings, program, experiment))

    def write(self) -> str:
        with redirect_stdout(StringIO()):
            return self.page.write().read_text()

    def test_what_was_not_measured_is_said(self) -> None:
        text = self.write()
        self.assertEqual(text.count("Not measured yet."), 9)
        self.assertIn('make reproduce SIZE=64 SEEDS="3" COUNT=2000 EXTRA="a=1"\n', text)
        self.assertIn("Base configuration: `configs/small.yaml`.\nNine", text)
        self.assertTrue(text.endswith("\n## What was found\n"))

    def test_what_a_person_wrote_stays(self) -> None:
        first = self.write()
        file = self.folder / "docs/reproduce-64.md"
        file.write_text(first + "\nThe filter matters.\n\n## What was found later\n\nMore.\n")
        self.assertEqual(self.write(), file.read_text())
        self.assertIn("The filter matters.", self.write())
        self.assertEqual(self.write(), self.write())

    def test_ratios_are_to_the_first_given_model_where_none_was_trained(self) -> None:
        evaluations = self.page.evaluations
        evaluations.settings = Settings.read({"OUT": f"{self.folder}/out", "MODELS": "large=a.safetensors b=b"})
        self.assertEqual(evaluations.model_name(), "large")
        folder = evaluations.folder("table1")
        folder.mkdir(parents=True)
        (folder / "metrics.json").write_text('{"sets": [{"name": "large"}, {"name": "model"}], "real": {}}')
        self.assertEqual(evaluations.model_name(), "model")

    def test_pictures_are_copied_beside_the_page(self) -> None:
        figures = self.folder / "out/figures"
        figures.mkdir(parents=True)
        for name in ("open-simulators.png", "local-real-and-generated.png"):
            (figures / name).write_bytes(b"picture")
        self.assertIn("\n![Simulators](reproduce-64/open-simulators.png)\n", self.write())
        shown = sorted(p.name for p in (self.folder / "docs/reproduce-64").iterdir())
        self.assertEqual(shown, ["open-simulators.png"])  # local pictures stay where they are
