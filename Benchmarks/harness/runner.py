"""Runs a benchmark's programs in turns, checks their output, and stores the numbers."""

import hashlib
import os
import platform
import subprocess
import sys
import time

from harness.case import Bench, Case, Missing, Point
from harness.measure import Failed, run
from harness.results import OURS, ResultFile

# No further round of a point begins after this time in seconds; the page says how many rounds there were.
POINT_SECONDS = 150


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def machine(bench: Bench) -> dict:
    """The processor, and its speeds as `peers/machine.py` measures them."""
    speeds = {}
    if bench.has("torch"):
        say("measuring the machine's own speeds")
        speeds = bench.call(bench.script("machine.py", bench.folder("machine")))
    model = platform.processor()
    with open("/proc/cpuinfo") as file:
        names = [line.split(":", 1)[1].strip() for line in file if line.startswith("model name")]
    return {
        "processor": names[0] if names else model,
        "cores": os.cpu_count(),
        "date": time.strftime("%Y-%m-%d"),
        **speeds,
    }


def run_case(case: Case, bench: Bench, results: ResultFile, rounds: int, sizes: int | None = None) -> bool:
    """Whether everything ran. Results that exist for this binary are not measured again."""
    bench.skipped = []
    key = {"binary": _digest(bench.binary), "rounds": rounds, "work": case.work}
    complete = True
    order = [point.label for point in case.points()]
    for point in case.points()[:sizes]:
        kept = results.point(point.label)
        if kept and kept["key"] == key and not _newly_possible(kept, case, bench, point):
            say(f"{case.name}, {point.label}: kept")
            continue
        try:
            found = _run_point(case, bench, point, rounds)
        except Missing as reason:
            say(f"{case.name}, {point.label}: NOT RUN: {reason}")
            bench.skip(f"{case.title}, {point.label}", str(reason))
            complete = False
            continue
        except Failed as reason:
            say(f"{case.name}, {point.label}: FAILED: {reason}")
            complete = False
            continue
        results.keep(found | {"key": key}, order)
        results.save(
            title=case.title,
            unit=case.unit,
            work=case.work,
            commit=_commit(bench),
            date=time.strftime("%Y-%m-%d"),
            skipped=bench.skipped,
        )
    if results.content["points"]:
        results.save(skipped=bench.skipped, goals=[vars(goal) for goal in case.goals])
    return complete


def _newly_possible(kept: dict, case: Case, bench: Bench, point: Point) -> bool:
    """Whether a peer can be run now that could not be run before."""
    try:
        case.prepare(bench, point)
        names = {program.name for program in case.peers(bench, point)}
    except Missing:
        return False
    return not names <= set(kept["programs"])


def _run_point(case: Case, bench: Bench, point: Point, rounds: int) -> dict:
    bench.require(*case.needs)
    case.prepare(bench, point)
    programs = [case.ours(bench, point), *case.peers(bench, point)]
    assert programs[0].name == OURS
    found = {program.name: [] for program in programs}
    reports: dict[str, dict] = {}
    start = time.monotonic()
    for number in range(rounds):
        if number and time.monotonic() - start > POINT_SECONDS:
            break
        for program in programs:
            taken = run(program)
            reports[program.name] = taken.pop("report") or {}
            found[program.name].append({k: round(v, 5) for k, v in taken.items()})
            say(
                f"{case.name}, {point.label}, round {number + 1}: {program.name} "
                f"{taken['cpu']:.3g} CPU s, {taken['wall']:.3g} s, {taken['memory']:.0f} MiB"
            )
    check = case.check(bench, point, reports)
    say(f"{case.name}, {point.label}: {check}")
    floor = case.floor(bench, point)
    return {
        "label": point.label,
        "series": point.series,
        "amount": point.amount,
        "programs": found,
        "check": check,
        "floor": {"cpu": floor[0], "how": floor[1]} if floor else None,
    }


def _digest(path) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:16]


def _commit(bench: Bench) -> str:
    done = subprocess.run(
        ["git", "-C", str(bench.root), "describe", "--always", "--dirty"], capture_output=True, text=True
    )
    return done.stdout.strip() or "unknown"
