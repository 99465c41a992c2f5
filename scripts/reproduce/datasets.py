"""Datasets, and the sets that arms are compared with."""

import hashlib
import json
import shutil
import sys
from pathlib import Path

from reproduce.program import Program, say
from reproduce.settings import LEARNING, Refused, Settings

PERMISSIVE = ("kirishima_alos2", "campi_flegrei")
# One more scene that may be shown; it is not among the paper's kind of nine.
SHOWN = (*PERMISSIVE, "bhutan_landslide")
MEASURED = (
    "coso_d071",
    "greece_2021",
    "afghanistan",
    "argentina_lrr",
    "calbuco_cov9",
    "pamir_des5",
    "anatolia_014A",
)
DEM_TILES = ("N33E131", "N40E014", "N41E014")
# No training has this seed, so that no patch of the reference is a training patch by chance.
REFERENCE_SEED = 1000


def short_hash(*texts: str) -> str:
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()[:12]


class Datasets:
    """What is prepared of the scenes, each part once."""

    def __init__(self, settings: Settings, program: Program) -> None:
        self.settings = settings
        self.program = program

    def folder(self, name: str) -> Path:
        return self.settings.out / "data" / name

    def identity(self, name: str) -> str:
        """A hash of what a dataset is, whatever the machine: its scenes, their values, which are held out."""
        content = json.loads((self.folder(name) / "dataset.json").read_text(encoding="utf-8"))
        scenes = [[s["name"], s["fileSHA256"], s["isHeldOut"]] for s in content["scenes"]]
        return short_hash(json.dumps(scenes))

    def prepare_all(self) -> None:
        (self.settings.out / "data").mkdir(parents=True, exist_ok=True)
        permissive, measured = (self.settings.scenes / name for name in ("permissive", "measure-only"))
        nine = [permissive / f"{name}.tif" for name in PERMISSIVE]
        nine += [measured / f"{name}.tif" for name in MEASURED]
        shown = [permissive / f"{name}.tif" for name in SHOWN]
        self._prepare("nine", nine, "--upsample", "anatolia_014A=2")
        self._prepare("left", nine, "--upsample", "anatolia_014A=2", "--split")
        self._prepare("permissive", shown)
        # Three scenes are few windows to learn from: simulated ones join them in training. They are small, since
        # many more of their windows pass the filter, and real ground should be the greater part.
        simulated = self.folder("simulated")
        if not simulated.exists():
            side = 3 * self.settings.size
            self._simulate("mixed", simulated, count=2, seed=2026, side=side, form="tif")
        self._prepare("open", [*shown, *sorted(simulated.glob("mixed_00000?.tif"))])

    def _prepare(self, name: str, scenes: list[Path], *options: str) -> None:
        for scene in scenes:
            if not scene.is_file():
                raise Refused(f"there is no scene {scene}.")
        folder = self.folder(name)
        if (folder / "dataset.json").exists():
            return
        say(f"preparing {name}")
        # At twice its size campi_flegrei is 242 pixels high, which holds no window of 256.
        campi = f"campi_flegrei={3 if self.settings.size == 256 else 2}"
        common = ["--displacement-as-rate", 1, "--harmonize", "--upsample", campi]
        report = folder.with_name(f"{name}.txt")
        part = folder.with_name(f"{name}.txt.part")
        with part.open("w") as log:
            arguments = ["prepare", *scenes, "-o", folder, *common, *options]
            process = self.program.start([str(a) for a in arguments], log, log)
            code = self.program.finish(process)
        if code != 0:
            sys.stderr.write(part.read_text(encoding="utf-8", errors="replace"))
            raise Refused(f"the dataset {name} cannot be prepared: see above.")
        part.replace(report)

    def draw_reference(self) -> None:
        """The real sets: windows without the conditional filter, at both scales, without offset.

        The filter is off for the last epochs so that sparse ground comes back; see docs/reproduce.md. Each set
        holds twice the samples: the rest is the control.
        """
        for name, dataset, held_out in (
            ("real", "nine", False),
            ("left", "left", False),
            ("right", "left", True),
            ("permissive", "permissive", False),
        ):
            options = ["--no-filter", *(["--held-out"] if held_out else [])]
            self._draw(name, [self.folder(dataset)], 2 * self.settings.count, *options)

    def simulate_sets(self) -> None:
        """One random window of each map, at the reference's scales, none refused."""
        for preset in self.settings.presets:
            if not self.settings.set_file(preset).exists():
                say(f"simulating {preset}")
                self._simulate_set(preset)

    def _simulate_set(self, preset: str) -> None:
        size, maps = self.settings.size, min(self.settings.count, 1000)
        tiles: tuple[str | None, ...] = (None,)
        # Maps are four patches wide; a terrain has no piece larger than two patches of 256 px without a hole.
        side = 4 * size
        if preset == "wu-dem":
            tiles = DEM_TILES
            if size == 256:
                side = 2 * size
        # What is learned from the scenes is of their sizes already, and direct sampling takes its time.
        learning: list[object] = []
        if preset in LEARNING:
            side = 2 * size
            learning = ["--training-image", self.folder("nine") / "scenes", "--unit", "cm/yr"]
        folders = []
        for seed, tile in enumerate(tiles, start=1):
            folder = self.settings.out / f"sets/maps-{preset}-{tile or 'none'}"
            if not folder.exists():
                count = -(-maps // len(tiles))
                dem = ["--dem", str(self.settings.scenes / f"dem/{tile}.hgt")] if tile else []
                self._simulate(preset, folder, *dem, *learning, count=count, seed=seed, side=side, form="npy")
            folders.append(folder)
        self._draw(preset, folders, self.settings.count)
        for folder in folders:  # a gigabyte or more; the seed makes them again
            shutil.rmtree(folder)

    def _simulate(
        self, preset: str, folder: Path, *options: object, count: int, seed: int, side: int, form: str
    ) -> None:
        size = ["--count", count, "--seed", seed, "--size", side, "--format", form]
        self.program.run("simulate", preset, "-o", folder, *size, *options)

    def _draw(self, name: str, sources: list[Path], count: int, *options: str) -> None:
        file = self.settings.set_file(name)
        if file.exists():
            return
        file.parent.mkdir(parents=True, exist_ok=True)
        size = ["--size", self.settings.size, "--count", count, "--seed", REFERENCE_SEED]
        printed = self.program.run("patches", *sources, "-o", file, *size, *options)
        say(printed.split(", sha", 1)[0].strip())
