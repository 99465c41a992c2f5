"""Writes docs/performance.md from the results; measures nothing."""

import json
import textwrap
from pathlib import Path

from harness.results import MEASURES, OURS, best_peer, growth, median, ratios

NAMES = {"cpu": "CPU", "wall": "wall", "memory": "memory"}

INTRODUCTION = """# Speed, compared with other programs

`make bench` wrote this page; do not edit it. **Ratios are ours / theirs: below 1 our program needs less.** Each number
is a median over rounds in which the programs took turns, each in its own process, so that other work on the machine
affects all of them equally. CPU is user and system time of all threads; memory is the process's peak. The floor is the
time that this machine would need for the unavoidable work alone, computed from its own measured speeds. No benchmark
asserts a time; each compares its output with that of a peer or of a simple, slow method, and its numbers are kept only
if they agree. How to run the benchmarks: [Benchmarks/README.md](../Benchmarks/README.md)."""


def number(value: float) -> str:
    """Three significant digits, no exponent."""
    if value == 0:
        return "0"
    digits = 2
    size = abs(value)
    while size >= 10 and digits > 0:
        size, digits = size / 10, digits - 1
    while 0 < size < 1 and digits < 6:
        size, digits = size * 10, digits + 1
    return f"{value:,.{digits}f}"


def table(header: list[str], rows: list[list[str]]) -> str:
    lines = ["| " + " | ".join(header) + " |", "|" + "---|" * len(header)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows])


def write(path: Path, results: list[dict], machine: dict, notes: dict[str, str]) -> None:
    parts = [INTRODUCTION, machine_text(machine)]
    parts += ["## In short", summary(results), memory_text(results)]
    for result in results:
        parts += section(result, notes.get(result["name"]))
    path.write_text("\n\n".join(wrapped(part) for part in parts if part) + "\n")


def wrapped(text: str) -> str:
    """Wraps paragraphs and list items at 120 columns; tables, headings and paragraphs that already have several
    lines are unchanged."""
    if "\n- " in text:
        return "\n".join(wrapped_line(line) for line in text.split("\n"))
    return text if "\n" in text else wrapped_line(text)


def wrapped_line(line: str) -> str:
    if line.startswith(("|", "#")):
        return line
    return textwrap.fill(
        line,
        120,
        subsequent_indent="  " if line.startswith("- ") else "",
        break_long_words=False,
        break_on_hyphens=False,
    )


def machine_text(machine: dict) -> str:
    if not machine:
        return ""
    text = f"Machine: {machine['processor']}, {machine['cores']} cores, shared with other work."
    if machine.get("product_gflops"):
        text += (
            f" One thread: {machine['product_gflops']} GFLOP/s in a 2048 x 2048 matrix product, "
            f"{machine['convolution_gflops']} in a 3x3 convolution of 128 channels (float32, PyTorch); "
            f"copies {machine['copy_gb_per_second']} GB/s, writes {machine['write_gb_per_second']} GB/s "
            f"to a file; {machine['normal_ns_per_value']} ns per normal random number, "
            f"{machine['transform_ns_per_value']} ns per value of a 320 x 320 inverse transform."
        )
    return text


def goal_point(result: dict, goal: dict) -> dict | None:
    return next((p for p in result["points"] if p["label"] == goal["point"]), None)


def goal_outcome(result: dict, goal: dict) -> tuple[str, bool] | None:
    """The goal as text and whether it is reached; None if its point or peer was not run."""
    point = goal_point(result, goal)
    peer = point and best_peer(point, goal["measure"], goal["peer"])
    if not peer:
        return None
    reached = ratios(point, peer)[goal["measure"]] <= goal["ratio"]
    limit = number(goal["ratio"]) if goal["ratio"] >= 0.5 else f"1/{round(1 / goal['ratio'])}"
    return f"{NAMES[goal['measure']]} {limit}", reached


