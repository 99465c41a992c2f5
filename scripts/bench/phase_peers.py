"""Complete 256 px wrapped samples a second: `ganinsar benchmark compose` beside public simulators.

    python3 -m venv /tmp/peers
    /tmp/peers/bin/pip install eq-insar==0.2.0 troposim==0.2.2 scipy geopy matplotlib
    git clone https://github.com/matthew-gaddes/SyInterferoPy /tmp/SyInterferoPy   # optional
    /tmp/peers/bin/python scripts/bench/phase_peers.py \
        --ganinsar .build/release/ganinsar --syinterferopy /tmp/SyInterferoPy

All run in turns, `--rounds` times, so that other work on the machine hits all of them; medians are
printed, and the ratio to the fastest peer. What each makes, all planes kept in memory:

- ganinsar: point source, turbulence of two dates, stratification, planar ramp, single-look
  decorrelation, sum, wrapped phase; one process with --threads threads.
- eq-insar: earthquake, correlated noise, ramp, wrapped phase.
- SyInterferoPy: Mogi, turbulence of two dates, stratification from a DEM; wrapped here with NumPy.
- troposim: Gaussian, turbulence of two dates, stratification, decorrelation; wrapped with NumPy.

Each peer is one Python process with its libraries' default threads.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys
import time

import numpy as np

SIZE = 256


def wrap(phase):
    return (phase + np.pi) % (2 * np.pi) - np.pi


def eq_insar():
    import eq_insar as library

    rng = np.random.default_rng(1)

    def sample():
        return library.generate_synthetic_insar(
            Mw=rng.uniform(4.5, 6.5), strike_deg=rng.uniform(0, 360), depth_km=rng.uniform(5, 20),
            grid_size=SIZE, satellite="sentinel1", add_orbital_ramp=True, wrap=True,
            seed=int(rng.integers(1 << 31)))

    return sample


def troposim():
    from troposim import decorrelation, stratified, turbulence
    from troposim.deformation import synthetic

    rng = np.random.default_rng(1)
    dem = 300 * rng.standard_normal((SIZE, SIZE)).cumsum(0).cumsum(1) / SIZE
    coherence = np.full((SIZE, SIZE), 0.6)

    def sample():
        parts = [
            synthetic.gaussian((SIZE, SIZE), sigma=30, amp=10.0),
            turbulence.simulate(shape=(SIZE, SIZE), resolution=90.0),
            turbulence.simulate(shape=(SIZE, SIZE), resolution=90.0),
            stratified.make_stratified_delay(dem, 5e-6 * rng.standard_normal()),
            decorrelation.simulate(coherence, looks=1),
        ]
        total = parts[0] + parts[1] - parts[2] + parts[3] + parts[4]
        return parts, total, wrap(total)

    return sample


def syinterferopy():
    from syinterferopy.syinterferopy import atmosphere_topo, atmosphere_turb, deformation_wrapper

    rng = np.random.default_rng(1)
    lons, lats = np.meshgrid(
        14.0 + np.arange(SIZE) / 1200, 41.0 - np.arange(SIZE) / 1200)
    dem = np.ma.array(
        np.abs(rng.standard_normal((SIZE, SIZE)).cumsum(0).cumsum(1)), mask=np.zeros((SIZE, SIZE)))

    def sample():
        los = deformation_wrapper(
            lons, lats, (14.1, 40.9), "mogi", dem=dem, volume_change=rng.uniform(2e6, 3e6),
            depth=rng.uniform(1000, 4000))[0]
        stratified = atmosphere_topo(dem, difference=True)
        dates = atmosphere_turb(2, lons, lats, method="fft", mean_m=0.02)
        turbulent = dates[1] - dates[0]
        total = 4 * np.pi / 0.0554658 * (los + stratified + turbulent)
        return los, stratified, turbulent, total, wrap(total)

    return sample


PEERS = {"eq-insar": eq_insar, "troposim": troposim, "SyInterferoPy": syinterferopy}


def time_peer(name, seconds):
    """Runs in a process of its own: `--peer`."""
    sample = PEERS[name]()
    for _ in range(3):
        sample()
    start, cpu, count = time.perf_counter(), time.process_time(), 0
    while time.perf_counter() - start < seconds:
        sample()
        count += 1
    wall = time.perf_counter() - start
    return {"samples_per_second": count / wall, "cpu_ms": 1000 * (time.process_time() - cpu) / count}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--ganinsar", default=".build/release/ganinsar")
    parser.add_argument("--threads", default=str(os.cpu_count()))
    parser.add_argument("--syinterferopy", help="a checkout of SyInterferoPy")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=4)
    parser.add_argument("--peer", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.syinterferopy:
        sys.path.insert(0, options.syinterferopy)
    if options.peer:
        print(json.dumps(time_peer(options.peer, options.seconds)))
        return

    own = [options.ganinsar, "benchmark", "compose", "--threads", options.threads,
           "--repetitions", "3"]
    peer = [sys.executable, os.path.abspath(__file__), "--seconds", str(options.seconds)]
    if options.syinterferopy:
        peer += ["--syinterferopy", options.syinterferopy]
    results = {}
    for _ in range(options.rounds):
        for name in ["ganinsar", *PEERS]:
            command = own if name == "ganinsar" else peer + ["--peer", name]
            done = subprocess.run(command, capture_output=True, text=True)
            if done.returncode != 0:
                print(f"{name}: not timed: {done.stderr.strip().splitlines()[-1:]}", file=sys.stderr)
                continue
            result = json.loads(done.stdout.strip().splitlines()[-1])
            if "cpu_seconds" in result:
                result["cpu_ms"] = 1000 * result["cpu_seconds"] / result["samples_per_repetition"]
            results.setdefault(name, []).append(result)
    print("| program | samples/s | CPU ms a sample |\n|---|---|---|")
    medians = {}
    for name, rounds in results.items():
        medians[name] = statistics.median(r["samples_per_second"] for r in rounds)
        cpu = statistics.median(r["cpu_ms"] for r in rounds)
        print(f"| {name} | {medians[name]:.1f} | {cpu:.2f} |")
    fastest = max((rate for name, rate in medians.items() if name != "ganinsar"), default=None)
    if fastest and "ganinsar" in medians:
        print(f"\nganinsar / fastest peer: {medians['ganinsar'] / fastest:.1f}")


if __name__ == "__main__":
    main()
