"""Settings from the environment, and the table of arms."""

import os
import tempfile
import unittest
from pathlib import Path

from reproduce.arms import ArmTable
from reproduce.settings import PRESETS, ROOT, Refused, Settings


class Environment(unittest.TestCase):
    def test_defaults_hold_where_a_variable_is_absent_or_empty(self) -> None:
        settings = Settings.read({"SIZE": "", "SEEDS": "", "WEIGHTS": ""})
        self.assertEqual((settings.size, settings.seeds, settings.weights), (64, (0,), None))
        self.assertEqual(settings.config, ROOT / "configs/small.yaml")
        self.assertEqual(settings.out, ROOT / "runs/reproduce/64")
        self.assertEqual(settings.presets, PRESETS)
        self.assertIsNone(settings.budget_minutes)

    def test_values_are_read(self) -> None:
        settings = Settings.read(
            {"SIZE": "128", "BUDGET": "1.5", "SEEDS": "0 7", "STEPS": "report", "EXTRA": "a=1 b=2"}
        )
        self.assertEqual(settings.config, ROOT / "configs/reproduce-128.yaml")
        self.assertEqual((settings.budget_minutes, settings.seeds), (1.5, (0, 7)))
        self.assertEqual((settings.steps, settings.extra), ({"report"}, ("a=1", "b=2")))
        models = Settings.read({"MODELS": "large=/a/b.safetensors"}).models
        self.assertEqual(models, {"large": Path(os.path.realpath("/a/b.safetensors"))})
        self.assertEqual(settings.label("model", 7), "model-s7")
        self.assertEqual(Settings.read({}).label("model", 0), "model")

    def test_a_value_that_cannot_be_is_named(self) -> None:
        for name, value in (
            ("SIZE", "100"),
            ("BUDGET", "long"),
            ("BUDGET", "0"),
            ("COUNT", "few"),
            ("COUNT", "31"),
            ("SEEDS", "-1"),
            ("JOBS", "0"),
            ("THREADS", "two"),
            ("PICK", "worst"),
            ("STEPS", "everything"),
            ("EXTRA", "epochs"),
            ("MODELS", "large.safetensors"),
            ("PLAN_ITERATIONS", "0"),
        ):
            with self.subTest(name=name), self.assertRaisesRegex(Refused, f"{name}.*{value}"):
                Settings.read({name: value})


class Table(unittest.TestCase):
    def table(self, text: str) -> ArmTable:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "arms.toml"
            path.write_text(text)
            return ArmTable(path)

    def test_the_table_of_the_project_is_sound(self) -> None:
        table = ArmTable(ROOT / "scripts/reproduce/arms.toml")
        self.assertEqual(table.kept_epochs("model"), [42, 80])
        self.assertEqual(table["late-switch"].dataset, "nine")
        self.assertEqual(table["late-switch"].differences, ["from=model@42", "data.filter.epochs.until=76"])

    def test_groups_give_their_arms_once_and_branches_come_last(self) -> None:
        table = ArmTable(ROOT / "scripts/reproduce/arms.toml")
        names = [arm.name for arm in table.select(["late-switch", "table2", "open", "model"])]
        self.assertEqual(names, ["model", "single-scale", "open", "late-switch", "always-filter"])
        self.assertEqual(table.select(["none"]), [])
        self.assertEqual(len(table.select(["all"])), len(table.arms))
        with self.assertRaisesRegex(Refused, "no arm 'nobody'.*model"):
            table.select(["nobody"])

    def test_faults_name_the_arm_and_what_is_allowed(self) -> None:
        model = '[model]\ndataset = "nine"\n'
        for text, message in (
            ('[a]\ndataset = "nine"\n', "no arm 'model'"),
            ('[model]\ndataset = "ten"\n', "model.*'ten'.*nine"),
            (model + 'chances = ["a=1"]\n', "no setting 'chances'"),
            (model + 'changes = ["a"]\n', "KEY=VALUE"),
            (model + 'branch = { arm = "model" }\n', "branch must be"),
            (model + 'branch = { arm = "model", epoch = 0 }\n', "branch.epoch is 0"),
            (model + '[b]\ndataset = "open"\nbranch = { arm = "c", epoch = 1 }\n', "off 'c'"),
            ("model", "arms.toml"),
        ):
            with self.subTest(text=text), self.assertRaisesRegex(Refused, message):
                self.table(text)
