"""The arithmetic of the results and the writing of the page: `python3 -m unittest discover Benchmarks/Tests`."""

import json
import sys
import tempfile
import unittest
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from harness import page
from harness.measure import Failed, Program, run
from harness.results import OURS, ResultFile, best_peer, growth, ratios


def rounds(*cpus, wall=1.0, memory=100.0):
    return [{"cpu": cpu, "wall": wall, "memory": memory} for cpu in cpus]


def point(label="small", amount=10, **programs):
    names = {"ours": OURS}
    return {
        "label": label,
        "series": "",
        "amount": amount,
        "check": "equal",
        "programs": {names.get(n, n): r for n, r in programs.items()},
        "floor": {"cpu": 0.5, "how": "2 GB at 4 GB/s"},
    }


class Arithmetic(unittest.TestCase):
    def test_ratios_are_ours_over_theirs_of_medians(self):
        found = ratios(point(ours=rounds(1, 9, 2, wall=3), peer=rounds(4, 4, 100, memory=400)), "peer")
        self.assertEqual(found, {"cpu": 0.5, "wall": 3.0, "memory": 0.25})

    def test_the_best_peer_is_the_one_that_needs_least_by_the_measure(self):
        both = point(ours=rounds(1), a=rounds(2, wall=9), b=rounds(3, wall=8))
        self.assertEqual(best_peer(both, "cpu"), "a")
        self.assertEqual(best_peer(both, "wall"), "b")
        self.assertEqual(best_peer(both, "cpu", "b"), "b")
        self.assertIsNone(best_peer(both, "cpu", "c"))
        self.assertIsNone(best_peer(point(ours=rounds(1)), "cpu"))

    def test_growth_is_the_exponent_between_the_ends(self):
        points = [
            point(amount=10, ours=rounds(2)),
            point(amount=20, ours=rounds(99)),
            point(amount=1000, ours=rounds(20_000), peer=rounds(1)),
        ]
        self.assertAlmostEqual(growth(points, OURS), 2)
        self.assertIsNone(growth(points, "peer"))

    def test_numbers_have_three_digits(self):
        self.assertEqual(page.number(1234.5), "1,234")
        self.assertEqual(page.number(12.345), "12.3")
        self.assertEqual(page.number(1.0), "1.00")
        self.assertEqual(page.number(0.012345), "0.0123")


class Results(unittest.TestCase):
    def test_points_are_kept_in_order_and_stale_ones_go(self):
        with tempfile.TemporaryDirectory() as folder:
            for label in ["large", "gone", "small"]:
                file = ResultFile(Path(folder), "x")
                file.keep(point(label), ["small", "gone", "large"])
                file.save(title="X")
            file = ResultFile(Path(folder), "x")
            file.keep(point("small", amount=11), ["small", "large"])
            file.save()
            content = json.loads((Path(folder) / "x.json").read_text())
            self.assertEqual([p["label"] for p in content["points"]], ["small", "large"])
            self.assertEqual(content["points"][0]["amount"], 11)
            self.assertEqual(content["title"], "X")


class Page(unittest.TestCase):
    def write(self, goal_ratio):
        result = {
            "name": "x",
            "title": "Work",
            "unit": "pixels",
            "work": "What is timed.",
            "date": "today",
            "commit": "abc",
            "skipped": [["other", "a checkout: OTHER=PATH"]],
            "goals": [{"point": "large", "measure": "cpu", "ratio": goal_ratio, "peer": None}],
            "points": [
                point("small", 10, ours=rounds(1), peer=rounds(2)),
                point("large", 100, ours=rounds(10), peer=rounds(40)),
            ],
        }
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "page.md"
            page.write(path, [result], {}, {"x": "A note."})
            return path.read_text()

    def test_the_page_says_ratios_floor_growth_goal_and_what_was_left_out(self):
        text = self.write(0.5)
        self.assertIn("| Work | large | peer | 0.250 | 1.00 | 1.00 | 20.0 | CPU 0.500: yes |", text)
        self.assertIn("| large | ganinsar | 10.0 | 1.00 | 100 |  |  |  | 1 |", text)
        self.assertIn("|  | peer | 40.0 | 1.00 | 100 | 0.250 | 1.00 | 1.00 | 1 |", text)
        self.assertIn("|  | *floor* | 0.500 |  |  | 20.0 |", text)
        self.assertIn("to the power of 1.00 (ganinsar), 1.30 (peer)", text)
        self.assertIn("- other: needs a checkout: OTHER=PATH.", text)
        self.assertIn("A note.", text)

    def test_a_goal_that_is_missed_is_said(self):
        self.assertIn("CPU 1/5: **no**", self.write(0.2))

    def test_memory_above_a_peers_is_said(self):
        result = {
            "title": "Work",
            "points": [point(ours=rounds(1, memory=300), lean=rounds(1, memory=100), fat=rounds(1, memory=900))],
        }
        self.assertIn("Work, small (3.00 times lean's)", page.memory_text([result]))
        self.assertNotIn("fat", page.memory_text([result]))
        self.assertEqual(page.memory_text([]), "")


class Measuring(unittest.TestCase):
    def test_a_program_that_fails_is_named_with_its_message(self):
        program = Program("x", [["sh", "-c", "echo broken >&2; exit 3"]])
        with self.assertRaisesRegex(Failed, "(?s)status 3.*broken"):
            run(program)

    def test_times_come_from_the_report_where_the_program_gives_them(self):
        code = "print('noise'); print('{\"seconds\": 7, \"cpu_seconds\": 8}')"
        program = Program(
            "x", [[sys.executable, "-c", code]], times=lambda report: (report["seconds"], report["cpu_seconds"])
        )
        found = run(program)
        self.assertEqual((found["wall"], found["cpu"]), (7, 8))
        self.assertGreater(found["memory"], 1)

    def test_commands_of_one_program_add_up_and_old_outputs_go(self):
        with tempfile.TemporaryDirectory() as folder:
            output = Path(folder) / "made"
            burn = [sys.executable, "-c", "import time\nwhile time.process_time() < 0.2: pass"]
            make = ["mkdir", str(output)]
            program = Program("x", [burn, burn, make], outputs=[output])
            self.assertGreater(run(program)["cpu"], 0.4)
            run(program)  # mkdir would fail on a folder that is there


if __name__ == "__main__":
    unittest.main()
