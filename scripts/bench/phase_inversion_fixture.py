"""Rates, height errors and standard errors by numpy.linalg.lstsq, for the tests of RateInversion.

    python3 scripts/bench/phase_inversion_fixture.py Tests/RateInversionTests/Fixtures/lstsq.json

Needs numpy alone. Written from the formulas in docs/phase.md, not from the Swift code.
"""
import json
import sys

import numpy as np

WAVELENGTH, RANGE, INCIDENCE, LOOKS = 0.0554658, 850_000.0, 39.0, 5
rng = np.random.default_rng(12)
days = np.arange(8) * 12
baselines = np.round(rng.normal(0, 120, 8), 3)
pairs = [(i, j) for i in range(8) for j in range(i + 1, min(i + 4, 8))]
bt = np.array([days[j] - days[i] for i, j in pairs], float)
bp = np.array([baselines[j] - baselines[i] for i, j in pairs])
a = -4 * np.pi / WAVELENGTH * 0.01 / 365.25 * bt
b = -4 * np.pi / WAVELENGTH * bp / (RANGE * np.sin(np.radians(INCIDENCE)))

pixels = []
for pixel in range(12):
    phase = a * rng.uniform(-20, 20) + b * rng.uniform(-30, 30) + rng.normal(0, 0.4, len(pairs))
    coherence = rng.uniform(0.2, 0.95, len(pairs))
    phase = phase.astype(np.float32)
    coherence = coherence.astype(np.float32)
    there = np.ones(len(pairs), bool)
    if pixel % 3 == 2:
        there[rng.choice(len(pairs), 6, replace=False)] = False
    g = coherence.astype(float)
    weights = {
        "fisher_information": 2 * LOOKS * g**2 / (1 - g**2), "coherence": g, "uniform": np.ones_like(g),
    }
    record = {
        "phase": [float(p) if t else None for p, t in zip(phase, there)],
        "coherence": coherence.tolist(), "estimates": {},
    }
    for name, w in weights.items():
        for unknowns, columns in (("rate", [a]), ("both", [a, b])):
            root = np.sqrt(w[there])
            design = np.stack(columns, 1)[there] * root[:, None]
            y = phase[there].astype(float) * root
            x, rss, _, _ = np.linalg.lstsq(design, y, rcond=None)
            rest = y - design @ x
            variance = rest @ rest / (there.sum() - len(columns))
            errors = np.sqrt(np.diag(np.linalg.inv(design.T @ design)) * variance)
            record["estimates"][f"{name}/{unknowns}"] = x.tolist() + errors.tolist()
    pixels.append(record)

with open(sys.argv[1], "w") as file:
    json.dump(
        {
            "wavelength_m": WAVELENGTH, "range_m": RANGE, "incidence_deg": INCIDENCE,
            "looks": LOOKS, "days": days.tolist(), "baselines_m": baselines.tolist(),
            "pairs": pairs, "pixels": pixels,
        }, file)
