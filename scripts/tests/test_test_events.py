"""The lists of skipped and failed tests, from events as Swift 6.3 writes them."""

import json
import re
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import test_events


def line(kind: str, test: str, *texts: str, **more: object) -> str:
    messages = [{"symbol": "fail", "text": text} for text in texts]
    return json.dumps({"kind": "event", "payload": {"kind": kind, "testID": test, "messages": messages, **more}})


def issue(test: str, *texts: str, known: bool = False) -> str:
    place = {"_filePath": "/a/Tests/M/File.swift", "line": 7}
    return line("issueRecorded", test, *texts, issue={"isKnown": known, "sourceLocation": place})


class Lists(unittest.TestCase):
    def test_skipped_tests_have_their_reasons_and_suites_are_left_out(self) -> None:
        lines = [
            json.dumps({"kind": "test", "payload": {"id": "M.S"}}),
            line("testSkipped", "M.S", 'Suite S skipped: "needs it"'),
            line("testSkipped", "M.S/named()/File.swift:3:4", 'Test "a name" skipped: "needs "it""'),
            line("testSkipped", "M.S/a(b:)/File.swift:2:4", "Test a(b:) skipped."),
        ]
        self.assertEqual(
            test_events.summary(lines), "Skipped tests: 2\n  M.S/a(b:): no reason given\n  M.S/named(): needs it"
        )

    def test_skipped_tests_are_chosen_by_a_regular_expression(self) -> None:
        lines = [
            line("testSkipped", "M.S/a(b:)/File.swift:2:4", "Test a(b:) skipped."),
            line("testSkipped", "M.S/c()/File.swift:3:4", "Test c() skipped."),
        ]
        chosen = re.compile(test_events.skipped_tests(lines))
        for name, is_chosen in (("M.S/a(b:)/File.swift:2:4", True), ("M.S/c()", True), ("M.S/a()", False)):
            self.assertEqual(bool(chosen.search(name)), is_chosen, name)
        none = test_events.skipped_tests([line("runEnded", "", "Test run with 2 tests passed.")])
        self.assertIsNone(re.search(none, "M.S/a()"))
        with self.assertRaises(SystemExit):
            test_events.skipped_tests([])

    def test_failures_come_last_with_their_places_and_all_that_was_said(self) -> None:
        lines = [
            issue("M.S/f()/File.swift:3:4", "Expectation failed: 1 == 2", 'a "why"\nand more'),
            issue("M.S/k()/File.swift:5:4", "Issue recorded", known=True),
            '{"kind":"event","payl',  # the process ended here
        ]
        self.assertEqual(
            test_events.summary(lines),
            "Skipped tests: 0\nFailures: 1\n"
            '  M.S/f(), File.swift line 7: Expectation failed: 1 == 2\n    a "why"\n    and more',
        )


if __name__ == "__main__":
    unittest.main()
