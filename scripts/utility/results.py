"""Scores of sources: means, intervals over scenes, paired differences, and the page."""

import json
import math
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

RESAMPLES = 2000
# Presets that learn from the scenes of the source 'real': neither they nor ours are drawn by hand.
LEARNING = ("lefebvre-hoppe", "rongier-ds", "rongier-sgs")


def learns(source: str) -> bool:
    """Whether a source, or a part of a mixture, has seen scenes: it is not drawn by hand."""
    return any(part in ("ours", "real", *LEARNING) for part in source.split("+"))


@dataclass(frozen=True)
class SourceScores:
    """A source's scores on the test samples, for each seed."""

    source: str
    scenes: int
    wrong: list[list[float]]  # [seed][sample], fractions of pixels
    rms_by_sample: list[list[float]]  # rad
    groups: list[list[dict[str, float]]]  # [seed][coherence group]

    @property
    def wrong_cycles(self) -> float:
        return mean([mean(seed) for seed in self.wrong])

    @property
    def rms(self) -> float:
        return mean([mean(seed) for seed in self.rms_by_sample])

    def summary(self) -> dict[str, object]:
        return {
            "source": self.source,
            "seeds": len(self.wrong),
            "wrongCycles": self.wrong_cycles,
            "wrongCyclesBySeed": [mean(seed) for seed in self.wrong],
            "wrongCyclesInterval": interval(averaged(self.wrong), self.scenes),
            "rmsRadians": self.rms,
            "rmsRadiansInterval": interval(averaged(self.rms_by_sample), self.scenes),
        }


def mean(values: Sequence[float]) -> float:
    return sum(values) / max(1, len(values))


def averaged(by_seed: Sequence[Sequence[float]]) -> list[float]:
    """The mean over seeds of each sample."""
    return [mean(values) for values in zip(*by_seed, strict=True)]


def interval(values: Sequence[float], scenes: int, seed: int = 1) -> tuple[float, float]:
    """95 % of the means when whole scenes are drawn with replacement: samples of one scene are alike.

    Samples are in the order of their scenes, as many of each up to one.
    """
    count = len(values)
    groups = [values[count * k // scenes : count * (k + 1) // scenes] for k in range(scenes)]
    groups = [group for group in groups if group]
    numbers = random.Random(seed)
    means = []
    for _ in range(RESAMPLES):
        drawn = [value for _ in groups for value in numbers.choice(groups)]
        means.append(mean(drawn))
    means.sort()
    return means[int(0.025 * RESAMPLES)], means[int(0.975 * RESAMPLES) - 1]


def read_scores(source: str, files: Sequence[Path], scenes: int) -> SourceScores:
    networks = [json.loads(file.read_text())[0] for file in files]
    return SourceScores(
        source,
        scenes,
        [[sample["wrongCycles"] for sample in network["bySample"]] for network in networks],
        [[sample["filteredRMSRadians"] for sample in network["bySample"]] for network in networks],
        [network["groups"] for network in networks],
    )


def merged(source: str, files: Sequence[Sequence[Path]]) -> SourceScores:
    """The scores of a source on several test sets, one after another: files[seed][test set], a scene each."""
    seeds = []
    for row in files:
        parts = [read_scores(source, [file], 1) for file in row]
        wrong = [value for part in parts for value in part.wrong[0]]
        rms = [value for part in parts for value in part.rms_by_sample[0]]
        seeds.append((wrong, rms, pooled([part.groups[0] for part in parts])))
    wrong, rms, groups = zip(*seeds, strict=True)
    return SourceScores(source, len(files[0]), list(wrong), list(rms), list(groups))


def pooled(groups: Sequence[Sequence[dict[str, float]]]) -> list[dict[str, float]]:
    """Coherence groups of several test sets as if all pixels were one set's: mean squares, weighted by pixels."""
    together = []
    for parts in zip(*groups, strict=True):
        parts = [part for part in parts if part["pixels"] > 0]
        pixels = sum(part["pixels"] for part in parts)
        squares = sum(part["pixels"] * part["filteredRMSRadians"] ** 2 for part in parts)
        together.append({"pixels": pixels, "filteredRMSRadians": math.sqrt(squares / max(1, pixels))})
    return together


def page(results: Sequence[SourceScores], settings: dict[str, object]) -> str:
    """The table, and each source beside the best handcrafted one."""
    lines = [
        "# What maps are worth: networks trained on them",
        "",
        "To make this page again, type (SCENES and HELD_OUT are prepared datasets of different real scenes, MODELS a "
        "folder of SCENE.safetensors, each trained without that scene):",
        "",
        "```sh",
        f"python3 scripts/utility --real SCENES {tested(settings)} --seeds {settings['seeds']} "
        f"--iterations {settings['iterations']} --channels {settings['channels']} --samples {settings['samples']} "
        f"--maps {settings['maps']} --size {settings['size']} --test-size {settings['test_size']} "
        f"--test-samples {settings['test_samples']} --sources {settings['sources']}"
        + "".join(f' --set "{change}"' for change in settings["recipe"]),
        "```",
        "",
        "Wrong cycles: pixels whose unwrapped filtered phase is more than half a turn from the clean phase. Intervals: "
        "95 %, drawing whole test scenes with replacement; ranges: over seeds.",
        "",
        "| trained on | wrong cycles | interval | range | rms rad | interval | rms at coherence 0.3 to 0.6 |",
        "|---|---|---|---|---|---|---|",
    ]
    for result in sorted(results, key=lambda result: result.wrong_cycles):
        wrong = interval(averaged(result.wrong), result.scenes)
        rms = interval(averaged(result.rms_by_sample), result.scenes)
        seeds = [mean(seed) for seed in result.wrong]
        middle = mean([groups[1]["filteredRMSRadians"] for groups in result.groups])
        lines.append(
            f"| {result.source} | {percent(result.wrong_cycles)} | {percent(wrong[0])} to {percent(wrong[1])} "
            f"| {percent(min(seeds))} to {percent(max(seeds))} | {result.rms:.3f} | {rms[0]:.3f} to {rms[1]:.3f} "
            f"| {middle:.3f} |"
        )
    handcrafted = [result for result in results if not learns(result.source)]
    if handcrafted:
        best = min(handcrafted, key=lambda result: result.wrong_cycles)
        lines += ["", f"Differences from `{best.source}`, the best handcrafted source, on the same samples:", ""]
        lines += ["| trained on | wrong cycles | interval | rms rad | interval |", "|---|---|---|---|---|"]
        for result in results:
            if result.source == best.source:
                continue
            cells = []
            for own, other in [(result.wrong, best.wrong), (result.rms_by_sample, best.rms_by_sample)]:
                difference = [a - b for a, b in zip(averaged(own), averaged(other), strict=True)]
                cells.append((mean(difference), interval(difference, result.scenes)))
            (wrong, own), (rms, other) = cells
            lines.append(
                f"| {result.source} | {percent(wrong)} | {percent(own[0])} to {percent(own[1])} "
                f"| {rms:+.3f} | {other[0]:+.3f} to {other[1]:+.3f} |"
            )
    return "\n".join(lines) + "\n"


def tested(settings: dict[str, object]) -> str:
    if not settings.get("leave_one_out"):
        return "--held-out HELD_OUT"
    return "--leave-one-out --models MODELS" if settings.get("models") else "--leave-one-out"


def percent(fraction: float) -> str:
    return f"{100 * fraction:.2f} %"
