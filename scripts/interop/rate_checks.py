"""Rates and height errors: MintPy's own programs, ganinsar invert and insar-rs on one stack."""

import json

import h5py
import insar_rs
import numpy as np
import tools
from tools import ganinsar, step

SIZE = 96
MM = 1000.0


def rms(values):
    return float(np.sqrt(np.nanmean(np.square(values))))


def true_rate():
    """cm/yr: subsidence in a bowl, uplift of a dome, and a tilt."""
    y, x = np.mgrid[:SIZE, :SIZE] / SIZE
    bowl = -6 * np.exp(-((x - 0.35) ** 2 + (y - 0.4) ** 2) / 0.02)
    dome = 4 * np.exp(-((x - 0.7) ** 2 + (y - 0.65) ** 2) / 0.03)
    return (bowl + dome + 0.8 * x - 0.3 * y + 0.2).astype(np.float32)


def compose(work, name, rate, *arguments):
    np.save(work / f"{name}-rate.npy", rate)
    stack = work / name
    ganinsar(
        "compose",
        work / f"{name}-rate.npy",
        "--unit",
        "cm/yr",
        "-o",
        stack,
        "--format",
        "mintpy",
        "--set",
        "geometry.pixelSizeMeters=60",
        *arguments,
    )
    return stack


def mintpy(stack):
    """Time series, DEM error and velocity by MintPy's own programs, in its units: m and m/year."""
    folder = stack / "mintpy"
    tools.run("ifgram_inversion.py", "inputs/ifgramStack.h5", cwd=folder)
    geometry = "inputs/geometryGeo.h5" if (folder / "inputs/geometryGeo.h5").exists() else "inputs/geometryRadar.h5"
    tools.run("dem_error.py", "timeseries.h5", "-g", geometry, "-o", "timeseries_demErr.h5", cwd=folder)
    tools.run("timeseries2velocity.py", "timeseries_demErr.h5", "-o", "velocity.h5", cwd=folder)
    with h5py.File(folder / "timeseries.h5") as f:
        series, dates = f["timeseries"][:], [d.decode() for d in f["date"][:]]
    with h5py.File(folder / "demErr.h5") as f:
        dem_error = f["dem"][:]
    with h5py.File(folder / "velocity.h5") as f:
        velocity = f["velocity"][:]
    return series, dates, dem_error, velocity


def invert(stack, output, *arguments):
    ganinsar("invert", stack, "-o", output, "--format", "npy", *arguments)
    return np.load(output / "rate.npy"), np.load(output / "height_error.npy")


def run_rates(work, report):
    noise = [
        "--set",
        "model.components=[deformation, topographic_error, decorrelation]",
        "--set",
        "model.decorrelation.looks=16",
        # The programs weight interferograms differently, so that only with one coherence they must agree closely.
        "--set",
        "model.coherence.source=uniform",
        "--set",
        "model.decorrelation.initialCoherence=0.871",
        "--set",
        "model.decorrelation.finalCoherence=0.871",
        "--set",
        "network.count=60",
        "--set",
        "network.maximumConnections=8",
        "--set",
        "network.baselineStandardDeviationMeters=60",
        "--seed",
        "3",
    ]
    step("a rate map, 60 dates, noise of 0.1 rad, height error: MintPy's programs")
    rate = true_rate()
    stack = compose(work, "rates", rate, *noise)
    manifest = json.loads((stack / "manifest.json").read_text())
    pairs = [pair["name"] for pair in manifest["pairs"]]
    noise_rad = float(np.std(np.load(stack / pairs[0] / "decorrelation.npy")))
    row, column = manifest["referencePixelRow"], manifest["referencePixelColumn"]

    def relative(values):
        return values - values[row, column]

    height_error = np.load(stack / "height_error.npy")
    _, _, mintpy_height, velocity = mintpy(stack)
    step("the same by ganinsar invert and insar-rs")
    ours, our_height = invert(stack, work / "rates-inverted", "--reference", "stack")
    from_mintpy_file, _ = invert(
        stack / "mintpy/inputs/ifgramStack.h5", work / "rates-inverted-h5", "--reference", "stack"
    )
    wrapped_rate, _ = invert(stack, work / "rates-wrapped", "--wrapped", "--rate-limit", "10")
    without_height = rate_without_height_error(stack, work)
    free = insar_rs_velocity(stack, manifest, row, column)

    truth = relative(rate) * 10
    report.group(
        "Rates",
        f"{SIZE} x {SIZE} pixels, {len(pairs)} interferograms of 60 Sentinel-1 dates, noise of "
        f"{noise_rad:.3f} rad in each, height error of {np.std(height_error):.1f} m. `insar-rs` "
        "estimates no height error, so it is run on the stack without it.",
    )
    mintpy_mm = relative(velocity) * MM
    ours_mm = relative(ours) * 10
    check = report.add
    value = rms(mintpy_mm - truth)
    check("MintPy's velocity against the true rate, rms", f"{value:.3f} mm/yr", "< 1", value < 1)
    value = rms(ours_mm - truth)
    check("`ganinsar invert` against the true rate, rms", f"{value:.3f} mm/yr", "< 1", value < 1)
    value = rms(mintpy_mm - ours_mm)
    check("MintPy against `ganinsar invert`, rms", f"{value:.3f} mm/yr", "< 0.1", value < 0.1)
    value = float(np.nanmax(np.abs(from_mintpy_file - ours))) * 10
    check(
        "`ganinsar invert` of `ifgramStack.h5` and of the stack folder, largest difference",
        f"{value:.5f} mm/yr",
        "< 0.001",
        value < 0.001,
    )
    value = rms(mintpy_height - relative(height_error))
    check("MintPy's DEM error against the true height error, rms", f"{value:.3f} m", "< 1", value < 1)
    value = rms(our_height - relative(height_error))
    check("`ganinsar invert`'s height error against the true one, rms", f"{value:.3f} m", "< 1", value < 1)
    value = rms(relative(wrapped_rate) * 10 - truth)
    check("`ganinsar invert --wrapped` against the true rate, rms", f"{value:.3f} mm/yr", "< 1", value < 1)
    value = rms(free - truth)
    check("insar-rs against the true rate, rms", f"{value:.3f} mm/yr", "< 1", value < 1)
    value = rms(free - relative(without_height) * 10)
    check("insar-rs against `ganinsar invert --no-height-error`, rms", f"{value:.3f} mm/yr", "< 0.1", value < 0.1)