def summary(results: list[dict]) -> str:
    """A row for each goal, and one for the largest size of each benchmark without a goal."""
    rows = []
    for result in results:
        goals = result.get("goals") or []
        wanted = [(goal_point(result, goal), goal) for goal in goals]
        wanted = [pair for pair in wanted if pair[0]]
        if not wanted and result["points"]:
            wanted = [(result["points"][-1], None)]
        for point, goal in wanted:
            measure = goal["measure"] if goal else "cpu"
            peer = best_peer(point, measure, goal and goal["peer"])
            if peer is None:
                rows.append([result["title"], point["label"], "none run", *["-"] * 5])
                continue
            found = ratios(point, peer)
            outcome = goal_outcome(result, goal) if goal else None
            goal_text = "-" if outcome is None else f"{outcome[0]}: {'yes' if outcome[1] else '**no**'}"
            rows.append(
                [
                    result["title"],
                    point["label"],
                    peer,
                    *(number(found[m]) if m in found else "-" for m in MEASURES),
                    floor_ratio(point),
                    goal_text,
                ]
            )
    return table(["benchmark", "at", "compared with", "CPU", "wall", "memory", "CPU / floor", "goal (at most)"], rows)


def memory_text(results: list[dict]) -> str:
    """Names the benchmarks whose largest size needs more memory than a peer."""
    found = []
    for result in results:
        point = result["points"][-1]
        peers = [p for p, rounds in point["programs"].items() if p != OURS and rounds]
        above = [(ratios(point, p).get("memory", 0), p) for p in peers]
        above = [f"{number(ratio)} times {p}'s" for ratio, p in above if ratio > 1]
        if above:
            found.append(f"{result['title']}, {point['label']} ({', '.join(above)})")
    if not found:
        return ""
    return (
        "Peak memory is above that of a peer at the largest size of: " + "; ".join(found) + ". LibTorch "
        "alone takes about 160 MiB of every process that loads it: `ganinsar-torch`, `ganinsar-bench`, and in results "
        "from before decision 0022 all of ours."
    )


def floor_ratio(point: dict) -> str:
    floor = point.get("floor")
    return number(median(point["programs"][OURS], "cpu") / floor["cpu"]) if floor else "-"


def section(result: dict, note: str | None) -> list[str]:
    parts = [f"## {result['title']}", result["work"]]
    rows = []
    for point in result["points"]:
        for program, rounds in point["programs"].items():
            cells = [point["label"] if program == OURS else "", program]
            cells += [number(median(rounds, m)) for m in MEASURES]
            found = ratios(point, program) if program != OURS else {}
            cells += [number(found[m]) if m in found else "" for m in MEASURES]
            rows.append([*cells, str(len(rounds))])
        if point.get("floor"):
            rows.append(["", "*floor*", number(point["floor"]["cpu"]), "", "", floor_ratio(point), "", "", ""])
    parts.append(
        table(["size", "program", "CPU s", "wall s", "peak MiB", "ours / it: CPU", "wall", "memory", "rounds"], rows)
    )
    parts.append(growth_text(result))
    checks = "\n".join(f"- {p['label']}: {p['check']}." for p in result["points"])
    parts.append(f"Checked:\n\n{checks}")
    floors = [p for p in result["points"] if p.get("floor")]
    if floors:
        parts.append(f"Floor at {floors[-1]['label']}: {floors[-1]['floor']['how']}.")
    if result.get("skipped"):
        lines = "\n".join(f"- {name}: needs {remedy}." for name, remedy in result["skipped"])
        parts.append(f"Not run here:\n\n{lines}")
    if note:
        parts.append(note.strip())
    parts.append(f"`make bench ONLY={result['name']}`, {result['date']}, commit {result['commit']}.")
    return [part for part in parts if part]


def growth_text(result: dict) -> str:
    sentences = []
    for series in dict.fromkeys(p.get("series", "") for p in result["points"]):
        points = [p for p in result["points"] if p.get("series", "") == series]
        programs = dict.fromkeys(name for p in points for name in p["programs"])
        found = [(name, growth(points, name)) for name in programs]
        found = [f"{p:.2f} ({name})" for name, p in found if p is not None]
        if found:
            span = f"{points[0]['label']} to {points[-1]['label']}"
            sentences.append(
                f"From {span} CPU time grows with the {result['unit']} to the power of " + ", ".join(found) + "."
            )
    return " ".join(sentences)


def load(folder: Path, order: list[str]) -> list[dict]:
    """The available results, in the page's order."""
    found = [json.loads(path.read_text()) for path in folder.glob("*.json") if path.stem in order]
    return sorted(found, key=lambda result: order.index(result["name"]))
