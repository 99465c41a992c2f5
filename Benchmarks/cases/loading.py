"""Training patches drawn from scenes."""

from harness.case import Case, Point
from harness.measure import Failed, Program
from harness.results import OURS

from cases.training import dataset

# Number of patches in a timed run, by size.
COUNTS = {64: 1600, 128: 480, 256: 96}


def of_a_thousand(report):
    return tuple(1000 * report[key] / report["patches"] for key in ("seconds", "cpu_seconds"))


class Loading(Case):
    name = "loading"
    title = "Patch loading"
    needs = ("numpy",)
    unit = "pixels in a patch"
    work = (
        "Seconds per 1000 patches, in batches of 16, from four simulated scenes of 1024 px with "
        "holes, by the paper's rules: windows of 1x or 2x the patch, the conditional filter, holes "
        "filled, eight symmetries, an offset. Ours runs on one worker thread. The peer does the same "
        "with NumPy, SciPy and a torch DataLoader in its own process, except that it fills holes with "
        "the nearest value while ours solves Laplace's equation. Opening the dataset is not timed."
    )

    def points(self):
        return [Point(f"{s} px", s * s, {"size": s}) for s in COUNTS]

    def prepare(self, bench, point):
        dataset(bench)

    def arguments(self, point):
        return ["--patch-size", point.size["size"]]

    def ours(self, bench, point):
        command = bench.measure(
            "loading",
            dataset(bench),
            *self.arguments(point),
            "--batches",
            COUNTS[point.size["size"]] // 16,
        )
        return Program(OURS, [command], times=of_a_thousand)

    def peers(self, bench, point):
        if not bench.available("NumPy and DataLoader", "torch", "scipy"):
            return []
        command = bench.script(
            "load_patches.py", dataset(bench), *self.arguments(point), "--batches", COUNTS[point.size["size"]] // 16
        )
        return [Program("NumPy and DataLoader", [command], times=of_a_thousand)]

    def check(self, bench, point, reports):
        folder = bench.folder("loading-check")
        bench.call(bench.measure("loading", dataset(bench), *self.arguments(point), "--save", folder))
        found = bench.call(bench.script("check_patches.py", dataset(bench), folder))
        if found["difference"] > 1e-4:
            raise Failed(f"patches differ from their windows: {found}")
        return (
            f"{found['patches']} patches are their windows of the scenes, cut and averaged by "
            f"NumPy, to {found['difference']:.0e} cm/yr, and keep the rules"
        )

    def floor(self, bench, point):
        if not bench.machine.get("copy_gb_per_second"):
            return None
        # A window has one or four times the patch's pixels, half and half; the patch is written once.
        megabytes = 1000 * point.amount * 4 * (2.5 + 1) / 2 / 1e6
        rate = bench.machine["copy_gb_per_second"]
        return megabytes / 1e3 / rate, (f"{megabytes:.0f} MB of windows copied once at {rate:.1f} GB/s")
