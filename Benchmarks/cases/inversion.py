"""Rates from a stack of interferograms."""

from pathlib import Path

from harness.case import Case, Goal, Missing, Point
from harness.measure import Failed, Program
from harness.results import OURS

DATES = 32  # each is paired with the next three: 90 interferograms
INTERFEROGRAMS = 90


class Inversion(Case):
    name = "inversion"
    title = "Rate inversion"
    needs = ("h5py", "scipy")
    unit = "pixels"
    work = (
        f"A map of rates from {INTERFEROGRAMS} interferograms of {DATES} dates in MintPy's "
        "ifgramStack.h5 (phase and coherence), weighted by the variance of the phase, without height "
        "error; whole commands. MintPy: ifgram_inversion.py and timeseries2velocity.py, with its "
        "default weights, and with `-w no`, which solves all pixels in one call and is the fastest "
        "that it offers. Ours fits the rate in one step, and also writes standard error, residual and "
        "temporal coherence."
    )
    goals = (Goal("1500 px", "wall", 1 / 5),)

    def points(self):
        return [Point(f"{s} px", s * s, {"size": s}) for s in (200, 400, 1500)]

    def stack(self, bench, size) -> Path:
        folder = bench.folder(f"stack-{size}/inputs")
        path = folder / "ifgramStack.h5"
        if not path.exists():
            small = bench.work / "stack-small"
            if not small.exists():
                rate = bench.work / "rate-small.npy"
                bench.call([bench.python, "-c", f"import numpy; numpy.save({str(rate)!r}, numpy.ones((32, 32), 'f4'))"])
                bench.call(
                    bench.command(
                        "compose",
                        rate,
                        "--unit",
                        "cm/yr",
                        "-o",
                        small,
                        "--format",
                        "mintpy",
                        "--set",
                        f"network.count={DATES}",
                        "--set",
                        "network.maximumConnections=3",
                    )
                )
            partial = path.with_suffix(".partial.h5")
            bench.call(bench.script("make_stack.py", small / "mintpy/inputs/ifgramStack.h5", partial, size))
            partial.rename(path)
        return path

    def prepare(self, bench, point):
        self.stack(bench, point.size["size"])

    def ours(self, bench, point):
        output = bench.work / "inverted"
        command = bench.command(
            "invert",
            self.stack(bench, point.size["size"]),
            "-o",
            output,
            "--reference",
            "stack",
            "--no-height-error",
            "--format",
            "npy",
        )
        return Program(OURS, [command], outputs=[output])

    def peers(self, bench, point):
        if not bench.available("MintPy", "mintpy"):
            return []
        bin = Path(bench.python).parent
        stack = self.stack(bench, point.size["size"])
        found = []
        for name, options in [("MintPy", []), ("MintPy -w no", ["-w", "no"])]:
            folder = stack.parents[1] / ("mintpy" if not options else "mintpy-no")
            folder.mkdir(exist_ok=True)
            commands = [
                [bench.python, str(bin / "ifgram_inversion.py"), str(stack), *options],
                [bench.python, str(bin / "timeseries2velocity.py"), "timeseries.h5"],
            ]
            outputs = [folder / f for f in ("timeseries.h5", "temporalCoherence.h5", "numInvIfgram.h5", "velocity.h5")]
            found.append(Program(name, commands, outputs=outputs, folder=folder, environment={"MPLBACKEND": "Agg"}))
        if not (bin / "ifgram_inversion.py").exists():
            raise Missing(f"ifgram_inversion.py beside {bench.python}: run Benchmarks/peers.sh")
        return found

    def check(self, bench, point, reports):
        stack = self.stack(bench, point.size["size"])
        velocity = stack.parents[1] / "mintpy/velocity.h5"
        found = bench.call(
            bench.script(
                "check_rates.py", stack, bench.work / "inverted/rate.npy", *([velocity] if velocity.exists() else [])
            )
        )
        if found["pixels"] > 1e-3 or found.get("mintpy", 0) > 0.3 or found["noise"] > 0.5:
            raise Failed(f"rates differ: {found}")
        text = (
            f"100 pixels agree with numpy.linalg.lstsq to {found['pixels']:.0e} cm/yr; rms from the truth "
            f"{found['noise']:.3f} cm/yr"
        )
        if "mintpy" in found:
            text += f", from MintPy's map {found['mintpy']:.3f} cm/yr"
        return text

    def floor(self, bench, point):
        if not bench.machine.get("copy_gb_per_second"):
            return None
        gigabytes = 2 * INTERFEROGRAMS * point.amount * 4 / 1e9
        rate = bench.machine["copy_gb_per_second"]
        return gigabytes / rate, (
            f"{gigabytes:.2g} GB of phases and coherences read once from memory at {rate:.1f} GB/s"
        )
