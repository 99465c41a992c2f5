"""Complete wrapped samples for machine learning."""

from harness.case import Case, Goal, Point
from harness.measure import Failed, Program
from harness.results import OURS

# Number of samples in a timed run, by size.
COUNTS = {128: 800, 256: 400, 512: 80}


class Samples(Case):
    name = "sample"
    title = "Simulating full samples"
    needs = ("safetensors", "numpy")
    unit = "pixels in a sample"
    work = (
        "Deformation, turbulence of two dates, stratification, ramp, single-look decorrelation, their "
        "sum and wrapped phase, all planes kept in memory; seconds per 100 samples. Ours runs in one "
        "process with one thread per core, including the set-up of the composers. Each public "
        "simulator makes less: eq-insar an earthquake, correlated noise and a ramp; SyInterferoPy a "
        "Mogi source, turbulence of two dates and stratification; troposim a Gaussian, turbulence of "
        "two dates, stratification and decorrelation."
    )
    goals = (Goal("256 px", "wall", 1 / 20),)

    def points(self):
        return [Point(f"{s} px", s * s, {"size": s}) for s in COUNTS]

    def ours(self, bench, point):
        size = point.size["size"]
        samples = COUNTS[size] // int(bench.threads)
        command = bench.measure_samples(
            "--size", size, "--threads", bench.threads, "--samples", samples, "--repetitions", 1
        )
        return Program(
            OURS,
            [command],
            times=lambda report: tuple(
                100 * report[key] / report["samples_per_repetition"] for key in ("wall_seconds", "cpu_seconds")
            ),
        )

    def peers(self, bench, point):
        found = []
        for name, module in [("eq-insar", "eq_insar"), ("troposim", "troposim"), ("SyInterferoPy", "geopy")]:
            if not bench.available(name, module):
                continue
            count = COUNTS[point.size["size"]] // 10
            command = bench.script("simulators.py", name, "--size", point.size["size"], "--count", count)
            if name == "SyInterferoPy":
                if bench.syinterferopy is None:
                    bench.skip(name, "a checkout of matthew-gaddes/SyInterferoPy: SYINTERFEROPY=PATH")
                    continue
                command += ["--checkout", str(bench.syinterferopy)]
            found.append(
                Program(
                    name,
                    [command],
                    times=lambda report, count=count: (
                        100 * report["seconds"] / count,
                        100 * report["cpu_seconds"] / count,
                    ),
                )
            )
        return found

    def check(self, bench, point, reports):
        file = bench.work / "samples.safetensors"
        bench.call(bench.measure_samples("--size", point.size["size"], "--save", file))
        found = bench.call(bench.script("check_samples.py", file))
        limits = {"sum": 1e-5, "wrapping": 1e-4, "deformation": 1e-5, "turbulence": 1e-4, "decorrelation": 0.05}
        missed = {k: found[k] for k, limit in limits.items() if found[k] > limit}
        if missed:
            raise Failed(f"samples are not what NumPy composes of their parts: {missed}")
        return (
            f"{found['samples']} samples composed anew with NumPy: sum and deformation agree to "
            f"{max(found['sum'], found['deformation']):.0e}, wrapping to "
            f"{found['wrapping']:.0e} rad; the spread of the noise is within "
            f"{100 * found['decorrelation']:.1f} % of its distribution's"
        )

    def floor(self, bench, point):
        m = bench.machine
        if not m.get("transform_ns_per_value"):
            return None
        side = point.size["size"]
        padded = (1.25 * side) ** 2
        # Two spectra and their inverse transforms; t and z of the decorrelation; nine planes stored.
        drawing = (2 * padded + 3 * side**2) * m["normal_ns_per_value"]
        transforms = 2 * padded * m["transform_ns_per_value"]
        storing = 9 * side**2 * 4 / m["copy_gb_per_second"]
        return 100 * (drawing + transforms + storing) / 1e9, (
            "random numbers and inverse transforms of two dates as fast as PyTorch draws "
            f"({m['normal_ns_per_value']} ns a number) and transforms "
            f"({m['transform_ns_per_value']} ns a value), and nine planes stored once at "
            f"{m['copy_gb_per_second']} GB/s"
        )
