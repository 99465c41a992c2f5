"""A stack of interferograms on disk from a rate map."""

from harness.case import Case, Point
from harness.measure import Failed, Program
from harness.results import OURS

DATES = 30  # each is paired with the next three: 84 interferograms
PAIRS, PLANES = 84, 8


class StackComposition(Case):
    name = "stack"
    title = "Composing a stack"
    needs = ("numpy",)
    unit = "pixels"
    work = (
        f"{PAIRS} interferograms of {DATES} dates from a rate map: deformation, height error, "
        f"turbulence, ramp, decorrelation of 16 looks, sum, wrapped phase and coherence, {PLANES} "
        "planes per interferogram, each written as .npy; whole commands. Ours also writes SHA-256 "
        "checksums of every file. The peer is troposim (turbulence, decorrelation) with NumPy."
    )

    def points(self):
        return [Point(f"{s} px", s * s, {"size": s}) for s in (128, 256, 512)]

    def rate(self, bench, point):
        size = point.size["size"]
        folder = bench.folder("rates")
        path = folder / f"{size}.npy"
        if not path.exists():
            made = folder / f"simulated-{size}"
            bench.call(bench.command("simulate", "mixed", "-o", made, "--size", size, "--seed", 1, "--format", "npy"))
            next(made.glob("*.npy")).rename(path)
        return path

    def prepare(self, bench, point):
        self.rate(bench, point)

    def ours(self, bench, point):
        output = bench.work / "stack-ours"
        parts = "deformation, topographic_error, turbulence, orbital_ramp, decorrelation"
        command = bench.command(
            "compose",
            self.rate(bench, point),
            "--unit",
            "cm/yr",
            "-o",
            output,
            "--set",
            f"network.count={DATES}",
            "--set",
            "network.maximumConnections=3",
            "--set",
            f"model.components=[{parts}]",
            "--set",
            "model.decorrelation.looks=16",
        )
        return Program(OURS, [command], outputs=[output])

    def peers(self, bench, point):
        if not bench.available("troposim and NumPy", "troposim"):
            return []
        output = bench.work / "stack-peer"
        command = bench.script("compose_stack.py", self.rate(bench, point), output, "--dates", DATES)
        return [Program("troposim and NumPy", [command], outputs=[output])]

    def check(self, bench, point, reports):
        found = bench.call(bench.script("check_stack.py", bench.work / "stack-ours"))
        limits = {"sum": 1e-3, "wrapping": 1e-3, "deformation": 1e-3, "triangles": 1e-3}
        missed = {k: found[k] for k, limit in limits.items() if found[k] > limit}
        if missed or found["pairs"] != PAIRS:
            raise Failed(f"the stack is not what NumPy composes of its parts: {found}")
        return (
            f"{found['pairs']} interferograms composed anew with NumPy agree to "
            f"{max(found[k] for k in limits):.0e} rad: sums, wrapping, deformation, and "
            "turbulence around triangles"
        )

    def floor(self, bench, point):
        m = bench.machine
        if not m.get("write_gb_per_second"):
            return None
        megabytes = PAIRS * PLANES * point.amount * 4 / 1e6
        fields = (DATES + 1) * 4 * point.amount  # on twice the grid
        seconds = (
            megabytes / 1e3 / m["write_gb_per_second"]
            + fields * (m["normal_ns_per_value"] + m["transform_ns_per_value"]) / 1e9
        )
        return seconds, (
            f"{megabytes:.0f} MB written at {m['write_gb_per_second']} GB/s, and the fields of "
            f"{DATES} dates and a height error drawn and transformed once"
        )