def without_topography(stack, name):
    return np.load(stack / name / "unwrapped.npy") - np.load(stack / name / "topographic_error.npy")


def rate_without_height_error(stack, work):
    """The rate that ganinsar estimates from the stack without its height error, through a MintPy file."""
    source = stack / "mintpy/inputs/ifgramStack.h5"
    target = work / "rates-flat.h5"
    target.write_bytes(source.read_bytes())
    names = [pair["name"] for pair in json.loads((stack / "manifest.json").read_text())["pairs"]]
    with h5py.File(target, "r+") as f:
        for index, name in enumerate(names):
            f["unwrapPhase"][index] = without_topography(stack, name)
    output = work / "rates-flat"
    ganinsar("invert", target, "-o", output, "--format", "npy", "--reference", "stack", "--no-height-error")
    return np.load(output / "rate.npy")


def insar_rs_velocity(stack, manifest, row, column):
    """mm/yr relative to the reference pixel."""
    dates = [a["date"] for a in manifest["network"]["acquisitions"]]
    days = (np.array([np.datetime64(f"{d[:4]}-{d[4:6]}-{d[6:]}") for d in dates]) - np.datetime64("2020-01-01")).astype(
        int
    )
    phase = []
    for pair in manifest["pairs"]:
        plane = without_topography(stack, pair["name"])
        phase.append(plane - plane[row, column])
    network = manifest["network"]["pairs"]
    series = insar_rs.invert_sbas(
        np.stack(phase).astype(np.float32),
        [p["reference"] for p in network],
        [p["secondary"] for p in network],
        [int(d) for d in days],
        manifest["geometry"]["radar"]["wavelengthMeters"],
    )
    velocity = insar_rs.estimate_velocity(series, [int(d) for d in days])
    velocity = np.asarray(velocity[0] if isinstance(velocity, tuple) else velocity)
    return (velocity - velocity[row, column]) * MM


def run_signs(work, report):
    step("signs of height error, orbital ramp and atmosphere")
    rate = (0.2 + 0.002 * np.arange(SIZE, dtype=np.float32)) * np.ones((SIZE, 1), np.float32)
    error = np.zeros((SIZE, SIZE), np.float32)
    error[:, SIZE // 2 :] = 10
    np.save(work / "ten-meters.npy", error)
    report.group("Signs", "Stacks without noise.")

    stack = compose(
        work,
        "height-error",
        rate,
        "--height-error",
        work / "ten-meters.npy",
        "--set",
        "model.components=[deformation, topographic_error]",
    )
    _, _, dem_error, _ = mintpy(stack)
    value = float(dem_error[:, SIZE // 2 + 1 :].mean() - dem_error[:, : SIZE // 2 - 1].mean())
    report.add(
        "MintPy's `dem_error` if the ground is 10 m above the DEM",
        f"{value:+.3f} m",
        "+10 within 0.1",
        abs(value - 10) < 0.1,
    )
    _, ours = invert(stack, work / "height-error-inverted")
    value = float(ours[:, SIZE // 2 :].mean() - ours[:, : SIZE // 2].mean())
    report.add("`ganinsar invert` on the same stack", f"{value:+.3f} m", "+10 within 0.1", abs(value - 10) < 0.1)

    for component, label in [("orbital_ramp", "orbital ramp"), ("turbulence", "turbulent delay")]:
        stack = compose(
            work,
            component,
            rate,
            "--set",
            f"model.components=[deformation, {component}]",
            "--set",
            "network.maximumConnections=null",
        )
        value, size = largest_series_difference(stack, rate, component)
        report.add(
            f"MintPy's time series with {label} of up to {size:.0f} mm, "
            "largest difference from deformation minus delay",
            f"{value:.4f} mm",
            "< 0.05",
            value < 0.05,
        )


def largest_series_difference(stack, rate, component):
    """Largest difference between MintPy's time series and the sum of the components of each date, in mm."""
    manifest = json.loads((stack / "manifest.json").read_text())
    tools.run("ifgram_inversion.py", "inputs/ifgramStack.h5", cwd=stack / "mintpy")
    with h5py.File(stack / "mintpy/timeseries.h5") as f:
        series, dates = f["timeseries"][:] * MM, [d.decode() for d in f["date"][:]]
    row, column = manifest["referencePixelRow"], manifest["referencePixelColumn"]
    to_mm = -manifest["geometry"]["radar"]["wavelengthMeters"] / (4 * np.pi) * MM
    worst = size = 0.0
    for index, pair in enumerate(p for p in manifest["pairs"] if p["referenceDate"] == dates[0]):
        # The first date is paired with all others, so the pair is the date.
        delay = np.load(stack / pair["name"] / f"{component}.npy") * to_mm
        expected = rate * 10 * pair["days"] / 365.25 + delay
        expected -= expected[row, column]
        worst = max(worst, float(np.abs(series[index + 1] - expected).max()))
        size = max(size, float(np.abs(delay).max()))
    return worst, size


def run(work, report):
    run_rates(work, report)
    run_signs(work, report)
