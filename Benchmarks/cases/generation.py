"""Rate maps from a generator."""

from harness.case import Case, Goal, Point
from harness.measure import Failed, Program
from harness.results import OURS

from cases.floors import multiplying
from cases.training import dataset


class Generation(Case):
    name = "generation"
    title = "Generation"
    needs = ("torch", "safetensors")
    unit = "pixels"
    work = (
        "Maps from one model file, written as .npy in batches of 16; the whole command, including "
        "start-up (`ganinsar generate` also writes a manifest and a contact sheet). The peer is "
        "PyTorch in eager mode, channels_last, without gradients, with the same weights and latents."
    )
    goals = (
        Goal("64 px, ch 16, 512 maps", "cpu", 0.8),
        Goal("128 px, ch 32, 64 maps", "cpu", 0.8),
        Goal("256 px, ch 32, 32 maps", "cpu", 0.8),
    )

    def points(self):
        return [
            Point(f"{s} px, ch {c}, {n} maps", s * s * n, {"size": s, "ch": c, "count": n}, f"ch {c}")
            for s, c, n in [(64, 16, 128), (64, 16, 512), (128, 32, 64), (256, 32, 32)]
        ]

    def model(self, bench, size):
        """A model trained for one batch: the time does not depend on its weights."""
        runs = bench.folder(f"model-{size['size']}-{size['ch']}")
        if not list(runs.glob("*/model.safetensors")):
            sets = {
                "architecture.sizePixels": size["size"],
                "architecture.channels": size["ch"],
                "batchSize": 4,
                "epochs": 1,
                "data.patchesPerEpoch": 4,
                "average.calibrationBatches": 1,
            }
            bench.call(
                bench.command(
                    "train",
                    dataset(bench),
                    "-o",
                    runs,
                    *[part for k, v in sets.items() for part in ("--set", f"{k}={v}")],
                )
            )
        return next(iter(runs.glob("*/model.safetensors")))

    def prepare(self, bench, point):
        self.model(bench, point.size)

    def ours(self, bench, point):
        output = bench.work / "generated-ours"
        command = bench.command(
            "generate",
            self.model(bench, point.size),
            "-o",
            output,
            "--count",
            point.size["count"],
            "--seed",
            0,
            "--device",
            "cpu",
        )
        return Program(OURS, [command], outputs=[output])

    def peers(self, bench, point):
        output = bench.work / "generated-peer"
        command = bench.script(
            "generate.py",
            self.model(bench, point.size),
            output,
            "--count",
            point.size["count"],
            "--threads",
            bench.threads,
        )
        return [Program("PyTorch eager", [command], outputs=[output])]

    def check(self, bench, point, reports):
        found = bench.call(
            bench.script("compare_arrays.py", bench.work / "generated-ours", bench.work / "generated-peer")
        )
        if found["difference"] > 1e-3 or found["files"] != point.size["count"]:
            raise Failed(f"maps differ: {found}")
        return f"all maps agree to {found['difference']:.0e} of the largest rate"

    def floor(self, bench, point):
        s = point.size
        macs = bench.call(bench.script("macs.py", "unet", s["size"], s["ch"]))["generator"]
        return multiplying(macs * s["count"], bench.machine)
