"""scripts/launcher.sh: where a bundle finds LibTorch, and what it says where there is none."""

import os
import subprocess
import tempfile
import unittest
from pathlib import Path

SCRIPT = Path(__file__).resolve().parents[1] / "launcher.sh"


class Launching(unittest.TestCase):
    def setUp(self) -> None:
        place = tempfile.TemporaryDirectory()
        self.addCleanup(place.cleanup)
        self.bundle = Path(place.name) / "a bundle"
        text = SCRIPT.read_text()
        for word, value in (("@TORCH@", "2.11.0"), ("@VERSION@", "1.2.3"), ("@COMMIT@", "abc")):
            text = text.replace(word, value)
        self.launcher = self.executable("lib/ganinsar-torch", text)
        self.executable("lib/ganinsar-torch-program", '#!/bin/sh\necho "$LD_LIBRARY_PATH $OMP_WAIT_POLICY $*"\n')

    def executable(self, name: str, text: str) -> Path:
        file = self.bundle / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        file.chmod(0o755)
        return file

    def torch(self, name: str, version: str = "2.11.0") -> Path:
        folder = self.bundle / name
        (folder / "lib").mkdir(parents=True)
        (folder / "lib/libtorch_cpu.so").touch()
        (folder / "version.py").write_text(f"__version__ = '{version}+cpu'\n")
        return folder

    def start(self, *arguments: str, **variables: str) -> tuple[int, str]:
        environment = {"PATH": os.environ["PATH"], "PYTHON": "/nonexistent/python", **variables}
        done = subprocess.run(
            [str(self.launcher), *arguments], env=environment, capture_output=True, text=True, check=False
        )
        return done.returncode, done.stdout + done.stderr

    def test_libtorch_of_the_variable_comes_before_that_of_the_bundle(self) -> None:
        beside, given = self.torch("torch"), self.torch("given")
        self.assertEqual(self.start("train", "x"), (0, f"{beside}/lib passive train x\n"))
        self.assertEqual(self.start("train", LIBTORCH=str(given)), (0, f"{given}/lib passive train\n"))

    def test_libtorch_of_a_python_is_found(self) -> None:
        torch = self.torch("python's torch")
        python = self.executable("python", f'#!/bin/sh\necho "{torch}"\n')
        self.assertEqual(self.start("train", PYTHON=str(python))[1], f"{torch}/lib passive train\n")

    def test_what_is_missing_is_said(self) -> None:
        other = self.torch("other", "2.9.1")
        for variables, words in (
            ({}, "LIBTORCH is not set and /nonexistent/python has no torch: 'pip install torch==2.11.0'"),
            ({"LIBTORCH": "/nonexistent"}, "/nonexistent/lib/libtorch_cpu.so does not exist"),
            ({"LIBTORCH": str(other)}, "other is version 2.9.1"),
        ):
            code, text = self.start("train", **variables)
            self.assertTrue(code == 1 and "needs LibTorch 2.11" in text and words in text, text)

    def test_the_version_is_told_without_libtorch(self) -> None:
        code, text = self.start("--version")
        self.assertEqual((code, text.splitlines()[:2]), (0, ["1.2.3", "commit abc"]))
        self.assertIn("LibTorch not found: ", text)


if __name__ == "__main__":
    unittest.main()
