"""How real the maps of a model look: measures that no table of `ganinsar evaluate` holds.

    python scripts/endless/realism.py peaks MODEL REAL.npy
    python scripts/endless/realism.py styles MODEL DATASET
    python scripts/endless/realism.py pairs MODEL REAL.npy -o pairs.png --weights INCEPTION
    python scripts/endless/realism.py shuffle MODEL REAL.npy -o sheets --key key.json
    python scripts/endless/realism.py beside MODEL REAL.npy -o beside.png

MODEL is a model file for `ganinsar generate`, DATASET a folder that `ganinsar prepare` wrote, REAL.npy real windows
[N, S, S] in cm/yr, such as `ganinsar patches DATASET -o REAL.npy --size 64 --no-filter` writes (256 for `shuffle`).

peaks: the number of wave numbers at which maps have more power than real windows, by over 3 deviations of groups of
real windows, in single maps and in windows of endless maps; beside it, one group of real windows against the others,
as they lie and turned and mirrored by chance, which is what a model can do that learns them in all orientations.
styles: for each scene, what maps of `--style SCENE` are beside windows of the scene, and how many of the maps the
nearest real windows in their statistics would give to that scene.
pairs: a picture with rows of a map, the nearest real window in pixels (turned and mirrored; both normalized), and the
nearest in Inception features, the most suspicious maps first; prints the distances over those between real windows.
shuffle: 64 sheets in random order, half of them real; which ones stands in the key, a file for later.
beside: a picture of real windows, evenly taken, above the first maps of a seed, none left out.

Needs numpy and pillow, and `ganinsar` on the path (or --program).
"""

import argparse
import io
import json
import subprocess
import tempfile
from pathlib import Path

import measure
import numpy as np
from PIL import Image

QUIET = 3  # cm/yr, as in `--quiet-fraction`


# Maps and windows


def drawn(arguments, count, *options, seed=None):
    """Maps of the model, [N, H, W] in cm/yr."""
    seed = arguments.seed if seed is None else seed
    command = [arguments.program, "generate", arguments.model, "-o", "-", "--quiet"]
    command += ["--count", str(count), "--seed", str(seed), *options]
    result = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    return np.load(io.BytesIO(result.stdout)).astype(np.float64)


def single(arguments, count, side, *options):
    """Maps of `side` pixels: drawn singly, or a random part of each if the model draws larger ones singly."""
    own = drawn(arguments, 1, *options).shape[1]
    if own <= side:
        return drawn(arguments, count, "--size", str(side), *options)
    random = np.random.default_rng(arguments.seed)
    maps = drawn(arguments, count, *options)
    places = random.integers(0, own - side + 1, (count, 2))
    return np.stack([x[i : i + side, j : j + side] for x, (i, j) in zip(maps, places)])


