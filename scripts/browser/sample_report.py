"""Write a made-up report.json, to look at the page and to test it.

    python scripts/browser/sample_report.py --points 5000 sample.json
    .build/release/ganinsar report sample.json -o sample.html

The patches are smooth noise and bowls; no number in it was measured. One set's name, and one path, are
made of markup on purpose.
"""

import argparse
import base64
import json

import numpy

HOSTILE = '<img src=x onerror="window.hacked=1">&"\''
NAMES = ["real scenes", "handcrafted preset", HOSTILE, "GAN samples"]


def smooth_noise(random, count: int, side: int, exponent: float) -> numpy.ndarray:
    frequency = numpy.hypot(*numpy.meshgrid(numpy.fft.fftfreq(side), numpy.fft.fftfreq(side)))
    frequency[0, 0] = 1
    spectrum = numpy.fft.fft2(random.standard_normal((count, side, side)))
    spectrum *= frequency ** (exponent / 2)
    spectrum[:, 0, 0] = 0
    maps = numpy.fft.ifft2(spectrum).real
    return maps / maps.std()


def patches(random, kind: int, count: int, side: int) -> numpy.ndarray:
    maps = 2.5 * smooth_noise(random, count, side, -2.7 if kind in (0, 3) else -3.6)
    y, x = numpy.mgrid[0:side, 0:side] / side
    for _ in range(1 + kind % 3):
        cx, cy = random.uniform(0, 1, (2, count, 1, 1))
        radius = random.uniform(0.05, 0.3, (count, 1, 1))
        peak = random.normal(0, 9, (count, 1, 1))
        squared = (x - cx) ** 2 + (y - cy) ** 2
        maps += peak / (1 + squared / radius**2) ** 1.5
    return maps


def value(number: float, half: float) -> dict:
    return {"value": number, "low": number - half, "high": number + half}


def metrics(random, sets: int) -> list[dict]:
    rows = [
        ("Image features", "FID", "", "lower", 1, 60, "Distance between Gaussians fitted to features."),
        ("Image features", "KID", "x 1000", "lower", 2, 30, "Squared distance of feature means."),
        ("Image features", "precision", "", "higher", 2, 0.5, "Share that falls among real patches."),
        ("Image features", "recall", "", "higher", 2, 0.4, "Share of real patches that are reached."),
        ("Deformation", "rate, Wasserstein-1", "cm/yr", "lower", 2, 1.5, "How far rates must be moved."),
        ("Deformation", "spectral slope", "", "nearReference", 2, -2.8, "Exponent of the radial PSD."),
        ("Deformation", "quiet share", "", "nearReference", 2, 0.6, "Share of pixels below 3 cm/yr."),
        ("Deformation", "blobs per patch", "", "nearReference", 1, 3, "Areas faster than 3 cm/yr."),
    ]
    result = []
    for group, name, unit, goal, decimals, scale, explanation in rows:
        numbers = [value(scale * random.uniform(0.6, 1.6), abs(scale) * 0.08) for _ in range(sets)]
        if goal in ("lower", "higher"):
            numbers[0] = None
        result.append(
            {
                "group": group,
                "name": name,
                "unit": unit,
                "explanation": explanation,
                "goal": goal,
                "decimals": decimals,
                "values": numbers,
                "control": value(scale * (0.3 if goal == "lower" else 0.9), abs(scale) * 0.05),
            }
        )
    return result


def plots(random, sets: int) -> list[dict]:
    frequency = numpy.arange(1, 32) / 64
    edges = numpy.linspace(-25, 25, 81)
    middles = (edges[1:] + edges[:-1]) / 2
    spectra, histograms = [], []
    for index in range(sets):
        power = 10 ** random.uniform(0.5, 1) * frequency ** (-2.6 - 0.4 * index)
        spectra.append(
            {
                "set": index,
                "x": frequency.tolist(),
                "y": power.tolist(),
                "low": (power * 0.8).tolist(),
                "high": (power * 1.25).tolist(),
            }
        )
        width = 2 + index
        density = numpy.exp(-numpy.abs(middles) / width) / (2 * width)
        histograms.append({"set": index, "x": edges.tolist(), "y": density.tolist(), "low": [], "high": []})
    return [
        {
            "kind": "curve",
            "title": "Radial power spectrum",
            "explanation": "Mean over patches of the two-dimensional power spectral density in rings.",
            "x": {"label": "frequency, cycles/pixel", "isLogarithmic": True},
            "y": {"label": "power, (cm/yr)² pixel²", "isLogarithmic": True},
            "series": spectra,
        },
        {
            "kind": "histogram",
            "title": "Rates",
            "explanation": "Density of all pixels.",
            "x": {"label": "rate, cm/yr", "isLogarithmic": False},
            "y": {"label": "density, per cm/yr", "isLogarithmic": True},
            "series": histograms,
        },
    ]


