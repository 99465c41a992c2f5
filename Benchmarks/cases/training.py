"""A training iteration: one step of the discriminator, one of the generator."""

from harness.case import Case, Goal, Point
from harness.measure import Failed, Program, as_reported
from harness.results import OURS

from cases.floors import multiplying

ITERATIONS = 3  # timed iterations without CutMix, and as many with CutMix


def dataset(bench):
    """Four simulated scenes with holes, prepared; made once."""
    folder = bench.folder("data")
    scenes, prepared = folder / "scenes", folder / "dataset"
    if not prepared.exists():
        if not scenes.exists():
            bench.call(
                bench.command(
                    "simulate",
                    "mixed",
                    "-o",
                    scenes,
                    "--count",
                    4,
                    "--seed",
                    1,
                    "--size",
                    1024,
                    "--pixel-size",
                    60,
                    "--format",
                    "npy",
                )
            )
        punched = folder / "punched"
        bench.call(bench.script("punch_holes.py", scenes, punched))
        bench.call(bench.command("prepare", *sorted(punched.glob("*.npy")), "--unit", "cm/yr", "-o", prepared))
    return prepared


class Training(Case):
    name = "training"
    title = "Training iteration"
    needs = ("torch", "safetensors")
    unit = "pixels in a batch"
    work = (
        "One step of the U-Net discriminator and one of the generator with Adam, float32, the mean of "
        "iterations without and with CutMix; ours with data loading and moving average, PyTorch "
        "(eager, channels_last) without. Times are per iteration, after two that are not counted; "
        "memory is that of the whole process."
    )
    goals = (Goal("64 px, ch 16, batch 16", "cpu", 0.75), Goal("128 px, ch 32, batch 4", "cpu", 0.75))

    def points(self):
        return [
            Point(f"{s} px, ch {c}, batch {b}", s * s * b, {"size": s, "ch": c, "batch": b}, f"{s} px")
            for s, c, b in [(64, 16, 4), (64, 16, 16), (128, 32, 4)]
        ]

    def settings(self, size):
        pairs = {
            "architecture.sizePixels": size["size"],
            "architecture.channels": size["ch"],
            "batchSize": size["batch"],
            "execution.threads": 0,
        }
        return [part for key, value in pairs.items() for part in ("--set", f"{key}={value}")]

    def prepare(self, bench, point):
        dataset(bench)

    def ours(self, bench, point):
        command = bench.measure("train", dataset(bench), "--iterations", ITERATIONS, *self.settings(point.size))
        return Program(
            OURS,
            [command],
            times=lambda report: (report["seconds"], (report["plain_cpu_seconds"] + report["cutmix_cpu_seconds"]) / 2),
        )

    def peers(self, bench, point):
        s = point.size
        command = bench.script(
            "unet_gan_iteration.py",
            "--channels-last",
            "--size",
            s["size"],
            "--ch",
            s["ch"],
            "--batch",
            s["batch"],
            "--iterations",
            ITERATIONS,
            "--threads",
            bench.threads,
        )
        if bench.reference:
            command += ["--reference", str(bench.reference)]
            return [Program("public U-Net GAN, PyTorch", [command], as_reported)]
        bench.skip(
            "public U-Net GAN, PyTorch",
            "a checkout of boschresearch/unetgan: "
            "REFERENCE=PATH; the clean PyTorch networks of scripts/fixtures took its place",
        )
        return [Program("clean U-Net GAN, PyTorch", [command], as_reported)]

    def check(self, bench, point, reports):
        folder = bench.folder("training-check")
        bench.call(bench.measure("train", dataset(bench), "--save", folder, *self.settings(point.size)))
        found = bench.call(
            bench.script("check_training.py", folder, "--size", point.size["size"], "--ch", point.size["ch"])
        )["difference"]
        if found > 1e-3:
            raise Failed(f"losses differ from PyTorch's by {found}")
        text = f"the losses of two iterations agree with PyTorch's to {found:.0e}"
        public = next((r for n, r in reports.items() if "difference_from_clean" in r), None)
        if public:
            worst = max(public["difference_from_clean"].values())
            text += f", the public networks with our twin's to {worst:.0e}"
        return text

    def floor(self, bench, point):
        s = point.size
        found = bench.call(bench.script("macs.py", "unet", s["size"], s["ch"]))
        g, d = found["generator"], found["discriminator"]
        # D step: G forward; D over 2 or 3 parts (mean 2.5) forward and twice backward.
        # G step: G forward and twice backward; D forward and backward to its input.
        macs = s["batch"] * (g * (1 + 3) + d * (2.5 * 3 + 2))
        return multiplying(macs, bench.machine)
