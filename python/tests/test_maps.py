"""Maps drawn through the pipe are those that the program writes into files."""

import json
import os
import re
import subprocess
import unittest
from pathlib import Path
from unittest.mock import patch

import ganinsar
import numpy as np
import torch
from ganinsar._program import environment
from support import FolderTestCase, needs
from torch.utils.data import DataLoader


class MapTests(FolderTestCase):
    def test_an_array_is_the_files_of_the_same_command(self) -> None:
        maps = ganinsar.generate(count=5, seed=3, size=(40, 24))
        self.assertEqual((maps.shape, maps.dtype), ((5, 24, 40), np.float32))
        ganinsar.run(
            "generate", "-o", self.folder / "maps", "--count", "5", "--seed", "3", "--size", "40x24", "--quiet"
        )
        for index, values in enumerate(maps):
            np.testing.assert_array_equal(values, np.load(self.folder / f"maps/sample-{index:08d}.npy"))
        self.assertGreater(np.abs(maps).max(), 0.1)
        self.assertFalse(np.array_equal(maps, ganinsar.generate(count=5, seed=4, size=(40, 24))))

    def test_a_stream_has_the_maps_from_any_first_one(self) -> None:
        maps = ganinsar.generate(count=4, seed=1)
        with ganinsar.stream(seed=1, first=2) as stream:  # without end
            self.assertEqual((stream.rows, stream.columns), (64, 64))
            np.testing.assert_array_equal(next(stream), maps[2])
            np.testing.assert_array_equal(next(stream), maps[3])
        self.assertIsNotNone(stream._process.poll(), "a closed stream leaves no program behind")
        self.assertEqual(list(stream), [])

    def test_a_stream_ends_after_its_maps(self) -> None:
        stream = ganinsar.stream(count=3, seed=1)
        self.assertEqual(len(stream), 3)
        self.assertEqual(len(list(stream)), 3)
        self.assertEqual(stream._process.poll(), 0)

    def test_options_reach_the_program(self) -> None:
        maps = ganinsar.generate(count=4, seed=1, spread=(2, 5), mean=(-1, 1), max_rate=30, truncation=0.9)
        self.assertLessEqual(np.abs(maps).max(), 30)

    def test_what_the_program_refuses_is_an_error_with_its_words(self) -> None:
        for arguments, words in (
            ({"size": 0}, "the size is 0x0"),
            ({"model": "/no/model"}, "/no/model"),
            ({"spread": (1e6, 2e6)}, "no training patch"),
        ):
            with self.assertRaises(ganinsar.ProgramError) as raised:
                ganinsar.generate(count=1, **arguments)
            self.assertIn(words, str(raised.exception))
            self.assertFalse(str(raised.exception).startswith("Error"))
            self.assertEqual(raised.exception.code, 1)

    def test_four_workers_give_each_map_once(self) -> None:
        expected = ganinsar.generate(count=10, seed=2)
        loader = DataLoader(ganinsar.GeneratedMaps(count=10, seed=2), batch_size=2, num_workers=4)
        loaded = torch.cat(list(loader))
        self.assertEqual(loaded.shape, (10, 1, 64, 64))
        for values in expected:
            distances = (loaded[:, 0] - torch.from_numpy(values)).abs().amax((1, 2))
            self.assertEqual(int((distances < 1e-4 * np.abs(values).max()).sum()), 1)


class CommandTests(unittest.TestCase):
    def test_the_version_is_that_of_the_program(self) -> None:
        self.assertEqual(ganinsar.__version__, ganinsar.run("--version").splitlines()[0])

    def test_results_of_commands_come_as_text(self) -> None:
        result = json.loads(ganinsar.run("config", "--list", "--json"))
        self.assertIn("paper", [entry["name"] for entry in result])
        with self.assertRaises(ganinsar.ProgramError) as raised:
            ganinsar.run("simulate", "--what")
        self.assertEqual(raised.exception.code, 64)


class ModelTests(FolderTestCase):
    def used(self, *words: str) -> Path:
        """The model that the program says it uses."""
        done = subprocess.run(
            [str(ganinsar.program()), "generate", "-o", str(self.folder / "used"), "--overwrite", "--count", "1"]
            + ["--verbose", *words],
            env=environment(),
            capture_output=True,
            text=True,
            check=True,
        )
        found = re.search(r"model (\S+\.safetensors)", done.stderr)
        assert found is not None, done.stderr
        return Path(found[1]).resolve()

    def test_the_model_of_a_size_is_the_one_that_the_program_uses(self) -> None:
        for size, words, name in (
            (None, [], "ganinsar"),
            (64, ["--size", "64"], "ganinsar"),
            (65, ["--size", "65"], "large"),
            ((40, 80), ["--size", "40x80"], "large"),
        ):
            model = ganinsar.shipped_model(size)
            self.assertEqual(model.name, f"{name}.safetensors")
            self.assertEqual(model.resolve(), self.used(*words))

    def test_another_model_can_be_named_for_all(self) -> None:
        with patch.dict(os.environ, {"GANINSAR_MODEL": "/mine.safetensors"}):
            self.assertEqual(ganinsar.shipped_model(), Path("/mine.safetensors"))
            self.assertEqual(ganinsar.shipped_model(256), Path("/mine.safetensors"))


class GeneratorTests(FolderTestCase):
    @needs("safetensors")
    def test_the_model_in_pytorch_draws_the_same_maps(self) -> None:
        import sys

        from support import EXAMPLES

        sys.path.insert(0, str(EXAMPLES))
        self.addCleanup(sys.path.remove, str(EXAMPLES))
        import load_generator

        model = ganinsar.shipped_model()
        ours = ganinsar.generate(count=4, seed=7)
        for index, expected in enumerate(ours):
            theirs = load_generator.rate_map(load_generator.Generator(model), seed=7, index=index).numpy()
            self.assertLess(np.abs(theirs - expected).max(), 1e-5 * np.abs(expected).max())


if __name__ == "__main__":
    unittest.main()