def make(points: int, side: int, seed: int = 0, names: list[str] = NAMES) -> dict:
    random = numpy.random.default_rng(seed)
    count = points // len(names)
    sets, embedding, outliers, pairs = [], [], [], []
    for index, name in enumerate(names):
        maps = patches(random, index, count, side)
        pixels = numpy.clip((maps / 20 + 1) / 2 * 255, 0, 255).round().astype(numpy.uint8)
        sets.append(
            {
                "name": name,
                "path": f"made/up/{index}/</script><b>",
                "count": count,
                "patchSize": 256,
                "notes": ["made up for this page"] if index else [],
                "patches": {
                    "side": side,
                    "labels": [f"item {i}" for i in range(count)],
                    "pixels": base64.b64encode(pixels.tobytes()).decode(),
                },
            }
        )
        centers = random.normal(0, 30, (6, 2)) + (0 if index in (0, 3) else 25 * (index - 1.5))
        places = centers[random.integers(0, 6, count)] + random.normal(0, 6, (count, 2))
        embedding.append(
            {"x": places[:, 0].round(3).tolist(), "y": places[:, 1].round(3).tolist(), "patch": list(range(count))}
        )
        if index:
            for patch in range(min(8, count)):
                score = 6 - 0.4 * patch
                outliers.append(
                    {
                        "set": index,
                        "patch": patch,
                        "score": score,
                        "reason": f"{score:.1f} times the usual distance to real patches",
                    }
                )
                pairs.append(
                    {
                        "set": index,
                        "patch": patch,
                        "reference": (7 * patch) % count,
                        "measure": ["in pixels", "in features"][patch % 2],
                        "caption": f"{1 + 0.2 * patch:.2f} cm/yr RMS after a quarter turn",
                    }
                )
    overlap = [
        [1 if a == b else round(0.9 / (1 + abs(a - b)), 3) for b in range(len(names))] for a in range(len(names))
    ]
    share = numpy.linspace(-1, 1, 65)
    colors = []
    for s in share:
        strength = abs(s)
        warm = [1 - 0.45 * strength**2, 1 - 0.92 * strength, 1 - 0.9 * strength]
        rgb = warm if s > 0 else warm[::-1]
        colors.append("#" + "".join(f"{round(255 * max(0.0, c)):02x}" for c in rgb))
    return {
        "title": "A made-up evaluation",
        "summary": "No number on this page was measured.",
        "command": f"ganinsar evaluate --real scenes --set '{HOSTILE}'=x -o out",
        "created": "2026-01-01T00:00:00Z",
        "colorScale": {"limitCMPerYear": 20, "colors": colors},
        "sets": sets,
        "metrics": metrics(random, len(names)),
        "embedding": {
            "method": "t-SNE of made-up features, perplexity 30",
            "sets": embedding,
            "overlap": overlap,
            "overlapExplanation": "1 where two sets are mixed, 0 where they lie apart.",
        },
        "outliers": outliers,
        "nearestPairs": pairs,
        "plots": plots(random, len(names)),
        "warnings": ["FID from fewer than 2048 patches depends on how many there are."],
        "settings": [
            {"group": "Patches", "name": "seed", "value": "0"},
            {"group": "Patches", "name": "size", "value": "256 px"},
            {"group": "t-SNE", "name": "perplexity", "value": "30"},
        ],
        "checksums": [{"what": "weights", "path": "made/up.safetensors", "sha256": "0123456789abcdef" * 4}],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--points", type=int, default=5000)
    parser.add_argument("--side", type=int, default=32, help="pixels of a patch's picture")
    parser.add_argument("output")
    arguments = parser.parse_args()
    with open(arguments.output, "w") as file:
        json.dump(make(arguments.points, arguments.side), file)


if __name__ == "__main__":
    main()
