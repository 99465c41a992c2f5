#!/usr/bin/env python3
"""Do two builds of ganinsar write the same files?

usage: scripts/compare-outputs.py REFERENCE CANDIDATE [--only PART ...] [--work FOLDER]

REFERENCE and CANDIDATE are two ganinsar executables, for example of two commits. Every command that
writes files is run with each, with the same small inputs, seeds and relative paths: info, prepare,
patches, simulate with every preset, compose in every format, invert, generate, train, export, evaluate
without weights, report, figure and embed. The inputs of both are made by REFERENCE, so that a difference in
one command does not show in those that read its files. The files, and what info prints, must be the same byte
for byte. Differences are listed; the exit code is 1 if there are any, 2 if a command fails.

Tolerated are values that cannot repeat: in JSON and YAML the fields named in VARYING (times, versions,
use of the machine), times in log.txt, in the report's page and in HDF5's object headers, and TensorBoard's event
files, whose very name is a time.
Fields that only one of the two writes are differences unless they are named there or null.

--only runs the parts whose names begin with one of the words given (the inputs are always made).
--work keeps both folders of outputs in FOLDER, to look at; otherwise they are deleted.

Needs Python 3.9 and nothing else. With debug builds it takes some minutes, with release builds one.
"""

import argparse
import hashlib
import json
import os
import re
import struct
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ENVIRONMENT = {**os.environ, "OMP_NUM_THREADS": "1", "OMP_WAIT_POLICY": "passive"}
VARYING = {
    "program", "programVersion", "version", "commit", "libTorch", "created", "date", "seconds",
    "secondsPerIteration", "cpuSecondsPerIteration", "peakMemoryBytes", "peakDeviceMemoryBytes",
    "dataWaits",
}  # fmt: skip
TIME = re.compile(rb"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d)?Z?")


def steps():
    """(name, arguments) of every run; each writes below its working folder."""
    yield (
        "inputs scenes",
        "simulate mixed -o scenes --size 320 --count 3 --seed 5 --format npy,tif,h5,png --components",
    )
    yield "inputs small", "simulate mixed -o small --size 72 --count 2 --seed 8 --format tif"
    yield "inputs dataset", "prepare scenes/mixed_000000.tif scenes/mixed_000001.tif scenes/mixed_000002.tif -o dataset"
    for extra in ["", " --json"]:
        files = "scenes/mixed_000000.tif scenes/mixed_000000.h5 scenes/mixed_000001.npy scenes/mixed_000002_up.tif"
        yield "info" + extra, f"info {files} --unit cm/yr{extra}"
    maps = "scenes/mixed_000000.npy scenes/mixed_000001.npy scenes/mixed_000002.npy --unit cm/yr"
    yield "prepare harmonize", f"prepare {maps} -o harmonized --harmonize --minimum-size 640"
    yield "prepare split", f"prepare {maps} -o split --split --upsample mixed_000001=2"
    yield "prepare", f"prepare {maps} -o prepared"
    yield "patches dataset", "patches dataset -o patches-dataset.npy --count 20 --size 64 --seed 9"
    yield "patches folders", "patches scenes -o patches-folders.npy --count 10 --size 96 --seed 9"
    yield "inputs dataset patches", "patches dataset -o patches.npy --count 24 --size 64 --seed 3"
    yield "inputs patches", "patches scenes -o patches-folder.npy --count 12 --size 64 --seed 3"
    for preset in PRESETS:
        yield f"simulate {preset}", f"simulate {preset} -o simulated/{preset} --size 97 --count 2 --seed 7 --format npy"
    yield "simulate formats", "simulate sun -o simulated/formats --size 64 --count 2 --format npy,tif,h5,png"
    yield "simulate components", "simulate mixed -o simulated/components --size 64 --count 2 --components"
    yield "simulate textures", "simulate mixed -o simulated/large --size 256 --count 2 --seed 2 --format npy"
    yield "simulate picture", "simulate all --picture pictures --size 64 --count 2 --seed 1 -o unused"
    for dataset in ["webdataset", "zarr", "hdf5", "npy"]:
        yield f"simulate {dataset}", f"simulate wu -o samples/wu-{dataset} --size 64 --count 5 --samples {dataset}"
    network = "--seed 4 --set network.count=5 --set network.maximumConnections=2"
    rate, every = (
        "compose small/mixed_000000.tif",
        "--dem small/mixed_000001.tif --set model.components="
        "[deformation,topographic_error,turbulence,stratification,orbital_ramp,decorrelation]",
    )
    formats = "mintpy,licsbas,geotiff,isce,roipac"
    yield "compose formats", f"{rate} -o stack {network} {every} --format {formats}"
    yield "compose default", f"{rate} -o stack-default --set network.count=3"
    other = "--set model.stratification.law=power_law --set model.orbitalRamp.shape=quadratic"
    yield (
        "compose per date",
        f"{rate} -o stack-dates {network} {every} {other} --set model.decorrelation.consistency=per_date",
    )
    for dataset in ["webdataset", "zarr", "hdf5", "npy"]:
        yield (
            f"compose {dataset}",
            f"compose small {network} -o samples/stack-{dataset} --samples {dataset} --shard-size 1",
        )
    yield "invert", "invert stack -o inverted --format npy,tif,h5,png"
    yield (
        "invert mintpy",
        "invert stack/mintpy/inputs/ifgramStack.h5 -o inverted-mintpy --weighting coherence --format npy",
    )
    yield "invert wrapped", "invert stack -o inverted-wrapped --wrapped --format npy"
    model = f"generate {ROOT / 'models/ganinsar.safetensors'} --device cpu"
    yield "generate 64", f"{model} -o generated --count 4 --seed 3 --size 64 --format npy,tif,h5,png"
    yield "generate 256", f"{model} -o generated-256 --count 1 --seed 3 --size 256 --format npy"
    smoke = f"train dataset --config {ROOT / 'configs/smoke.yaml'}"
    yield "train", f"{smoke} -o runs --seed 2 --set execution.device=cpu"
    yield "train resume", "train dataset --resume runs/00000-smoke --set epochs=3"
    yield "train generate", "generate runs/00000-smoke -o generated-run --count 5 --seed 1 --device cpu"
    yield "export", "export runs/00000-smoke -o exported.safetensors"
    sets = "--set simulated=patches-folder.npy --set generated=patches-other.npy"
    yield "inputs other patches", "patches scenes -o patches-other.npy --count 12 --size 64 --seed 4"
    yield "evaluate", f"evaluate --real dataset {sets} -o evaluated --count 12 --resamples 5 --no-cache"
    yield "evaluate report", "report evaluated/report.json -o page.html"
    yield "evaluate table", "figure table evaluated/metrics.json --physics"
    yield (
        "figure sheet",
        "figure sheet --set a=scenes --set b=patches.npy -o sheet.png --wrapped sheet-wrapped.png --count 3",
    )
    yield "embed", "embed features.npy -o embedded.npy --iterations 60 --seed 1 --threads 2 --perplexity 8"


