"""Field networks from scenes to a model that draws maps: windows, training, averaging, export.

Needs torch, numpy and safetensors: scripts/python-check.sh runs it. The last test needs the built program, named by
GANINSAR_PROGRAM.
"""

import json
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import numpy as np
import torch

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import field_average
import field_data
from field_train import Options
from safetensors.torch import save_file

HERE = Path(field_data.__file__).resolve().parent


def datasets(folder: Path) -> Path:
    """Two scenes, one loud with a hole and one quiet, as `ganinsar prepare` writes them, packed."""
    (folder / "six/scenes").mkdir(parents=True)
    y, x = np.mgrid[:200, :210] / 20.0
    loud = (12 * np.sin(y) * np.cos(x) + 9).astype(np.float32)
    loud[20:30, 40:70] = np.nan
    quiet = (0.5 * np.sin(x[:150, :160] * 3)).astype(np.float32)
    for name, scene in (("loud", loud), ("quiet", quiet)):
        np.save(folder / f"six/scenes/{name}.npy", scene)
    scenes = [{"name": "loud"}, {"name": "quiet"}, {"name": "unseen", "isHeldOut": True}]
    (folder / "six/dataset.json").write_text(json.dumps({"scenes": scenes}))
    field_data.pack(folder / "scenes.npz", {"mine": folder / "six"})
    return folder / "scenes.npz"


def made_up_trunk(path: Path) -> None:
    """A file as `field_features.py` packs it, of random numbers: the layers of EfficientNet-Lite0 that are used."""
    random = torch.Generator().manual_seed(3)
    state: dict[str, torch.Tensor] = {}

    def layer(name: str, norm: str, outputs: int, inputs: int, kernel: int) -> None:
        state[f"{name}.weight"] = torch.randn(outputs, inputs, kernel, kernel, generator=random) / (
            inputs**0.5 * kernel
        )
        for part, value in (("weight", 1.0), ("bias", 0.0), ("running_mean", 0.0), ("running_var", 1.0)):
            state[f"{norm}.{part}"] = torch.full((outputs,), value)

    layer("_conv_stem", "_bn0", 32, 3, 3)
    index, inputs = 0, 32
    stages = ((3, 1, 16, 1), (3, 6, 24, 2), (5, 6, 40, 2), (3, 6, 80, 3), (5, 6, 112, 3), (5, 6, 192, 4))
    for kernel, expansion, outputs, count in stages:
        for _ in range(count):
            name, wide = f"_blocks.{index}.", inputs * expansion
            if expansion > 1:
                layer(name + "_expand_conv", name + "_bn0", wide, inputs, 1)
            layer(name + "_depthwise_conv", name + "_bn1", wide, 1, kernel)
            layer(name + "_project_conv", name + "_bn2", outputs, wide, 1)
            index, inputs = index + 1, outputs
    save_file(state, path)


class Scenes(unittest.TestCase):
    def setUp(self) -> None:
        place = tempfile.TemporaryDirectory()
        self.addCleanup(place.cleanup)
        self.scenes = datasets(Path(place.name))

    def windows(self, **options: int) -> field_data.Windows:
        random = torch.Generator().manual_seed(1)
        return field_data.Windows(self.scenes, "mine", 64, torch.device("cpu"), random, **options)

    def test_holes_are_filled_within_the_values_around_them(self) -> None:
        archive = np.load(self.scenes)
        for name in json.loads(str(archive["sets"]))["mine"]:
            self.assertTrue(np.isfinite(archive[name]).all())
        loud = next(archive[name] for name in json.loads(str(archive["names"])) if archive[name].shape == (200, 210))
        ring = np.concatenate([loud[19, 39:71], loud[30, 39:71], loud[19:31, 39], loud[19:31, 70]])
        inside = loud[20:30, 40:70]
        self.assertTrue(ring.min() <= inside.min() and inside.max() <= ring.max())

    def test_one_scale_draws_pixels_of_the_scenes_only(self) -> None:
        archive = np.load(self.scenes)
        pixels = np.concatenate([archive[n].ravel() for n in json.loads(str(archive["sets"]))["mine"]])
        known = torch.tensor(np.unique(pixels))
        for scales in (1, 2):
            x = self.windows(scales=scales).draw(40, mirrored=0)
            self.assertEqual(x.shape, (40, 1, 64, 64))
            share = torch.isin(x, known).float().mean((1, 2, 3))
            # Means of four pixels are pixels of the scenes by chance only.
            self.assertEqual(bool((share < 0.5).any()), scales == 2)

    def test_the_filter_keeps_loud_windows(self) -> None:
        windows = self.windows(filtered=True)
        free, filtered = self.windows().draw(200), windows.draw(200)

        def quiet(x: torch.Tensor) -> torch.Tensor:
            return (x.abs() <= field_data.QUIET_RATE).float().mean((1, 2, 3))

        self.assertGreater(float(quiet(free).max()), 0.9)
        # Of a window at half the resolution, the pixels before averaging are counted.
        self.assertLessEqual(float(quiet(filtered).max()), field_data.QUIET_SHARE + 0.02)
        self.assertEqual(set(windows.drawn.tolist()), {0})


