import unittest

from utility.results import SourceScores, averaged, interval, page


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

        settings = dict.fromkeys(["seeds", "iterations", "channels", "samples", "maps", "test_samples"], 1)
        settings |= {"sources": "sun,wu,ours", "recipe": ["model.components=[deformation]"]}
        text = page([scores("sun", 0.3), scores("wu", 0.2), scores("ours", 0.1), scores("ours+real", 0.05)], settings)
        self.assertIn("Differences from `wu`", text)
        self.assertIn('--sources sun,wu,ours --set "model.components=[deformation]"', text)
        self.assertIn("| ours | -10.00 % | -10.00 % to -10.00 %", text)
        order = [text.index(f"\n| {name} |") for name in ["ours+real", "ours", "wu", "sun"]]
        self.assertEqual(order, sorted(order))


if __name__ == "__main__":
    unittest.main()