PRESETS = [
    "mixed",
    "sun",
    "sun-mild",
    "deepinsar-v1",
    "wu",
    "wu-dem",
    "anantrasirichai",
    "brengman-barnhart",
    "rouet-leduc",
]


def write_features(path):
    """[60, 12] numbers without a pattern, float32 .npy."""
    header = "{'descr': '<f4', 'fortran_order': False, 'shape': (60, 12), }"
    header += " " * (-(len(header) + 11) % 64) + "\n"
    values = [(i * 7919) % 10007 % 1000 / 500 - 1 + (i // 240) for i in range(720)]
    data = b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode()
    path.write_bytes(data + struct.pack("<720f", *values))


def run(binary, reference, folder, only):
    """Runs every step in `folder`, inputs with `reference`; returns {name of a step: what it printed}."""
    folder.mkdir(parents=True)
    write_features(folder / "features.npy")
    printed = {}
    for name, arguments in steps():
        if only and not name.startswith("inputs") and not any(name.startswith(word) for word in only):
            continue
        program = reference if name.startswith("inputs") else binary
        done = subprocess.run([program, *arguments.split()], cwd=folder, env=ENVIRONMENT, capture_output=True)
        if done.returncode != 0:
            message = done.stderr.decode(errors="replace").strip()
            print(f"{program} {arguments}\nended with {done.returncode} in {folder}:\n{message}", file=sys.stderr)
            sys.exit(2)
        printed[name] = done.stdout
    return printed


def without_varying(value):
    if isinstance(value, dict):
        return {key: without_varying(item) for key, item in value.items() if key not in VARYING}
    if isinstance(value, list):
        return [without_varying(item) for item in value]
    return value


def first_difference(a, b, path=""):
    """Where two JSON values differ, in words; `None` if they do not."""
    if type(a) is not type(b):
        return f"{path or 'the whole'}: {a!r} became {b!r}"
    if isinstance(a, dict):
        for key in [*a, *(key for key in b if key not in a)]:
            if key not in a or key not in b:
                if a.get(key) is None and b.get(key) is None:
                    continue  # null says what a missing field says
                return f"{path}.{key} is only in the {'reference' if key in a else 'candidate'}"
            found = first_difference(a[key], b[key], f"{path}.{key}")
            if found:
                return found
        shared = [[key for key in side if key in a and key in b] for side in (a, b)]
        return "the order of keys" if shared[0] != shared[1] else None
    if isinstance(a, list):
        if len(a) != len(b):
            return f"{path} has {len(a)} and {len(b)} items"
        return next(filter(None, (first_difference(x, y, f"{path}[{i}]") for i, (x, y) in enumerate(zip(a, b)))), None)
    return None if a == b else f"{path}: {a!r} became {b!r}"


def json_values(data, name):
    """The JSON values of a file that is JSON: one, or one for each line."""
    if name.endswith(".jsonl"):
        return [json.loads(line) for line in data.splitlines()]
    return json.loads(data)


def safetensors(data):
    """Header and the bytes of the tensors."""
    length = struct.unpack("<Q", data[:8])[0]
    header = json.loads(data[8 : 8 + length])
    for key, text in header.get("__metadata__", {}).items():
        if text[:1] in "[{":
            header["__metadata__"][key] = json.loads(text)
    return header, data[8 + length :]


def difference(a, b, name):
    """What differs between the contents of two files beyond what is tolerated; `None` if nothing."""
    if a == b:
        return None
    if name.endswith((".json", ".jsonl")):
        return first_difference(*(without_varying(json_values(data, name)) for data in (a, b)))
    if name.endswith(".yaml"):
        field = re.compile(r"^\s*(\w+):")
        kept = [[line for line in data.decode().splitlines()
                 if not ((match := field.match(line)) and match[1] in VARYING)] for data in (a, b)]  # fmt: skip
        return first_difference(*kept, "line ")
    if name.endswith((".txt", ".html")):
        return first_difference(*(TIME.sub(b"", data).decode().splitlines() for data in (a, b)), "line ")
    if name.endswith(".h5") and len(a) == len(b) and only_times_differ(a, b):
        return None
    if name.endswith(".safetensors"):
        (first, tensors), (second, others) = safetensors(a), safetensors(b)
        return "tensors" if tensors != others else first_difference(without_varying(first), without_varying(second))
    if len(a) != len(b):
        return f"{len(a)} and {len(b)} bytes"
    if name.endswith(".npy") and b"'descr': '<f4'" in a[:128] and a[:128] == b[:128]:
        return greatest_difference(a[128:], b[128:])
    count = sum(x != y for x, y in zip(a, b))
    place = next(i for i, (x, y) in enumerate(zip(a, b)) if x != y)
    return f"{count} of {len(a)} bytes, the first at {place}"


def greatest_difference(a, b):
    """Of two sequences of float32, as a number and in standard deviations of the first."""
    first, second = ([x for (x,) in struct.iter_unpack("<f", data)] for data in (a, b))
    pairs = [(x, y) for x, y in zip(first, second) if x == x and y == y]
    if len(pairs) < sum(x == x for x in first) or not pairs:
        return "no data where there was data"
    greatest = max(abs(x - y) for x, y in pairs)
    mean = sum(x for x, _ in pairs) / len(pairs)
    deviation = (sum((x - mean) ** 2 for x, _ in pairs) / len(pairs)) ** 0.5
    relative = f"{greatest / deviation:.1e} standard deviations" if deviation else "of a constant"
    return f"values by up to {greatest:.2g} ({relative})"


def only_times_differ(a, b):
    """Does each byte that differs lie in four that are a time of today in both, as HDF5 stamps its objects?"""

    def is_time(data, start):
        return abs(struct.unpack_from("<I", data, start)[0] - time.time()) < 86_400

    return all(
        any(is_time(a, start) and is_time(b, start) for start in range(max(0, i - 3), i + 1))
        for i, (x, y) in enumerate(zip(a, b))
        if x != y
    )


def files(folder):
    return {str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file() and "tfevents" not in p.name}


def compare(work, printed):
    reference, candidate = work / "reference", work / "candidate"
    found = []
    names = files(reference) | files(candidate)
    digest = hashlib.sha256()
    for name in sorted(names):
        sides = [folder / name for folder in (reference, candidate)]
        if not all(side.exists() for side in sides):
            found.append(f"{name}: only the {'reference' if sides[0].exists() else 'candidate'} wrote it")
            continue
        contents = [side.read_bytes() for side in sides]
        if name.endswith(".txt"):  # logs name the folder
            contents = [c.replace(str(f.resolve()).encode(), b"") for c, f in zip(contents, (reference, candidate))]
        digest.update(contents[0])
        what = difference(*contents, name)
        if what:
            found.append(f"{name}: {what}")
    for name in printed[0]:
        if name.startswith("info") and printed[0][name] != printed[1][name]:
            found.append(f"what '{name}' prints")
    return len(names), digest.hexdigest()[:12], found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("reference")
    parser.add_argument("candidate")
    parser.add_argument("--only", nargs="+", default=[], metavar="PART")
    parser.add_argument("--work", metavar="FOLDER")
    options = parser.parse_args()
    binaries = [str(Path(binary).resolve()) for binary in (options.reference, options.candidate)]
    for binary in binaries:
        if not os.access(binary, os.X_OK):
            sys.exit(f"{binary} cannot be run: give two ganinsar executables.")
    with tempfile.TemporaryDirectory() as temporary:
        work = Path(options.work or temporary)
        if any((work / side).exists() for side in ("reference", "candidate")):
            sys.exit(f"{work} holds an earlier comparison: delete it, or give another --work.")
        sides = zip(binaries, ("reference", "candidate"))
        printed = [run(binary, binaries[0], work / side, options.only) for binary, side in sides]
        count, digest, found = compare(work, printed)
    for line in found:
        print(f"differs: {line[:300]}")
    print(f"{count} files of {len(printed[0])} runs compared, {len(found)} differences (reference {digest})")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
