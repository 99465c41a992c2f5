"""The trainings, with a program that trains nothing: folders, order, interruption, the plan."""

import fcntl
import io
import json
import os
import signal
import sys
import tempfile
import threading
import unittest
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

from reproduce.arms import ArmTable
from reproduce.datasets import Datasets
from reproduce.program import Program, Stopped
from reproduce.settings import Refused, Settings
from reproduce.training import Experiment, Resolved, identity, planned

ARMS = """
[model]
dataset = "nine"
[branch]
dataset = "nine"
branch = { arm = "model", epoch = 1 }
changes = ["average.decay=0"]
[plain]
dataset = "nine"
changes = ["rates.flattening=0"]
"""


class Trainings(unittest.TestCase):
    def setUp(self) -> None:
        place = tempfile.TemporaryDirectory()
        self.addCleanup(place.cleanup)
        self.folder = Path(place.name)
        (self.folder / "arms.toml").write_text(ARMS)
        dataset = self.folder / "out/data/nine"
        dataset.mkdir(parents=True)
        self.write_dataset("0" * 8)
        self.environment: dict[str, str] = {}

    def write_dataset(self, values: str) -> None:
        scene = {"name": "a", "fileSHA256": values, "isHeldOut": False, "path": "anywhere"}
        file = self.folder / "out/data/nine/dataset.json"
        file.write_text(json.dumps({"scenes": [scene]}))

    def experiment(self, **variables: str) -> Experiment:
        settings = Settings.read(
            {
                "GANINSAR": str(Path(__file__).with_name("fake_ganinsar.py")),
                "GANINSAR_BENCH": str(Path(__file__).with_name("fake_ganinsar.py")),
                "OUT": str(self.folder / "out"),
                "ARM_TABLE": str(self.folder / "arms.toml"),
                "JOBS": "2",
                "THREADS": "1",
                **variables,
            }
        )
        program = Program(settings.ganinsar)
        program.environment |= {"FAKE_LOG": str(self.folder / "calls.txt"), **self.environment}
        table = ArmTable(settings.arm_table)
        return Experiment(settings, program, Datasets(settings, program), table)

    def train(self, experiment: Experiment, *names: str) -> str:
        printed = io.StringIO()
        with redirect_stdout(printed), redirect_stderr(printed):
            try:
                experiment.train(experiment.table.select(names or ["all"]))
            finally:
                self.printed = printed.getvalue()
        return self.printed

    def calls(self) -> list[str]:
        lines = (self.folder / "calls.txt").read_text().splitlines()
        return [line for line in lines if line.startswith("train") and "--dry-run" not in line]

    def test_all_arms_are_trained_once_and_branches_start_from_their_base(self) -> None:
        self.train(self.experiment())
        self.assertEqual(len(self.calls()), 3)
        finished = {t.arm.name: t.record() for t in self.experiment().finished()}
        self.assertEqual(list(finished), ["model", "branch", "plain"])
        record = finished["branch"]
        assert record is not None
        self.assertEqual((record["iterations"], record["device"]), (5, "cpu"))
        self.assertRegex(record["branchedFrom"], r"arms/model-s0-.*/checkpoint-00000003\.safetensors$")
        again = self.train(self.experiment())
        self.assertEqual(again.count("done before"), 3)
        self.assertEqual(len(self.calls()), 3)

    def test_what_does_not_change_the_result_does_not_change_the_folder(self) -> None:
        def folder(**variables: str) -> Path:
            experiment = self.experiment(**variables)
            return experiment.training(experiment.table["model"], 0).folder

        first = folder()
        self.assertEqual(folder(THREADS="2", DEVICE="cuda", EXTRA="output.gridRows=3"), first)
        self.assertNotEqual(folder(EXTRA="average.decay=0.5"), first)
        self.write_dataset("1" * 8)
        self.assertNotEqual(folder(), first)

    def test_patience_counts_where_it_may_end_a_run(self) -> None:
        configuration = {"a": 1, "output": 2, "execution": 3, "evaluation": {"patienceEvaluations": 0}}
        self.assertEqual(identity(configuration), {"a": 1})
        configuration["evaluation"] = {"patienceEvaluations": 4}
        self.assertEqual(identity(configuration), {"a": 1, "patienceEvaluations": 4})

    def test_a_signal_lets_all_save_and_the_same_command_continues(self) -> None:
        self.environment["FAKE_SECONDS"] = "20"
        experiment = self.experiment()
        before = {n: signal.getsignal(n) for n in (signal.SIGINT, signal.SIGTERM)}
        experiment.program.catch_signals()

        def interrupt_when_both_run() -> None:
            while len(list(self.folder.glob("out/arms/*/runs/*/log.txt"))) < 2:
                pass
            os.kill(os.getpid(), signal.SIGINT)

        try:
            threading.Thread(target=interrupt_when_both_run).start()
            with self.assertRaises(Stopped):
                self.train(experiment)
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
        self.assertEqual(self.experiment().finished(), [])
        self.assertEqual(len(list(self.folder.glob("out/arms/*/sessions.txt"))), 2)
        self.environment["FAKE_SECONDS"] = "0"
        printed = self.train(self.experiment())
        self.assertEqual(printed.count("continuing"), 2)
        self.assertEqual(len(self.experiment().finished()), 3)
        sessions = next(self.folder.glob("out/arms/model-*/sessions.txt")).read_text()
        self.assertEqual(len(sessions.splitlines()), 2)

    def test_a_failure_is_named_and_the_others_are_kept(self) -> None:
        self.environment["FAKE_FAIL"] = "model"
        with self.assertRaisesRegex(Refused, "keeps the others"):
            self.train(self.experiment())
        self.assertRegex(self.printed, "training of 'model' failed: see .*train.log")
        self.assertEqual({t.arm.name for t in self.experiment().finished()}, {"branch", "plain"})

    def test_a_refused_configuration_ends_all_before_any_training(self) -> None:
        with self.assertRaisesRegex(Refused, "configuration of the arm 'model'"):
            self.train(self.experiment(EXTRA="refuse=1"))
        self.assertFalse((self.folder / "out/arms").exists())

    def test_an_arm_that_another_driver_trains_is_left_alone(self) -> None:
        experiment = self.experiment()
        folder = experiment.training(experiment.table["model"], 0).folder
        folder.mkdir(parents=True)
        with (folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            self.assertIn("another process trains it", self.train(experiment, "model"))
        self.assertEqual(self.experiment().finished(), [])

    def test_the_budget_becomes_patches_per_epoch_once(self) -> None:
        for _ in range(2):
            experiment = self.experiment(BUDGET="1")
            with redirect_stdout(io.StringIO()):
                experiment.plan()
            # 54 s of 2 s each over 2 epochs are 13 iterations per epoch, of 4 patches.
            self.assertEqual(experiment.patches_per_epoch, 52)
        calls = (self.folder / "calls.txt").read_text()
        self.assertEqual(calls.count("--iterations"), 1)
        self.assertIn("--set", calls)

    def test_a_gpu_is_planned_by_the_clock(self) -> None:
        configuration = {"cutMix": {"probability": 0.25}, "epochs": 10, "batchSize": 8}
        times = {"plain_seconds": 0.1, "cutmix_seconds": 0.5, "plain_cpu_seconds": 9.0}
        plan = planned(Resolved(configuration, "cuda:0"), times, 1, cores=4)
        self.assertAlmostEqual(plan["seconds"], 0.2)
        self.assertEqual((plan["iterations"], plan["patchesPerEpoch"]), (270, 216))


if __name__ == "__main__":
    sys.exit(unittest.main())
