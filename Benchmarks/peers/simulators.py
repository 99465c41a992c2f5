"""Complete wrapped samples by public simulators, each as it is meant to be used.

    python Benchmarks/peers/simulators.py eq-insar --size 256 --count 100
    python Benchmarks/peers/simulators.py SyInterferoPy --checkout ../SyInterferoPy

What each makes, all planes kept in memory:

- eq-insar: earthquake, correlated noise, ramp, wrapped phase.
- SyInterferoPy: Mogi, turbulence of two dates, stratification from a DEM; wrapped here with NumPy.
- troposim: Gaussian, turbulence of two dates, stratification, decorrelation; wrapped with NumPy.

Prints one line of JSON with wall and CPU seconds, after three samples that are not counted.
"""

import argparse
import json
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
            Mw=rng.uniform(4.5, 6.5),
            strike_deg=rng.uniform(0, 360),
            depth_km=rng.uniform(5, 20),
            grid_size=SIZE,
            satellite="sentinel1",
            add_orbital_ramp=True,
            wrap=True,
            seed=int(rng.integers(1 << 31)),
        )

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
    lons, lats = np.meshgrid(14.0 + np.arange(SIZE) / 1200, 41.0 - np.arange(SIZE) / 1200)
    dem = np.ma.array(np.abs(rng.standard_normal((SIZE, SIZE)).cumsum(0).cumsum(1)), mask=np.zeros((SIZE, SIZE)))

    def sample():
        los = deformation_wrapper(
            lons,
            lats,
            (14.1, 40.9),
            "mogi",
            dem=dem,
            volume_change=rng.uniform(2e6, 3e6),
            depth=rng.uniform(1000, 4000),
        )[0]
        stratified = atmosphere_topo(dem, difference=True)
        dates = atmosphere_turb(2, lons, lats, method="fft", mean_m=0.02)
        turbulent = dates[1] - dates[0]
        total = 4 * np.pi / 0.0554658 * (los + stratified + turbulent)
        return los, stratified, turbulent, total, wrap(total)

    return sample


PEERS = {"eq-insar": eq_insar, "troposim": troposim, "SyInterferoPy": syinterferopy}


def main():
    global SIZE
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("peer", choices=PEERS)
    parser.add_argument("--size", type=int, default=SIZE)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--checkout", help="of SyInterferoPy")
    options = parser.parse_args()
    SIZE = options.size
    if options.checkout:
        sys.path.insert(0, options.checkout)
    sample = PEERS[options.peer]()
    for _ in range(3):
        sample()
    start, cpu = time.perf_counter(), time.process_time()
    for _ in range(options.count):
        sample()
    print(json.dumps({"seconds": time.perf_counter() - start, "cpu_seconds": time.process_time() - cpu}))


if __name__ == "__main__":
    main()
