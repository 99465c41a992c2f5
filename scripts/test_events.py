"""What a run of tests leaves at its end: which tests were skipped and which failed, each with the reason.

    test_events.py EVENTS              EVENTS is the file of `swift test --event-stream-output-path`
    test_events.py EVENTS --skipped    a regular expression of the skipped tests, for `swift test --filter`

The failures come last, because a long output is often seen by its end only.
"""

import json
import re
import sys
from pathlib import Path


def name(event: dict) -> str:
    """`Module.Suite/test()`, without the file and line that its identifier ends with."""
    return event.get("testID", "outside of a test/").rpartition("/")[0]


def texts(event: dict) -> list[str]:
    return [message["text"] for message in event["messages"]]


def reason(event: dict) -> str:
    """Why a test was skipped: its message is `Test name() skipped: "why"`."""
    said = texts(event)[0].partition(" skipped")[2].replace('"', "")
    return ": no reason given" if said in ("", ".") else said


def place(issue: dict) -> str:
    location = issue.get("sourceLocation")
    return f", {Path(location['_filePath']).name} line {location['line']}" if location else ""


def payloads(lines: list[str]) -> list[dict]:
    """The events. A run that crashes may leave half of a last line, which is left out."""
    events = []
    for line in lines:
        try:
            record = json.loads(line)
        except ValueError:
            break
        if record["kind"] == "event":
            events.append(record["payload"])
    return events


def skips(events: list[dict]) -> list[dict]:
    """Records of suites are left out, because each test has its own."""
    return [event for event in events if event["kind"] == "testSkipped" and texts(event)[0].startswith("Test ")]


def skipped_tests(lines: list[str]) -> str:
    """A regular expression of the tests that were skipped; of none, one that no test has."""
    if not lines:
        raise SystemExit("test_events: no events, so it is not known what was skipped: Swift 6.2 or later writes them.")
    names = sorted(re.escape(name(event)) for event in skips(payloads(lines)))
    return f"^({'|'.join(names)})" if names else "^$"


def summary(lines: list[str]) -> str:
    """The two lists, sorted by test."""
    events = payloads(lines)
    skipped = sorted(f"  {name(event)}{reason(event)}" for event in skips(events))
    failed = sorted(
        f"  {name(event)}{place(event['issue'])}: " + "\n    ".join("\n".join(texts(event)).splitlines())
        for event in events
        if event["kind"] == "issueRecorded" and not event["issue"]["isKnown"]
    )
    parts = [f"Skipped tests: {len(skipped)}", *skipped]
    return "\n".join(parts + ([f"Failures: {len(failed)}", *failed] if failed else []))


if __name__ == "__main__":
    lines = Path(sys.argv[1]).read_text(encoding="utf-8").splitlines()
    print(skipped_tests(lines) if "--skipped" in sys.argv else summary(lines))
