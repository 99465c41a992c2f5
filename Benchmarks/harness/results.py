"""Results: one JSON file per benchmark, and the arithmetic on them."""

import json
import math
import os
import statistics
from pathlib import Path

OURS = "ganinsar"
MEASURES = ("cpu", "wall", "memory")


def median(rounds: list[dict], measure: str) -> float:
    return statistics.median(found[measure] for found in rounds)


def ratios(point: dict, program: str) -> dict[str, float]:
    """Our median divided by that program's, per measure; below 1 is better."""
    ours, theirs = point["programs"][OURS], point["programs"][program]
    return {m: median(ours, m) / median(theirs, m) for m in MEASURES if median(theirs, m) > 0}


def best_peer(point: dict, measure: str, name: str | None = None) -> str | None:
    """The named peer, else the one that needs least; None if no peer was run."""
    peers = [p for p, rounds in point["programs"].items() if p != OURS and rounds]
    if name is not None:
        return name if name in peers else None
    return min(peers, key=lambda p: median(point["programs"][p], measure), default=None)


def growth(points: list[dict], program: str, measure: str = "cpu") -> float | None:
    """The exponent p of cost ~ amount^p, from the first to the last of these points that has the
    program."""
    found = [p for p in points if p["programs"].get(program)]
    if len(found) < 2 or found[0]["amount"] == found[-1]["amount"]:
        return None
    first, last = found[0], found[-1]
    costs = [median(p["programs"][program], measure) for p in (first, last)]
    if min(costs) <= 0:
        return None
    return math.log(costs[1] / costs[0]) / math.log(last["amount"] / first["amount"])


class ResultFile:
    """`results/NAME.json`, written completely after each point, so that an interrupted run can continue."""

    def __init__(self, folder: Path, name: str):
        self.path = folder / f"{name}.json"
        self.content = {"name": name, "points": []}
        if self.path.exists():
            self.content = json.loads(self.path.read_text())

    def point(self, label: str) -> dict | None:
        return next((p for p in self.content["points"] if p["label"] == label), None)

    def keep(self, point: dict, order: list[str]) -> None:
        """Replaces the point of that label; removes points that the benchmark no longer has."""
        others = [p for p in self.content["points"] if p["label"] != point["label"]]
        points = [p for p in [*others, point] if p["label"] in order]
        self.content["points"] = sorted(points, key=lambda p: order.index(p["label"]))

    def save(self, **facts) -> None:
        self.content |= facts
        temporary = self.path.with_suffix(".partial")
        temporary.write_text(json.dumps(self.content, indent=1) + "\n")
        os.replace(temporary, self.path)
