"""Set `ganinsar embed` beside openTSNE on the same data: KL divergence and CPU time.

    python -m venv /tmp/tsne-venv && /tmp/tsne-venv/bin/pip install openTSNE
    /tmp/tsne-venv/bin/python scripts/bench/tsne_compare.py --ganinsar .build/release/ganinsar

Each program runs in a process of its own, in turns, and its CPU time (user and system, all threads)
and peak memory are the system's. Start-up is in it for both. Both pictures are then judged by one
measure, computed here: the KL divergence of openTSNE's exact affinities against the picture, over all
pairs. openTSNE runs with its defaults (perplexity 30, PCA start, 250 + 500 iterations) and its
Barnes-Hut method; `--method fft` takes its interpolation. openTSNE's own search for neighbours is
approximate above a thousand points; both pictures are judged on exact ones.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy

HERE = Path(__file__).parent
OPEN_TSNE = """
import sys, numpy, openTSNE
data = numpy.load(sys.argv[1])
method, threads, seed = sys.argv[3], int(sys.argv[4]), int(sys.argv[5])
embedding = openTSNE.TSNE(
    negative_gradient_method=method, n_jobs=threads, random_state=seed).fit(data)
numpy.save(sys.argv[2], numpy.asarray(embedding, dtype=numpy.float32))
"""


def run(command: list[str]) -> dict[str, float]:
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    errors = process.stderr.read().decode()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"status {process.returncode} from {command}:\n{errors}")
    return {
        "cpu": usage.ru_utime + usage.ru_stime,
        "memory": usage.ru_maxrss / 1024,
    }


def divergence(affinities, picture: numpy.ndarray) -> float:
    """Sum of p log(p / q), q normalised over all pairs."""
    picture = picture.astype(numpy.float64)
    total = 0.0
    for start in range(0, len(picture), 500):
        block = picture[start : start + 500, None, :] - picture[None]
        total += (1 / (1 + (block**2).sum(2))).sum()
    total -= len(picture)
    entries = affinities.tocoo()
    squared = ((picture[entries.row] - picture[entries.col]) ** 2).sum(1)
    p = entries.data
    return float((p * (numpy.log(p) + numpy.log(1 + squared) + numpy.log(total))).sum())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--ganinsar", default=".build/release/ganinsar")
    parser.add_argument("--counts", type=int, nargs="+", default=[3000, 10000])
    parser.add_argument("--method", choices=["bh", "fft"], default="bh")
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--seeds", type=int, default=1, help="pictures of each program")
    arguments = parser.parse_args()
    from openTSNE.affinity import PerplexityBasedNN

    print(f"{'N':>6} {'program':10} {'seed':>4} {'KL':>8} {'CPU s':>8} {'MiB':>6}")
    with tempfile.TemporaryDirectory() as folder:
        for count in arguments.counts:
            data = f"{folder}/data-{count}.npy"
            subprocess.run(
                [sys.executable, HERE / "tsne_data.py", "--count", str(count), data], check=True
            )
            affinities = PerplexityBasedNN(numpy.load(data), perplexity=30, method="exact").P
            found: dict[str, list[float]] = {}
            for seed in range(arguments.seeds):
                output = f"{folder}/picture.npy"
                threads = str(arguments.threads)
                commands = {
                    "openTSNE": [sys.executable, "-c", OPEN_TSNE, data, output, arguments.method]
                    + [threads, str(seed)],
                    "ganinsar": [arguments.ganinsar, "embed", data, "-o", output]
                    + ["--threads", threads, "--seed", str(seed)],
                }
                for program, command in commands.items():
                    usage = run(command)
                    kl = divergence(affinities, numpy.load(output))
                    found.setdefault(program, []).append(kl)
                    print(
                        f"{count:6} {program:10} {seed:4} {kl:8.4f} {usage['cpu']:8.1f}"
                        f" {usage['memory']:6.0f}",
                        flush=True,
                    )
            means = {program: numpy.mean(kls) for program, kls in found.items()}
            ratio = means["ganinsar"] / means["openTSNE"]
            print(f"{count:6} KL of ganinsar / openTSNE: {ratio:.4f}", flush=True)


if __name__ == "__main__":
    main()
