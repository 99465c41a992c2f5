"""The version, where it is stated, and the sections of the changelog."""

import re
from pathlib import Path

HEADER = "Sources/CVersion/include/CVersion.h"
VERSION = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)")


def version(root: Path) -> str:
    """The version in the header; "" where there is none."""
    text = (root / HEADER).read_text(encoding="utf-8")
    found = re.search(r'^#define GANINSAR_VERSION "([^"]*)"', text, re.MULTILINE)
    return found[1] if found else ""


def sections(root: Path) -> dict[str, str]:
    """The headings of CHANGELOG.md, in their order, and the text under each."""
    text = (root / "CHANGELOG.md").read_text(encoding="utf-8")
    parts = re.split(r"^## +(.*?) *$", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], (part.strip() for part in parts[2::2]), strict=True))


def agreement_faults(root: Path) -> list[str]:
    """What contradicts the version of the header, a sentence each."""
    stated = version(root)
    if not VERSION.fullmatch(stated):
        return [f"GANINSAR_VERSION in {HEADER} is '{stated}': give three numbers, such as 1.2.0."]
    faults = []
    citation = (root / "CITATION.cff").read_text(encoding="utf-8")
    cited = re.findall(r"^version: *(.*?) *$", citation, re.MULTILINE)
    if cited != [stated]:
        faults.append(f"CITATION.cff states version {', '.join(cited) or 'none'}, and {HEADER} {stated}.")
    headings = list(sections(root))
    if headings[:1] != ["Unreleased"]:
        faults.append("the first section of CHANGELOG.md must be '## Unreleased'.")
    dated = [re.fullmatch(rf"({VERSION.pattern}) - (\d{{4}}-\d\d-\d\d)", heading) for heading in headings[1:]]
    for heading, match in zip(headings[1:], dated, strict=True):
        if not match:
            faults.append(f"CHANGELOG.md: the heading '{heading}' must be 'VERSION - YYYY-MM-DD'.")
    numbers = [tuple(map(int, match[1].split("."))) for match in dated if match]
    if numbers != sorted(set(numbers), reverse=True):
        faults.append("CHANGELOG.md: the newest version must come first, and each once.")
    if numbers and numbers[0] > tuple(map(int, stated.split("."))):
        faults.append(f"CHANGELOG.md has a newer version than {HEADER}, which states {stated}.")
    return faults
