"""The jobs that the reliability scripts interrupt, and the comparison of their results."""

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
GANINSAR = os.environ.get("GANINSAR", str(ROOT / ".build/release/ganinsar"))
ENVIRONMENT = {**os.environ, "OMP_NUM_THREADS": "1", "OMP_WAIT_POLICY": "passive"}


def run(arguments, **options):
    """Runs ganinsar; returns (exit code, stdout, stderr)."""
    done = subprocess.run([GANINSAR, *map(str, arguments)], env=ENVIRONMENT, capture_output=True, text=True, **options)
    return done.returncode, done.stdout, done.stderr


def must(arguments):
    code, out, err = run(arguments)
    if code != 0:
        raise SystemExit(f"ganinsar {' '.join(map(str, arguments))} ended with {code}: {err}")
    return out


def inputs(folder):
    """The inputs of the jobs: some simulated scenes and a dataset of them."""
    folder = Path(folder)
    scenes = folder / "scenes"
    must(["simulate", "mixed", "-o", scenes, "--size", 320, "--count", 3, "--seed", 5, "--format", "npy"])
    files = sorted(str(p) for p in scenes.glob("*.npy"))
    must(["prepare", *files, "--unit", "cm/yr", "-o", folder / "dataset"])
    return files, folder / "dataset"


def jobs(folder):
    """Name -> Job; each writes `out` in the given folder."""
    files, dataset = inputs(folder)
    smoke = ["--config", ROOT / "configs/smoke.yaml"]
    sizes = ["--set", "epochs=6", "--set", "data.patchesPerEpoch=24"]
    return [
        Job("train", ["train", dataset, *smoke, *sizes], "model.safetensors"),
        Job("generate", ["generate", ROOT / "models/ganinsar.safetensors", "--count", 60, "--seed", 3]),
        Job("simulate", ["simulate", "mixed", "--size", 128, "--count", 24, "--seed", 7, "--format", "npy"]),
        Job(
            "simulate-samples",
            ["simulate", "mixed", "--size", 64, "--count", 96, "--seed", 7, "--samples", "webdataset"],
        ),
        Job("compose", ["compose", files[0], "--unit", "cm/yr", "--set", "network.count=16"]),
        Job("prepare", ["prepare", *files, "--unit", "cm/yr", "--minimum-size", 640]),
    ]


class Job:
    def __init__(self, name, arguments, only=None):
        self.name = name
        self.arguments = arguments
        self.only = only  # the only file that is compared, inside a run folder

    def command(self, folder):
        """The next command: the same again, or with `--resume` for a training run that has a checkpoint."""
        out = Path(folder) / "out"
        if self.name == "train":
            runs = sorted(p for p in out.glob("[0-9]*") if any((p / "checkpoints").glob("*.safetensors")))
            if runs:
                return ["train", self.arguments[1], "--resume", runs[-1]]
        return [*self.arguments, "-o", out]

    def result(self, folder):
        """SHA-256 of every file that is compared, by its name."""
        out = Path(folder) / "out"
        result = {}
        for path in sorted(p for p in out.rglob("*") if p.is_file()):
            if self.only and path.name != self.only:
                continue
            name = path.name if self.only else str(path.relative_to(out))
            result[name] = hashlib.sha256(path.read_bytes()).hexdigest()
        return result


def debris(folder):
    """Files that a job must not leave when it ends, with or without an error."""
    return [str(p) for p in Path(folder).rglob("*") if ".part-" in p.name or p.name.endswith(".partial")]


def fresh(folder):
    shutil.rmtree(folder, ignore_errors=True)
    Path(folder).mkdir(parents=True)
    return Path(folder)
