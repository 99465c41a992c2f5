import json
import math
import tempfile
import unittest
from pathlib import Path

from utility.results import SourceScores, averaged, interval, merged, page, pooled


class Results(unittest.TestCase):
    def test_samples_are_averaged_over_seeds(self) -> None:
        self.assertEqual(averaged([[0.0, 1.0], [1.0, 3.0]]), [0.5, 2.0])

    def test_an_interval_is_over_whole_scenes(self) -> None:
        # Two scenes that differ: a mean is one of 0, 0.5 and 1.
        low, high = interval([0.0] * 10 + [1.0] * 10, 2)
        self.assertEqual((low, high), (0.0, 1.0))
        self.assertEqual(interval([0.25] * 12, 3), (0.25, 0.25))

    def test_the_page_compares_with_the_best_handcrafted_source(self) -> None:
        def scores(source: str, wrong: float) -> SourceScores:
            groups = [[{"filteredRMSRadians": 0.5}] * 3]
            return SourceScores(source, 2, [[wrong] * 4], [[wrong] * 4], groups)

        settings = dict.fromkeys(
            ["seeds", "iterations", "channels", "samples", "maps", "test_samples", "size", "test_size"], 1
        )
        settings |= {"sources": "sun,wu,ours", "recipe": ["model.components=[deformation]"]}
        text = page([scores("sun", 0.3), scores("wu", 0.2), scores("ours", 0.1), scores("ours+real", 0.05)], settings)
        self.assertIn("Differences from `wu`", text)
        self.assertIn('--sources sun,wu,ours --set "model.components=[deformation]"', text)
        self.assertIn("| ours | -10.00 % | -10.00 % to -10.00 %", text)
        order = [text.index(f"\n| {name} |") for name in ["ours+real", "ours", "wu", "sun"]]
        self.assertEqual(order, sorted(order))

    def test_left_out_scenes_are_one_test_set(self) -> None:
        def file(folder: Path, name: str, wrong: list[float], pixels: int, rms: float) -> Path:
            samples = [{"wrongCycles": value, "filteredRMSRadians": rms} for value in wrong]
            groups = [{"pixels": pixels, "filteredRMSRadians": rms}] * 3
            (folder / name).write_text(json.dumps([{"bySample": samples, "groups": groups}]))
            return folder / name

        with tempfile.TemporaryDirectory() as folder:
            a = file(Path(folder), "a", [0.0, 0.2], 30, 1.0)
            b = file(Path(folder), "b", [0.4, 0.6], 10, 3.0)
            scores = merged("real", [[a, b], [b, a]])
        self.assertEqual(scores.scenes, 2)
        self.assertEqual(scores.wrong, [[0.0, 0.2, 0.4, 0.6], [0.4, 0.6, 0.0, 0.2]])
        self.assertAlmostEqual(scores.groups[0][1]["filteredRMSRadians"], math.sqrt((30 * 1 + 10 * 9) / 40))

    def test_groups_without_pixels_do_not_count(self) -> None:
        empty, some = ({"pixels": n, "filteredRMSRadians": rms} for n, rms in ((0, float("nan")), (5, 0.5)))
        self.assertEqual(pooled([[empty], [some]])[0]["filteredRMSRadians"], 0.5)


if __name__ == "__main__":
    unittest.main()
