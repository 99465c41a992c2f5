"""Compares what the samples of a dataset drew with its recipe.

    python3 scripts/dataset/check_draws.py DATASET

DATASET is a folder that `ganinsar dataset --format webdataset` wrote. For every setting with a distribution, the
values in the samples' JSON are counted in up to 20 bins of equal probability, and compared with the recipe in
dataset.json by a chi-square test. The program fails if a probability is below 0.01 after Bonferroni's correction,
if two samples drew the same, or if a rate map is in two parts. Needs scipy.
"""

import bisect
import glob
import json
import math
import sys
import tarfile
from collections.abc import Iterator
from typing import Any

import numpy as np
from scipy import stats

KINDS = ("uniform", "logUniform", "normal", "choice", "table")


def is_distribution(node: Any) -> bool:
    return isinstance(node, dict) and any(kind in node for kind in KINDS)


def distributions(node: Any, path: str = "") -> Iterator[tuple[str, dict]]:
    """Every distribution of a recipe by its path, as in the samples' `drawn`."""
    if is_distribution(node):
        yield path, node
    elif isinstance(node, dict):
        for key, value in node.items():
            yield from distributions(value, f"{path}.{key}" if path else key)
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from distributions(value, f"{path}[{index}]")


def parts(node: Any, weight: float = 1.0) -> tuple[list, list]:
    """A distribution as atoms (probability, value) and continuous parts (probability, node)."""
    if not is_distribution(node):
        return [(weight, node)], []
    if "choice" not in node:
        return [], [(weight, node)]
    options = node["choice"]
    weights = node.get("weights") or [1] * len(options)
    atoms, continuous = [], []
    for option, share in zip(options, weights):
        inner = parts(option, weight * share / sum(weights))
        atoms += inner[0]
        continuous += inner[1]
    return atoms, continuous


def below(node: dict, x: float) -> float:
    """The probability of a value below x."""
    if "uniform" in node:
        low, high = node["uniform"]
        return min(max((x - low) / (high - low), 0), 1)
    if "logUniform" in node:
        low, high = map(math.log, node["logUniform"])
        return min(max((math.log(max(x, 1e-300)) - low) / (high - low), 0), 1)
    if "normal" in node:
        mean, deviation = node["normal"]
        low, high = node.get("limits") or (mean - 4 * deviation, mean + 4 * deviation)
        cdf = stats.norm(mean, deviation).cdf
        return min(max((cdf(x) - cdf(low)) / (cdf(high) - cdf(low)), 0), 1)
    points = np.array(node["table"], float)
    grid = np.linspace(points[0, 0], points[-1, 0], 20001)
    density = np.interp(grid, points[:, 0], points[:, 1])
    total = np.concatenate([[0], np.cumsum((density[1:] + density[:-1]) / 2)])
    return float(np.interp(x, grid, total / total[-1]))


def whole_numbers(node: dict) -> dict[int, float]:
    """The probabilities of the whole numbers of a uniform distribution."""
    low, high = node["uniform"]
    numbers = range(math.ceil(low), math.floor(high) + 1)
    return {number: 1 / len(numbers) for number in numbers}


def equal_bins(expected: list[float], observed: list[int], most: int = 20) -> tuple[list, list]:
    """Neighboring categories joined until each is expected about as often."""
    joined, wanted = [[0.0, 0]], sum(expected) / most
    for chance, count in zip(expected, observed):
        if joined[-1][0] >= wanted:
            joined.append([0.0, 0])
        joined[-1][0] += chance
        joined[-1][1] += count
    return [j[0] for j in joined], [j[1] for j in joined]


def chi_square(node: dict, values: list) -> tuple[int, float, float]:
    """Bins, chi-square and the probability of one that is larger."""
    atoms, continuous = parts(node)
    chances, counts = [], []
    rest = list(values)
    for value in {json.dumps(v): v for _, v in atoms}.values():
        chances.append(sum(weight for weight, v in atoms if v == value))
        counts.append(sum(v == value for v in rest))
        rest = [v for v in rest if v != value]
    if continuous:
        weight = sum(w for w, _ in continuous)
        if len(continuous) == 1 and "uniform" in continuous[0][1] and all(isinstance(v, int) for v in rest):
            numbers = whole_numbers(continuous[0][1])
            found = dict.fromkeys(numbers, 0)
            for value in rest:
                found[value] += 1
            bins = equal_bins([weight * c for c in numbers.values()], list(found.values()))
        else:
            # Where the values lie in their own distribution is uniform from 0 to 1.
            places = [sum(w * below(n, v) for w, n in continuous) / weight for v in rest]
            number = 20
            edges = [i / number for i in range(1, number)]
            observed = [0] * number
            for place in places:
                observed[bisect.bisect(edges, place)] += 1
            bins = ([weight / number] * number, observed)
        chances += bins[0]
        counts += bins[1]
    total = sum(counts)
    if total != len(values):
        return len(counts), math.inf, 0.0
    if len(counts) == 1:
        return 1, 0.0, 1.0
    result = stats.chisquare(counts, [chance * total for chance in chances])
    return len(counts), result.statistic, result.pvalue


def records(folder: str) -> Iterator[dict]:
    for path in sorted(glob.glob(f"{folder}/*/shard-*.tar")):
        with tarfile.open(path) as archive:
            for member in archive:
                if member.name.endswith(".json"):
                    yield json.load(archive.extractfile(member))


def main() -> None:
    folder = sys.argv[1]
    with open(f"{folder}/dataset.json") as file:
        description = json.load(file)
    samples = list(records(folder))
    faults = []
    if len(samples) != description["sampleCount"]:
        faults.append(f"{len(samples)} samples instead of {description['sampleCount']}")
    situations = {json.dumps(s["drawn"], sort_keys=True) for s in samples}
    maps = {}
    for sample in samples:
        maps.setdefault(sample["rate"], set()).add(sample["part"])
    shared = [name for name, found in maps.items() if len(found) > 1]
    print(
        f"{len(samples)} samples, {len(situations)} situations, {len(maps)} rate maps, "
        f"{len(shared)} of them in more than one part"
    )
    if len(situations) != len(samples) or shared:
        faults.append("situations or maps are shared")
    tests = []
    for path, node in distributions(description["recipe"]):
        tests.append((path, node, [s["drawn"][path] for s in samples]))
    # The baseline of a pair: two orbits of the drawn deviation.
    key = "network.baselineStandardDeviationMeters"
    if samples and key in samples[0]["drawn"] and "perpendicularBaselineMeters" in samples[0]:
        ratios = [s["perpendicularBaselineMeters"] / s["drawn"][key] / math.sqrt(2) for s in samples]
        tests.append(("baseline / (sqrt(2) deviation)", {"normal": [0, 1], "limits": [-9, 9]}, ratios))
    print(f"{'setting':45} {'bins':>4} {'chi-square':>10} {'p':>7}")
    for path, node, values in tests:
        bins, statistic, probability = chi_square(node, values)
        print(f"{path:45} {bins:4d} {statistic:10.1f} {probability:7.3f}")
        if probability < 0.01 / len(tests):
            faults.append(f"{path} does not follow its distribution")
    for fault in faults:
        print("FAULT:", fault)
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
