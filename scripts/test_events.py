"""What a run of tests leaves at its end: which tests were skipped and which failed, each with the reason.

Usage: test_events.py EVENTS, the file of `swift test --event-stream-output-path`.
The failures come last, because a long output is often seen by its end only.
"""

import json
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


def summary(lines: list[str]) -> str:
    """The two lists, sorted by test. Records of suites are left out, because each test has its own."""
    events = payloads(lines)
    skipped = sorted(
        f"  {name(event)}{reason(event)}"
        for event in events
        if event["kind"] == "testSkipped" and texts(event)[0].startswith("Test ")
    )
    failed = sorted(
        f"  {name(event)}{place(event['issue'])}: " + "\n    ".join("\n".join(texts(event)).splitlines())
        for event in events
        if event["kind"] == "issueRecorded" and not event["issue"]["isKnown"]
    )
    parts = [f"Skipped tests: {len(skipped)}", *skipped]
    return "\n".join(parts + ([f"Failures: {len(failed)}", *failed] if failed else []))


if __name__ == "__main__":
    print(summary(Path(sys.argv[1]).read_text(encoding="utf-8").splitlines()))
