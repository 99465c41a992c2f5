"""Measures what a phase network makes of other coherences than the true one: none, a sample coherence, and estimates.

usage: coherence.py PLANES --network FILE

PLANES is what 'ganinsar network score DATASET --write PLANES' wrote. The sample coherence is that of 9 independent
looks, as processors estimate it. The estimates are how well the input agrees, in windows of 5 and 9 px, with what the
network filters when it is not told the coherence. GANINSAR is the program (default .build/release/ganinsar); needs the
environment of scripts/interop/requirements.txt.
"""

import argparse
import os
import pathlib
import subprocess
import tempfile

import numpy as np
from compare import LIMITS, Score
from pictures import estimated_coherence

LOOKS = 9


def apply(phases, coherences, network):
    """The filtered phases and the unwrapped ones."""
    with tempfile.TemporaryDirectory() as work:
        work = pathlib.Path(work)
        command = [os.environ.get("GANINSAR", ".build/release/ganinsar"), "network", "apply"]
        for number, phase in enumerate(phases):
            np.save(work / f"{number:04d}.npy", phase)
            command.append(work / f"{number:04d}.npy")
        for number, coherence in enumerate([] if coherences is None else coherences):
            np.save(work / f"c{number:04d}.npy", coherence.astype(np.float32))
            command += ["--coherence", work / f"c{number:04d}.npy"]
        command += ["-o", work / "out", "--unit", "rad", "--format", "npy", "--quiet", "--network", network]
        subprocess.run([str(part) for part in command], check=True, stdout=subprocess.DEVNULL)
        names = ["filtered", "filtered_unwrapped"]
        return [[np.load(work / f"out/{i:04d}_{name}.npy") for i in range(len(phases))] for name in names]


def sample_coherence(coherence, random):
    shape = (LOOKS, *coherence.shape)
    first, other = (random.normal(size=shape) + 1j * random.normal(size=shape) for _ in range(2))
    second = coherence * first + np.sqrt(1 - coherence**2) * other
    power = (np.abs(first) ** 2).sum(0) * (np.abs(second) ** 2).sum(0)
    return np.abs((first * second.conj()).sum(0)) / np.sqrt(power)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("planes", type=pathlib.Path)
    parser.add_argument("--network", required=True)
    given = parser.parse_args()
    phases, cleans, truths = (np.load(given.planes / f"{name}.npy") for name in ["wrapped", "clean", "coherence"])
    valid = np.isfinite(phases) & np.isfinite(cleans)
    truths = np.where(valid, np.nan_to_num(truths), 0).clip(0, 1).astype(float)
    random = np.random.default_rng(1)

    def row(name, filtered, unwrapped):
        score = Score()
        for index in range(len(phases)):
            planes = (plane[index].astype(float) for plane in (filtered, unwrapped, cleans))
            score.add(*planes, truths[index], valid[index], 0)
        found = score.row(name)
        wrong = " | ".join(f"{100 * value:.2f} %" for value in found["wrong"])
        print(f"| {name} | {wrong} | " + " | ".join(f"{value:.3f}" for value in found["rms"][:3]) + " |", flush=True)

    print(f"| coherence | wrong cycles below {LIMITS[1]} | to {LIMITS[2]} | above | all | rms rad below | to | above |")
    print("|---|---|---|---|---|---|---|---|")
    row("the true one", *apply(phases, truths, given.network))
    row(
        f"sample coherence of {LOOKS} looks",
        *apply(phases, [sample_coherence(c, random) for c in truths], given.network),
    )
    filtered, unwrapped = apply(phases, None, given.network)
    row("none", filtered, unwrapped)
    for side in [5, 9]:
        planes = zip(phases.astype(float), filtered, valid)
        estimates = [np.clip(estimated_coherence(*plane, side), 0, 1) for plane in planes]
        row(f"estimated in {side} px", *apply(phases, estimates, given.network))


if __name__ == "__main__":
    main()
