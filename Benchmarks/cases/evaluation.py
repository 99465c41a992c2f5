"""FID from maps to the value, the Frechet distance alone, and t-SNE."""

import json
from pathlib import Path

from harness.case import Case, Goal, Missing, Point
from harness.measure import Failed, Program, as_reported
from harness.results import OURS

from cases.floors import multiplying


class EndToEndFID(Case):
    name = "fid"
    title = "Inception features and FID"
    needs = ("pytorch_fid", "safetensors")
    unit = "pictures"
    work = (
        "The Inception features of two sets of simulated 64 px maps, at 299 px per image, and the "
        "FID; whole commands. pytorch-fid (batches of 50) reads the images that our program made, and "
        "has the same weights. Ours reads the maps, and also computes KID, precision, recall, "
        "density, coverage, the statistics in physical units, a t-SNE and the page."
    )
    goals = (Goal("2 x 100 maps", "cpu", 0.8),)

    def points(self):
        return [Point(f"2 x {n} maps", 2 * n, {"count": n}) for n in (25, 100)]

    def weights(self, bench):
        if not bench.weights or not Path(bench.weights).exists():
            raise Missing("the Inception weights: WEIGHTS=FILE (see docs/evaluation.md)")
        return bench.weights

    def command(self, bench, output, count, *options):
        folder = bench.folder(f"fid-{count}")
        return bench.command(
            "evaluate",
            "--real",
            folder / "a",
            "--set",
            f"b={folder / 'b'}",
            "-o",
            output,
            "--weights",
            self.weights(bench),
            "--mode",
            "fid",
            "--count",
            count,
            "--resamples",
            0,
            "--no-cache",
            *options,
        )

    def prepare(self, bench, point):
        count = point.size["count"]
        folder = bench.folder(f"fid-{count}")
        self.weights(bench)
        for name, seed, pixel in [("a", 1, 100), ("b", 2, 200)]:
            if not (folder / name).exists():
                bench.call(
                    bench.command(
                        "simulate",
                        "mixed",
                        "-o",
                        folder / name,
                        "--format",
                        "npy",
                        "--count",
                        count,
                        "--seed",
                        seed,
                        "--size",
                        64,
                        "--pixel-size",
                        pixel,
                    )
                )
        if not (folder / "pictured").exists():
            bench.call(self.command(bench, folder / "pictured", count, "--write-pictures"))

    def ours(self, bench, point):
        output = bench.work / "evaluated"
        return Program(OURS, [self.command(bench, output, point.size["count"])], outputs=[output])

    def peers(self, bench, point):
        pictures = bench.folder(f"fid-{point.size['count']}") / "pictured/pictures"
        command = bench.script("fid.py", self.weights(bench), pictures / "real", pictures / "b")
        return [Program("pytorch-fid", [command])]

    def check(self, bench, point, reports):
        record = json.loads((bench.work / "evaluated/metrics.json").read_text())
        ours = record["sets"][0]["features"]["fid"]["value"]
        theirs = reports["pytorch-fid"]["fid"]
        if abs(ours - theirs) > 1e-3 * theirs:
            raise Failed(f"FID {ours}, and pytorch-fid's {theirs}")
        return f"FID {ours:.4f} and pytorch-fid's {theirs:.4f} differ by {abs(ours - theirs) / theirs:.0e}"

    def floor(self, bench, point):
        macs = bench.call(bench.script("macs.py", "inception"))["inception"]
        return multiplying(macs * point.amount, bench.machine)


