"""Every example runs, on tiny data, and says what it should."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import ganinsar
from support import EXAMPLES, FolderTestCase, needs


class ExampleTests(FolderTestCase):
    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        ganinsar.run("generate", "-o", cls.folder / "maps", "--count", "10", "--seed", "1", "--quiet")
        for recipe, arrays in (
            ("unwrapping", "wrapped,coherence,unwrapped"),
            ("denoising", "wrapped,clean,filtered"),
            ("detection", "wrapped,coherence,moving"),
        ):
            words = f"--recipe {recipe} --arrays {arrays} --set model.goldstein.alpha=0.6".split()
            words += ["--samples-per-map", "8", "--size", "32", "--seed", "1", "--quiet"]
            ganinsar.run("dataset", cls.folder / "maps", "-o", cls.folder / recipe, *words)

    def example(self, name: str, *arguments: str | Path, variables: dict[str, str] | None = None) -> str:
        """What an example prints; fails with its messages."""
        program = [sys.executable] if name.endswith(".py") else ["bash"]
        # Scripts call the command by its name.
        tools = self.folder / "tools"
        if not tools.exists():
            tools.mkdir()
            (tools / "ganinsar").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m ganinsar "$@"\n')
            (tools / "ganinsar").chmod(0o755)
        done = subprocess.run(
            [*program, str(EXAMPLES / name), *map(str, arguments)],
            env={**os.environ, **(variables or {}), "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}"},
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
        )
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def trained(self, name: str, recipe: str) -> str:
        text = self.example(f"train_{name}.py", recipe, "--epochs", "2", "--channels", "4", "--workers", "0")
        losses = [float(word) for word in re.findall(r"loss (\S+)", text)]
        self.assertEqual(len(losses), 2)
        self.assertLess(losses[1], losses[0])
        self.assertTrue((self.folder / "network.pt").exists())
        return text

    def test_an_unwrapper_learns(self) -> None:
        self.assertRegex(self.trained("unwrapper", "unwrapping"), r"validation: mean error \d")

    def test_a_denoiser_learns(self) -> None:
        found = re.search(r"noisy (\S+), Goldstein (\S+), network (\S+)", self.trained("denoiser", "denoising"))
        assert found is not None
        noisy, goldstein, _ = (float(word) for word in found.groups())
        self.assertLess(goldstein, noisy)

    def test_a_detector_learns(self) -> None:
        self.assertRegex(self.trained("detector", "detection"), r"validation: \d+\.\d% of the ground moves")

    @needs("xarray", "rasterio", "h5py")
    def test_a_stack_is_read(self) -> None:
        self.stack("geotiff")
        text = self.example("read_stack.py", "geotiff-stack")
        found = re.search(r"correlation (\S+) with", text)
        assert found is not None
        self.assertGreater(float(found[1]), 0.3)
        self.assertRegex(text, r"pixel of \d+ x \d+, band unit rad")

    def stack(self, layout: str) -> None:
        ganinsar.run("simulate", "sun", "-o", self.folder / layout, "--count", "1", "--size", "64", "--quiet")
        words = ("--format", layout, "--seed", "1", "--set", "network.count=12", "--quiet")
        ganinsar.run("compose", self.folder / layout / "sun_000000.tif", "-o", self.folder / f"{layout}-stack", *words)

    def test_mintpy_inverts_a_stack(self) -> None:
        if shutil.which("ifgram_inversion.py") is None:
            self.skipTest("needs mintpy")
        self.stack("mintpy")
        self.assertIn("m/year", self.example("mintpy_velocity.sh", "mintpy-stack"))

    def test_the_jobs_of_an_array_make_one_dataset(self) -> None:
        for step in ("maps", "samples"):
            for task in ("1", "0", "2"):
                variables = {"SLURM_ARRAY_TASK_ID": task, "SLURM_ARRAY_TASK_COUNT": "3", "STEP": step}
                self.example("slurm_array.sh", "7", self.folder / "array", variables=variables)
        self.assertEqual(len(ganinsar.open_dataset(self.folder / "array/training", "train")), 50)

    @needs("safetensors")
    def test_the_generator_is_loaded(self) -> None:
        self.assertIn("equal to 1e-5 of the largest rate", self.example("load_generator.py"))