def tiles(x, side):
    h, w = (s // side * side for s in x.shape)
    return x[:h, :w].reshape(h // side, side, w // side, side).transpose(0, 2, 1, 3).reshape(-1, side, side)


# Commands


def peaks(arguments):
    real = np.load(arguments.real).astype(np.float64)[:2000]
    side = real.shape[1]
    group = len(real) // 10
    large = drawn(arguments, arguments.maps, "--window", f"0,0,{arguments.large},{arguments.large}")
    parts = np.concatenate([tiles(x, side) for x in large])
    random = np.random.default_rng(arguments.seed)
    chosen = random.permutation(len(parts))[:group]
    turned = [list(symmetries(x[None]))[random.integers(8)][0] for x in real[random.permutation(len(real))[:group]]]
    measure.report_peaks(
        measure.spectra(real),
        {
            f"{group} real windows in random orientations": measure.spectra(np.stack(turned)),
            f"{group} single maps": measure.spectra(single(arguments, group, side)),
            f"{len(chosen)} windows of {arguments.maps} endless maps": measure.spectra(parts[chosen]),
        },
    )


def statistics(maps):
    """Of each map: asinh of the mean, log spread, log of the steps' rms over it, the quiet fraction, and the skewness:
    [N, 5]."""
    mean, spread = maps.mean((1, 2)), maps.std((1, 2)) + 1e-6
    steps = np.sqrt((np.diff(maps, axis=1)[:, :, :-1] ** 2 + np.diff(maps, axis=2)[:, :-1] ** 2).mean((1, 2)) / 2)
    skew = (((maps - mean[:, None, None]) / spread[:, None, None]) ** 3).mean((1, 2))
    quiet = (np.abs(maps) <= QUIET).mean((1, 2))
    return np.stack([np.arcsinh(mean / 2), np.log(spread), np.log(steps / spread + 1e-6), quiet, np.cbrt(skew)], 1)


def windows(scene, side, count, random):
    """Random windows with at most 10 % no data, half of them at half the resolution if the scene is large enough."""
    found = []
    for _ in range(200 * count):
        factor = 2 if len(found) % 2 and min(scene.shape) >= 2 * side else 1
        span = side * factor
        i, j = (random.integers(0, extent - span + 1) for extent in scene.shape)
        x = scene[i : i + span : factor, j : j + span : factor]
        if np.isnan(x).mean() <= 0.1:
            found.append(np.where(np.isnan(x), np.nanmean(x), x))
        if len(found) == count:
            break
    return np.array(found)


def styles(arguments):
    folder = Path(arguments.dataset)
    names = [scene["name"] for scene in json.loads((folder / "dataset.json").read_text())["scenes"]]
    random = np.random.default_rng(arguments.seed)
    side = arguments.side or drawn(arguments, 1).shape[1]
    real = {}
    for name in names:
        scene = np.load(folder / "scenes" / f"{name}.npy").astype(np.float64)
        found = windows(scene, side, 2 * arguments.count, random) if min(scene.shape) >= side else []
        if len(found) == 2 * arguments.count:
            real[name] = found
        else:
            print(f"{name}: too small for {2 * arguments.count} windows of {side} px, left out")
    known = {name: statistics(x[: arguments.count]) for name, x in real.items()}
    everything = np.concatenate(list(known.values()))
    scale = everything.std(0)
    owner = np.repeat(np.arange(len(known)), arguments.count)

    def share(values, number):
        """Fraction of maps of whose ten nearest known windows most are of the scene."""
        squares = (((values[:, None] - everything[None]) / scale) ** 2).sum(2)
        nearest = owner[np.argsort(squares, 1)[:, :10]]
        votes = np.stack([(nearest == n).sum(1) for n in range(len(known))], 1)
        return (votes.argmax(1) == number).mean()

    print(f"{arguments.count} maps of {side} px per style; medians, of windows of the scene / of the maps")
    print(
        f"{'scene':28} {'spread':>13} {'mean':>13} {'step/spread':>13} {'quiet':>13}   given to it: others of it / maps"
    )
    print(f"{'':28} {'cm/yr':>13} {'cm/yr':>13}")
    for number, (name, values) in enumerate(real.items()):
        other = statistics(values[arguments.count :])
        got = statistics(single(arguments, arguments.count, side, "--style", name))
        pairs = [
            f"{function(np.median(a)):6.2f}/{function(np.median(b)):6.2f}"
            for function, a, b in zip(
                (np.exp, lambda v: 2 * np.sinh(v), np.exp, float), other.T[[1, 0, 2, 3]], got.T[[1, 0, 2, 3]]
            )
        ]
        print(f"{name:28} {' '.join(pairs)}   {share(other, number):.2f} / {share(got, number):.2f}")
    print(f"by chance: {1 / len(known):.2f}")


def normalized(x):
    x = x - x.mean((1, 2), keepdims=True)
    return x / (x.std((1, 2), keepdims=True) + 1e-6)


def symmetries(x):
    for turned in (x, x.transpose(0, 2, 1)):
        for upright in (turned, turned[:, ::-1]):
            yield from (upright, upright[:, :, ::-1])


def nearest_pixels(queries, references):
    """rms difference of normalized maps, the number of the nearest reference, and it, turned as it fits."""
    q = normalized(queries).astype(np.float32)
    best, which, shown = np.full(len(q), np.inf), np.zeros(len(q), int), np.zeros_like(q)
    for reference in symmetries(normalized(references).astype(np.float32)):
        products = q.reshape(len(q), -1) @ reference.reshape(len(reference), -1).T / q[0].size
        distance = np.sqrt(np.maximum(0, 2 - 2 * products))
        number = distance.argmin(1)
        better = distance[np.arange(len(q)), number] < best
        best[better] = distance[np.arange(len(q)), number][better]
        which[better], shown[better] = number[better], reference[number[better]]
    return best, which, shown


def features(arguments, real, maps):
    """Inception features of both sets, taken by `ganinsar evaluate`."""
    with tempfile.TemporaryDirectory() as folder:
        paths = [str(Path(folder, name)) for name in ("real.npy", "maps.npy")]
        for path, values in zip(paths, (real, maps)):
            np.save(path, (normalized(values) * 5).astype(np.float32))
        command = [arguments.program, "evaluate", "--real", paths[0], "--set", f"maps={paths[1]}"]
        command += ["-o", f"{folder}/report", "--cache", f"{folder}/cache", "--count", str(max(len(real), len(maps)))]
        command += ["--unit", "cm/yr", "--los-sign", "toward", "--resamples", "0", "--quiet"]
        subprocess.run(command + ["--weights", arguments.weights], stdout=subprocess.DEVNULL, check=True)
        report = json.loads(Path(folder, "report/metrics.json").read_text())
        keys = report["real"]["featuresKey"], report["sets"][0]["featuresKey"]
        return [safetensor(Path(folder, "cache", f"{key}.safetensors")) for key in keys]


def safetensor(path):
    data = path.read_bytes()
    length = int.from_bytes(data[:8], "little")
    entry = json.loads(data[8 : 8 + length])["features"]
    first, last = entry["data_offsets"]
    return np.frombuffer(data[8 + length :][first:last], np.float32).reshape(entry["shape"])


def nearest_features(queries, references):
    squares = (queries**2).sum(1)[:, None] + (references**2).sum(1) - 2 * queries @ references.T
    number = squares.argmin(1)
    return np.sqrt(np.maximum(0, squares[np.arange(len(queries)), number])), number


def pairs(arguments):
    real = np.load(arguments.real).astype(np.float64)
    half = len(real) // 2
    known, others = real[:half], real[half : half + min(half, arguments.count)]
    maps = single(arguments, arguments.count, real.shape[1])
    distance, number, turned = nearest_pixels(maps, known)
    control = nearest_pixels(others, known)[0]
    of_known, of_rest = features(arguments, known, np.concatenate([maps, others]))
    by_feature, feature_number = nearest_features(of_rest[: len(maps)], of_known)
    feature_control = nearest_features(of_rest[len(maps) :], of_known)[0]
    for name, values, reference in (("pixels", distance, control), ("features", by_feature, feature_control)):
        quantiles = np.quantile(values, [0, 0.05, 0.5]), np.quantile(reference, [0, 0.05, 0.5])
        print(
            f"nearest of {half} real windows in {name}, {len(maps)} maps / {len(others)} other real windows: least "
            f"{quantiles[0][0]:.3g} / {quantiles[1][0]:.3g}, 5 % {quantiles[0][1]:.3g} / {quantiles[1][1]:.3g}, "
            f"median {quantiles[0][2]:.3g} / {quantiles[1][2]:.3g}; ratio of medians "
            f"{quantiles[0][2] / quantiles[1][2]:.2f}"
        )
    suspicion = np.minimum(distance / np.median(control), by_feature / np.median(feature_control))
    rows = []
    for i in np.argsort(suspicion)[: arguments.shown]:
        near = [normalized(maps[i : i + 1])[0], turned[i], normalized(known[feature_number[i]][None])[0]]
        rows.append(np.hstack([framed(colors(x, 2.5), 192) for x in near]))
        print(f"map {i}: window {number[i]} in pixels {distance[i]:.2f},", end=" ")
        print(f"{feature_number[i]} in features {by_feature[i]:.1f}")
    columns = 4
    rows += [np.full_like(rows[0], 255)] * (-len(rows) % columns)
    grid = [
        np.hstack([np.pad(x, ((0, 0), (0, 16), (0, 0)), constant_values=255) for x in rows[i : i + columns]])
        for i in range(0, len(rows), columns)
    ]
    Image.fromarray(np.vstack(grid)).save(arguments.output)


def shuffle(arguments):
    random = np.random.default_rng(arguments.seed)
    real = np.load(arguments.real).astype(np.float64)
    side = real.shape[1]
    half = arguments.count
    if len(real) < half:
        raise SystemExit(f"{arguments.real} has {len(real)} windows: {half} are needed")
    sheets = [("real", int(i), real[i]) for i in np.sort(random.choice(len(real), half, replace=False))]
    sheets += [("generated", i, x) for i, x in enumerate(drawn(arguments, half, "--size", str(side)))]
    folder = Path(arguments.output)
    folder.mkdir(parents=True)
    key = {}
    for place, number in enumerate(random.permutation(len(sheets))):
        kind, index, x = sheets[number]
        name = f"sheet-{place:02}.png"
        Image.fromarray(colors(x, np.quantile(np.abs(x), 0.995))).save(folder / name)
        key[name] = {"kind": kind, "index": index}
    Path(arguments.key).write_text(json.dumps(key, indent=1))
    print(f"{len(sheets)} sheets in {folder}, the key in {arguments.key}; colors reach to each map's 99.5th percentile")


def beside(arguments):
    real = np.load(arguments.real, mmap_mode="r")
    chosen = real[np.linspace(0, len(real) - 1, arguments.columns).round().astype(int)].astype(np.float64)
    maps = drawn(arguments, 3 * arguments.columns, "--size", str(real.shape[1]))
    every = np.concatenate([chosen, maps])
    images = [framed(colors(x - np.median(x), np.quantile(np.abs(x - np.median(x)), 0.99)), 128) for x in every]
    rows = [np.hstack(images[i : i + arguments.columns]) for i in range(0, len(images), arguments.columns)]
    Image.fromarray(np.vstack(rows)).save(arguments.output)


# Pictures


def colors(x, limit):
    t = np.clip(x / limit, -1, 1)[..., None]
    blue, red, white = (np.array(c, float) for c in ((16, 60, 120), (130, 20, 35), (247, 247, 247)))
    return (white + np.abs(t) ** 0.8 * (np.where(t < 0, blue, red) - white)).astype(np.uint8)


def framed(image, side):
    image = np.array(Image.fromarray(image).resize((side, side), Image.NEAREST))
    return np.pad(image, ((2, 2), (2, 2), (0, 0)), constant_values=255)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True)

    def command(run, data):
        added = commands.add_parser(run.__name__)
        added.set_defaults(run=run)
        added.add_argument("model")
        added.add_argument(data)
        added.add_argument("--program", default="ganinsar")
        added.add_argument("--seed", type=int, default=1)
        return added

    added = command(peaks, "real")
    added.add_argument("--maps", type=int, default=12, help="number of endless maps")
    added.add_argument("--large", type=int, default=768, help="their side in pixels")
    added = command(styles, "dataset")
    added.add_argument("--count", type=int, default=100, help="maps per style")
    added.add_argument("--side", type=int, help="side of maps in pixels (default: the model's)")
    added = command(pairs, "real")
    added.add_argument("-o", "--output", required=True)
    added.add_argument("--weights", required=True, help="Inception weights, as of `ganinsar evaluate`")
    added.add_argument("--count", type=int, default=1000, help="maps")
    added.add_argument("--shown", type=int, default=32, help="maps in the picture")
    added = command(shuffle, "real")
    added.add_argument("-o", "--output", required=True)
    added.add_argument("--key", required=True)
    added.add_argument("--count", type=int, default=32, help="sheets of each kind")
    added = command(beside, "real")
    added.add_argument("-o", "--output", required=True)
    added.add_argument("--columns", type=int, default=7, help="windows in the upper row, and a third of the maps")
    arguments = parser.parse_args()
    arguments.run(arguments)


if __name__ == "__main__":
    main()