class FrechetDistance(Case):
    name = "frechet"
    title = "Frechet distance"
    needs = ("pytorch_fid",)
    unit = "features"
    work = (
        "The distance between two sets of features of 2048 dimensions, including means and "
        "covariances, without reading the files; the peer is pytorch-fid (NumPy's covariance, SciPy's "
        "sqrtm)."
    )

    def points(self):
        return [Point(f"2 x {n} features", 2 * n, {"count": n}) for n in (500, 3000)]

    def files(self, bench, point):
        folder, count = bench.folder("features"), point.size["count"]
        files = [folder / f"{name}-{count}.npy" for name in "ab"]
        if not all(file.exists() for file in files):
            bench.call(bench.script("make_features.py", folder, count))
        return files

    def prepare(self, bench, point):
        self.files(bench, point)

    def ours(self, bench, point):
        return Program(
            OURS,
            [bench.measure("frechet", *self.files(bench, point))],
            times=lambda report: (report["wallSeconds"], report["cpuSeconds"]),
        )

    def peers(self, bench, point):
        return [Program("pytorch-fid", [bench.script("frechet.py", *self.files(bench, point))], times=as_reported)]

    def check(self, bench, point, reports):
        ours, theirs = reports[OURS]["fid"], reports["pytorch-fid"]["fid"]
        if abs(ours - theirs) > 1e-5 * theirs:
            raise Failed(f"{ours}, and pytorch-fid's {theirs}")
        return f"{ours:.6f} and pytorch-fid's {theirs:.6f} differ by {abs(ours - theirs) / theirs:.0e}"

    def floor(self, bench, point):
        # Two covariances, or the product of the two sets if they are small.
        count, size = point.size["count"], 2048
        return multiplying(
            min(2 * count * size * size / 2, count * count * size),
            bench.machine,
            ["double_product_gflops"],
            "covariances, or of products between the sets, if less",
        )


class Embedding(Case):
    name = "tsne"
    title = "t-SNE"
    needs = ("openTSNE",)
    unit = "points"
    work = (
        "t-SNE of twenty Gaussian blobs in 50 dimensions, perplexity 30, 250 + 500 iterations; whole "
        "commands, from file to file. openTSNE runs with its defaults otherwise, by Barnes-Hut and by "
        "interpolation (fft), which it selects by itself from 10,000 points on; its nearest neighbors "
        "are approximate, ours exact."
    )
    goals = (Goal("10000 points", "cpu", 0.6),)

    def points(self):
        return [Point(f"{n} points", n, {"count": n}) for n in (1000, 3000, 10000)]

    def data(self, bench, point):
        path = bench.folder("tsne") / f"{point.size['count']}.npy"
        if not path.exists():
            bench.call(bench.script("tsne_data.py", "--count", point.size["count"], path))
        return path

    def prepare(self, bench, point):
        self.data(bench, point)

    def ours(self, bench, point):
        output = bench.folder("tsne") / "ours.npy"
        return Program(
            OURS, [bench.command("embed", self.data(bench, point), "-o", output, "--overwrite")], outputs=[output]
        )

    def peers(self, bench, point):
        found = []
        for method, name in [("bh", "openTSNE, Barnes-Hut"), ("fft", "openTSNE, fft")]:
            output = bench.folder("tsne") / f"{method}.npy"
            command = bench.script("tsne.py", self.data(bench, point), output, method, bench.threads)
            found.append(Program(name, [command], outputs=[output]))
        return found

    def check(self, bench, point, reports):
        folder = bench.folder("tsne")
        ours, tree, grid = bench.call(
            bench.script(
                "check_tsne.py", self.data(bench, point), *(folder / f"{name}.npy" for name in ("ours", "bh", "fft"))
            )
        )["kl"]
        if ours > 1.01 * min(tree, grid):
            raise Failed(f"KL divergence {ours}, openTSNE's {tree} and {grid}")
        return (
            f"KL divergence {ours:.4f}, openTSNE's {tree:.4f} (Barnes-Hut) and {grid:.4f} (fft), by one "
            "measure with exact affinities"
        )

    def floor(self, bench, point):
        # All distances once, for the exact neighbors; the forces have no simple floor.
        count = point.size["count"]
        found = multiplying(count * count / 2 * 50, bench.machine, ["product_gflops"], "distances between all points")
        return found and (found[0], found[1] + "; the forces have no such floor")
