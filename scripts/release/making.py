"""Making the files of a release."""

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

from release.version import HEADER, sections, version


class Refused(Exception):
    """The checkout is not ready to be released; `faults` are sentences that say what to do."""

    def __init__(self, *faults: str) -> None:
        super().__init__(" ".join(faults))
        self.faults = list(faults)


def readiness_faults(root: Path) -> list[str]:
    """What stands between this checkout and a release of its version."""
    faults = []
    stated = version(root)
    if _git(root, "status", "--porcelain"):
        faults.append("there are uncommitted or untracked files: commit or remove them ('git status' lists them).")
    if _git(root, "tag", "--list", f"v{stated}"):
        faults.append(f"the tag v{stated} exists already: raise the version in {HEADER} and CITATION.cff.")
    found = {heading.split(" ")[0]: text for heading, text in sections(root).items()}
    if found.get("Unreleased"):
        faults.append(
            f"CHANGELOG.md has changes under 'Unreleased': give them the heading '{stated} - YYYY-MM-DD' "
            "(or a higher version), and leave an empty 'Unreleased' above it."
        )
    if not found.get(stated):
        faults.append(f"CHANGELOG.md has no section for {stated}, or an empty one.")
    return faults


def make(root: Path, folder: Path) -> str:
    """Builds and checks the bundle, and returns what to do next. Replaces `folder`, once all is checked.

    Raises `Refused`.
    """
    faults = readiness_faults(root)
    if faults:
        raise Refused(*faults)
    part = folder.with_name(folder.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    _run(root / "scripts/bundle.sh", str(part))
    bundles = sorted(part.glob("*.tar.gz"))
    if len(bundles) != 1:
        raise Refused(f"scripts/bundle.sh left {len(bundles)} archives in {part}, and one was expected.")
    _run(root / "scripts/check-bundle.sh", str(bundles[0]))
    for entry in part.iterdir():  # the unpacked bundle
        if entry.is_dir():
            shutil.rmtree(entry)
    stated = version(root)
    heading = next(heading for heading in sections(root) if heading.startswith(f"{stated} "))
    (part / "NOTES.md").write_text(f"## {heading}\n\n{sections(root)[heading]}\n", encoding="utf-8")
    sums = [f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}" for file in bundles]
    (part / "SHA256SUMS").write_text("\n".join(sums) + "\n", encoding="utf-8")
    shutil.rmtree(folder, ignore_errors=True)
    part.rename(folder)
    files = "\n".join(f"  {path}" for path in sorted(folder.iterdir()))
    return (
        f"Release {stated} is in {folder}:\n{files}\n\nNothing is published yet. To publish:\n"
        f"  git tag -a v{stated} -m 'Version {stated}'\n  git push origin v{stated}\n"
        f"and attach the archive and SHA256SUMS to the release; NOTES.md is its text."
    )


def _git(root: Path, *arguments: str) -> str:
    done = subprocess.run(["git", "-C", str(root), *arguments], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Refused(f"'git {' '.join(arguments)}' failed: {done.stderr.strip()}")
    return done.stdout.strip()


def _run(program: Path, argument: str) -> None:
    sys.stdout.flush()
    if subprocess.run([str(program), argument], check=False).returncode != 0:
        raise Refused(f"{program.name} failed: see above.")
