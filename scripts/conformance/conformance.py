"""Compares `ganinsar evaluate` with pytorch-fid, clean-fid, torch-fidelity and prdc.

Usage: conformance.py GANINSAR WEIGHTS WORK [N ...]
First the weights: golden features, where inception-golden-8x2048.npy lies beside WEIGHTS, and the same tensors as
torch.save writes them. Then maps are simulated into WORK, written as PNG by our command, and measured by all tools.
Steps whose result stands in WORK are not repeated. Prints a Markdown table; exits with 1 when a limit is missed.
"""

import json
import os
import pathlib
import subprocess
import sys
import time

import numpy as np
import torch

HERE = pathlib.Path(__file__).resolve().parent


def run(command, timing=None):
    """Runs a command; stores its wall and CPU seconds, including its children's, in `timing`."""
    start = time.time()
    before = os.times()
    done = subprocess.run([str(c) for c in command], check=False, stdout=subprocess.PIPE, text=True)
    after = os.times()
    if done.returncode != 0:
        sys.exit(f"failed: {' '.join(map(str, command))}")
    if timing:
        cpu = after.children_user + after.children_system
        cpu -= before.children_user + before.children_system
        timing.write_text(json.dumps({"wall": time.time() - start, "cpu": cpu}))
    return done.stdout


class WeightFiles:
    """Only the network, on eight images computed from an integer formula."""

    def __init__(self, command, weights, work):
        self.command, self.weights = command, pathlib.Path(weights)
        self.work = pathlib.Path(work) / "weights"
        self.pictures = self.work / "pictures"
        self.rows = []
        self.failed = False

    def draw(self):
        from PIL import Image

        self.pictures.mkdir(parents=True, exist_ok=True)
        i, j = np.meshgrid(np.arange(256), np.arange(256), indexing="ij")
        for k in range(8):
            common = (k + 1) * i * i + (2 * k + 3) * j * j + (k + 5) * i * j
            levels = [(common + 17 * (c + 1) * (i ^ j)) >> 6 & 255 for c in range(3)]
            Image.fromarray(np.stack(levels, -1).astype(np.uint8)).save(self.pictures / f"{k}.png")

    def features(self, weights):
        from safetensors.numpy import load_file

        out = self.work / f"ours-{weights.name}"
        if not out.exists():
            run(
                [
                    self.command,
                    "evaluate",
                    "--pictures",
                    "--real",
                    self.pictures,
                    "--set",
                    f"same={self.pictures}",
                    "-o",
                    out,
                    "--weights",
                    weights,
                    "--resamples",
                    0,
                    "--neighbors",
                    2,
                    "--cache",
                    self.work / "cache",
                ]
            )
        key = json.loads((out / "metrics.json").read_text())["real"]["featuresKey"]
        return load_file(self.work / "cache" / f"{key}.safetensors")["features"]

    def row(self, what, difference, limit):
        is_right = difference <= limit
        self.failed |= not is_right
        self.rows.append(f"| 8 | {what} | {difference:.1e} | | | {limit:g} | {'ok' if is_right else 'MISSED'} |")

    def compare(self):
        self.draw()
        ours = self.features(self.weights)
        golden = self.weights.parent / "inception-golden-8x2048.npy"
        if golden.exists():
            self.row("golden features, largest difference", np.abs(np.load(golden) - ours).max(), 1e-4)
        saved = [self.work / "zip.pth", self.work / "legacy.pth"]
        if not saved[1].exists():
            run([sys.executable, HERE / "peers.py", "save", self.weights, *saved])
        for path in saved:
            self.row(
                f"features from torch.save's {path.name}, largest difference",
                np.abs(self.features(path) - ours).max(),
                0,
            )


