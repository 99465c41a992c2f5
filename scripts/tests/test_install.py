"""scripts/install.sh with a program that only prints: what is installed, replaced, removed and refused."""

import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

SCRIPT = Path(__file__).resolve().parents[1] / "install.sh"


class Installing(unittest.TestCase):
    def setUp(self) -> None:
        place = tempfile.TemporaryDirectory()
        self.addCleanup(place.cleanup)
        self.folder = Path(place.name)
        self.prefix = self.folder / "pre fix"
        self.program = self.folder / "build/ganinsar"
        self.program.parent.mkdir()
        self.program.write_text('#!/bin/sh\necho "$0 $*"\n')
        self.program.chmod(0o755)
        shutil.copy(self.program, self.program.with_name("ganinsar-torch"))
        (self.folder / "build/man").mkdir()
        (self.folder / "build/man/ganinsar-train.1").write_text(".TH")
        (self.folder / "torch/lib").mkdir(parents=True)
        (self.folder / "torch/lib/libtorch_cpu.so").touch()

    def run_script(self, word: str, **variables: str) -> tuple[int, str]:
        given = {
            "PREFIX": str(self.prefix),
            "PROGRAM": str(self.program),
            "LIBTORCH": str(self.folder / "torch"),
        }
        environment = {**os.environ, "DESTDIR": "", "COPY_LIBTORCH": "", **given, **variables}
        done = subprocess.run([str(SCRIPT), word], env=environment, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout + done.stderr

    def files(self) -> set[str]:
        return {str(p.relative_to(self.prefix)) for p in self.prefix.rglob("*") if not p.is_dir()}

    def test_the_program_finds_its_model_and_libtorch_beside_it(self) -> None:
        code, text = self.run_script("install")
        self.assertEqual(code, 0, text)
        link = self.prefix / "bin/ganinsar"
        home = link.resolve().parent
        self.assertEqual(home, (self.prefix / "lib/ganinsar").resolve())
        for name in ("models/ganinsar.safetensors", "configs/small.yaml", "torch/lib/libtorch_cpu.so"):
            self.assertTrue((home / name).exists(), name)
        completion = self.prefix / "share/bash-completion/completions/ganinsar"
        self.assertIn("--generate-completion-script bash", completion.read_text())
        self.assertEqual((self.prefix / "share/man/man1/ganinsar-train.1").read_text(), ".TH")
        printed = subprocess.run([str(link), "x"], capture_output=True, text=True, check=True).stdout
        self.assertIn("ganinsar x", printed)

    def test_uninstall_removes_all_that_was_installed_and_nothing_else(self) -> None:
        others = self.prefix / "share/bash-completion/completions/git"
        others.parent.mkdir(parents=True)
        others.touch()
        for _ in range(2):  # a second time replaces the first
            self.assertEqual(self.run_script("install")[0], 0)
        self.assertEqual(self.run_script("uninstall")[0], 0)
        self.assertEqual(self.files(), {"share/bash-completion/completions/git"})
        folders = {str(p.relative_to(self.prefix)) for p in self.prefix.rglob("*") if p.is_dir()}
        self.assertEqual(folders, {"share", "share/bash-completion", "share/bash-completion/completions"})
        code, text = self.run_script("uninstall")
        self.assertTrue(code == 1 and "nothing of ganinsar is installed" in text, text)

    def test_a_copy_of_libtorch_outlives_its_source(self) -> None:
        self.assertEqual(self.run_script("install", COPY_LIBTORCH="1")[0], 0)
        self.assertFalse((self.prefix / "lib/ganinsar/torch").is_symlink())

    def test_destdir_comes_before_the_prefix(self) -> None:
        stage = self.folder / "stage"
        self.assertEqual(self.run_script("install", DESTDIR=str(stage), PREFIX="/opt/x")[0], 0)
        self.assertTrue((stage / "opt/x/bin/ganinsar").exists())
        self.assertEqual(self.run_script("uninstall", DESTDIR=str(stage), PREFIX="/opt/x")[0], 0)
        self.assertEqual(list((stage / "opt").iterdir()), [])

    def test_what_cannot_be_installed_changes_nothing(self) -> None:
        for variables, words in (
            ({"PREFIX": "relative"}, "not an absolute path"),
            ({"PROGRAM": str(self.folder / "none")}, "run 'make build' first"),
            ({"LIBTORCH": str(self.folder)}, "no LibTorch"),
        ):
            code, text = self.run_script("install", **variables)
            self.assertTrue(code == 1 and words in text, text)
        self.assertFalse(self.prefix.exists())
        self.assertIn("unknown word", self.run_script("remove")[1])

    def test_a_program_of_another_origin_is_left_alone(self) -> None:
        other = self.prefix / "bin/ganinsar"
        other.parent.mkdir(parents=True)
        other.write_text("mine")
        code, text = self.run_script("install")
        self.assertTrue(code == 1 and "was not made by this script" in text, text)
        self.assertEqual((other.read_text(), self.files()), ("mine", {"bin/ganinsar"}))


if __name__ == "__main__":
    unittest.main()