class Averages(unittest.TestCase):
    def test_singular_vectors_are_those_of_the_mean(self) -> None:
        random = torch.Generator().manual_seed(2)
        states = [
            {
                "a.weight": torch.randn(6, 4, 3, 3, generator=random).half(),
                "a.weight_u": torch.nn.functional.normalize(torch.randn(6, generator=random), dim=0).half(),
                "a.weight_v": torch.zeros(36).half(),
            }
            for _ in range(3)
        ]
        mean = field_average.averaged(states)
        expected = sum(s["a.weight"].float() for s in states) / 3
        torch.testing.assert_close(mean["a.weight"].float(), expected, rtol=1e-3, atol=1e-3)
        norm = mean["a.weight_u"].float() @ expected.flatten(1) @ mean["a.weight_v"].float()
        self.assertAlmostEqual(float(norm), float(torch.linalg.matrix_norm(expected.flatten(1), 2)), delta=0.02)


class Settings(unittest.TestCase):
    def test_a_jobs_fractions_stay_fractions(self) -> None:
        changed = Options().changed("reoriented=0.6,placed=0.5,noise=2,filtered=1,hold=40")
        self.assertEqual((changed.reoriented, changed.placed, changed.noise), (0.6, 0.5, 2))
        self.assertIs(changed.filtered, True)
        self.assertEqual(changed.hold, 40)


class Training(unittest.TestCase):
    def setUp(self) -> None:
        place = tempfile.TemporaryDirectory()
        self.addCleanup(place.cleanup)
        self.folder = Path(place.name)
        datasets(self.folder)

    def script(self, name: str, *arguments: object) -> str:
        command = [sys.executable, str(HERE / name), *map(str, arguments)]
        environment = {**os.environ, "OMP_NUM_THREADS": "1"}
        result = subprocess.run(command, capture_output=True, text=True, cwd=self.folder, env=environment)
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        return result.stdout

    def train(self, *arguments: object) -> dict:
        self.script("field_train.py", "--scenes", "scenes.npz", "--output", "out", "--mirrored", 0, *arguments)
        return torch.load(self.folder / "out/a-state.pt", weights_only=True)

    def test_a_training_goes_on_and_its_mean_becomes_a_model(self) -> None:
        made_up_trunk(self.folder / "features.safetensors")
        options = ["--noise", 1, "--reoriented", 0.5, "--r1", 1, "--projected", 1]
        options += ["--features", "features.safetensors", "--jobs", "a:mine:native:1/1:2", "--save", "--seconds", 6]
        first = self.train(*options, "--end", 0.5)
        second = self.train(*options)
        self.assertEqual((first["done"], second["done"]), (0.5, 1.0))
        self.assertGreater(second["iterations"], first["iterations"])
        self.assertTrue(torch.equal(first["labels"][0], second["labels"][0]))
        self.script("field_average.py", "out/a-50.pt", "out/a-100.pt", "-o", "mean.pt")
        scenes = ["--scenes", "quiet", "loud"]
        self.script("field_export.py", "mean.pt", "-o", "model.safetensors", *scenes, "--greatest-rate", 1e6)
        program = os.environ.get("GANINSAR_PROGRAM")
        if not program:
            self.skipTest("GANINSAR_PROGRAM is not set: the model was not drawn from")
        command = [program, "generate", "model.safetensors", "-o", "maps", "--count", "3", "--format", "npy", "--quiet"]
        subprocess.run(command, cwd=self.folder, check=True)
        maps = np.stack([np.load(path) for path in sorted((self.folder / "maps").glob("*.npy"))])
        self.assertEqual(maps.shape, (3, 64, 64))
        self.assertTrue(np.isfinite(maps).all() and (maps.std((1, 2)) > 0).all())

    def test_labels_are_those_of_filtered_windows(self) -> None:
        options = ["--filtered", "--scales", 1, "--jobs", "a:mine:native:1/1:2", "--save", "--seconds", 3]
        state = self.train(*options)
        quiet = state["labels"][4]
        self.assertLessEqual(float(quiet.max()), field_data.QUIET_SHARE + 0.02)


if __name__ == "__main__":
    unittest.main()