class Comparison:
    def __init__(self, command, weights, work, count):
        self.command, self.weights, self.count = command, weights, count
        self.work = pathlib.Path(work) / f"n{count}"
        self.work.mkdir(parents=True, exist_ok=True)
        self.rows = []
        self.failed = False

    def path(self, name):
        return self.work / name

    def simulate(self):
        """Two sets that differ: the same kind of scene with small and with large pixels."""
        for name, seed, pixel in [("maps-a", 1, 100), ("maps-b", 2, 200)]:
            if not self.path(name).exists():
                run(
                    [
                        self.command,
                        "simulate",
                        "mixed",
                        "-o",
                        self.path(name),
                        "--format",
                        "npy",
                        "--count",
                        self.count,
                        "--seed",
                        seed,
                        "--size",
                        64,
                        "--pixel-size",
                        pixel,
                    ]
                )

    def ours(self, mode):
        """metrics.json of our command; the first call times the whole command, without a cache."""
        out = self.path(f"ours-{mode}")
        if not out.exists():
            run(
                [
                    self.command,
                    "evaluate",
                    "--real",
                    self.path("maps-a"),
                    "--set",
                    f"b={self.path('maps-b')}",
                    "-o",
                    out,
                    "--weights",
                    self.weights,
                    "--mode",
                    mode,
                    "--count",
                    self.count,
                    "--resamples",
                    0,
                    "--cache",
                    self.path("cache"),
                    "--write-pictures",
                ],
                self.path(f"ours-{mode}.time"),
            )
        record = json.loads((out / "metrics.json").read_text())
        features = [
            self.path("cache") / f"{entry['featuresKey']}.safetensors" for entry in (record["real"], record["sets"][0])
        ]
        return record["sets"][0]["features"], features

    def theirs(self, mode):
        out = self.path(f"theirs-{mode}.npz")
        if not out.exists():
            pictures = self.path("ours-fid") / "pictures"
            run(
                [sys.executable, HERE / "peers.py", mode, self.weights, pictures / "real", pictures / "b", out],
                self.path(f"theirs-{mode}.time"),
            )
        return np.load(out)

    def row(self, what, ours, theirs, limit):
        difference = abs(ours - theirs) / max(abs(theirs), 1e-12)
        verdict = "ok" if difference <= limit else "MISSED"
        self.failed |= difference > limit
        self.rows.append(
            f"| {self.count} | {what} | {ours:.6g} | {theirs:.6g} | {difference:.1e} | {limit:g} | {verdict} |"
        )

    def compare(self):
        from prdc import compute_prdc
        from safetensors.numpy import load_file
        from torch_fidelity.metric_kid import kid_features_to_metric

        self.simulate()
        metrics, files = self.ours("fid")
        a, b = (load_file(file)["features"] for file in files)
        peer = self.theirs("fid")
        self.row("FID, pytorch-fid", metrics["fid"]["value"], float(peer["fid"]), 1e-3)
        worst = max(np.abs(peer["a"] - a).max(), np.abs(peer["b"] - b).max())
        self.rows.append(
            f"| {self.count} | largest difference of a feature | {worst:.1e} | | "
            f"| 1e-4 | {'ok' if worst <= 1e-4 else 'MISSED'} |"
        )
        self.failed |= worst > 1e-4
        kid = kid_features_to_metric(
            torch.from_numpy(a.astype(np.float64)),
            torch.from_numpy(b.astype(np.float64)),
            kid_subsets=1,
            kid_subset_size=self.count,
            kid_degree=3,
            kid_gamma=None,
            kid_coef0=1,
            rng_seed=0,
            verbose=False,
        )
        self.row(
            "KID, torch-fidelity, one subset of all",
            metrics["kid"]["value"],
            kid["kernel_inception_distance_mean"],
            1e-6,
        )
        near = compute_prdc(a.astype(np.float64), b.astype(np.float64), nearest_k=5)
        for name, value in near.items():
            self.row(f"{name}, prdc", metrics[name]["value"], float(value), 1e-9)
        if os.environ.get("CONFORMANCE_CLEAN", "1") == "1":
            clean, _ = self.ours("clean")
            self.row("FID, clean-fid", clean["fid"]["value"], float(self.theirs("clean")["fid"]), 1e-2)
        self_distance = json.loads(run([f"{self.command}-bench", "frechet", files[0], files[0]]))["fid"]
        self.rows.append(
            f"| {self.count} | FID of a set with itself | {self_distance:.1e} | | "
            f"| 1e-6 | {'ok' if self_distance < 1e-6 else 'MISSED'} |"
        )
        self.failed |= self_distance >= 1e-6
        step = json.loads(run([f"{self.command}-bench", "frechet", *files]))
        return step, peer

    def times(self, step, peer):
        ours, theirs = (json.loads(self.path(f"{who}-fid.time").read_text()) for who in ("ours", "theirs"))
        return [
            f"| {self.count} | whole command, {2 * self.count} pictures | {ours['wall']:.1f} "
            f"| {ours['cpu']:.1f} | {theirs['wall']:.1f} | {theirs['cpu']:.1f} "
            f"| {theirs['cpu'] / ours['cpu']:.2f} |",
            f"| {self.count} | Frechet step | {step['wallSeconds']:.2f} | {step['cpuSeconds']:.2f} "
            f"| {float(peer['step_wall']):.2f} | {float(peer['step_cpu']):.2f} "
            f"| {float(peer['step_cpu']) / step['cpuSeconds']:.1f} |",
        ]


def main():
    command, weights, work, *counts = sys.argv[1:]
    files = WeightFiles(command, weights, work)
    files.compare()
    rows, times, failed = files.rows, [], files.failed
    for count in map(int, counts or ["500", "3000"]):
        comparison = Comparison(command, weights, work, count)
        step, peer = comparison.compare()
        rows += comparison.rows
        times += comparison.times(step, peer)
        failed |= comparison.failed
    print("| N | what | ganinsar | peer | relative difference | limit | |")
    print("|---|---|---|---|---|---|---|")
    print("\n".join(rows))
    print("\n| N | what | wall s | CPU s | peer's wall s | peer's CPU s | CPU ratio |")
    print("|---|---|---|---|---|---|---|")
    print("\n".join(times))
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
