#!/usr/bin/env python3
"""Writes docs/settings.md, the reference of all settings, from the templates of `ganinsar config`.

    scripts/settings_page.py            writes the page
    scripts/settings_page.py --check    fails where the page is not that of the templates (`make script-test`)

The templates are golden files, which a test compares with the program, so this needs no build.
"""

import sys
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TEMPLATES = ROOT / "Tests/CommandTests/Golden"
PAGE = ROOT / "docs/settings.md"

HEADING = """# All settings

`scripts/settings_page.py` wrote this page from the templates of the program; do not edit it. To get a settings file
with all keys, their defaults and these explanations, type:

```sh
ganinsar config --template train > mine.yaml      # or field, compose, recipe, dataset, network, atmosphere
```

A settings file contains only the keys that it changes, in groups as in the template. `--set data.filter.theta=0.5`
changes one key on the command line and is stronger than the file. In `compose` and `dataset`, a distribution may stand
for any value ([datasets.md](datasets.md#recipes)).
"""

SECTIONS = (
    ("train", "Training: `ganinsar train`", "[training.md](training.md) explains what to change and when."),
    ("compose", "Interferograms: `ganinsar compose` and `ganinsar dataset`", "[phase.md](phase.md) has the formulas."),
    ("recipe", "Samples: `ganinsar dataset`", "[datasets.md](datasets.md) explains recipes; all other keys are above."),
    ("dataset", "Preparation: `ganinsar prepare`", "[data.md](data.md) explains the steps."),
    (
        "field",
        "Training a field model: `ganinsar train --model field`",
        "[field-models.md](field-models.md#train-one) explains them.",
    ),
    ("network", "Phase networks: `ganinsar network train`", "[networks.md](networks.md) explains them."),
    (
        "atmosphere",
        "Removing the atmosphere: `ganinsar network train --task atmosphere`",
        "[networks.md](networks.md#remove-the-atmosphere) explains them.",
    ),
)


def rows(template: str) -> list[tuple[str, str | None, str]]:
    """Key with its path, default (None for a group), explanation; in the order of the template."""
    found: list[tuple[str, str | None, str]] = []
    path: list[str] = []
    comments: list[str] = []
    items: Counter[str] = Counter()
    # The heading is the first paragraph.
    for line in template.split("\n\n", 1)[1].split("\n"):
        text = line.strip()
        if text.startswith("#"):
            comments.append(text.removeprefix("#").strip())
        elif text:
            depth = (len(line) - len(line.lstrip())) // 2
            if text.startswith("- "):  # an item of a list, whose first key stands beside the dash
                text = text.removeprefix("- ")
                group = ".".join(path[:depth])
                path = [*path[:depth], f"[{items[group]}]"]
                items[group] += 1
                depth += 1
            key, _, value = text.partition(":")
            path = [*path[:depth], key]
            found.append((".".join(path).replace(".[", "["), value.strip() or None, " ".join(comments)))
            comments = []
    return found


def cell(text: str) -> str:
    return text.replace("|", "\\|")


def page() -> str:
    parts = [HEADING]
    for name, title, note in SECTIONS:
        lines = [f"## {title}", "", note, "", "| key | default | meaning |", "|---|---|---|"]
        for key, value, meaning in rows((TEMPLATES / f"{name}.yaml").read_text(encoding="utf-8")):
            if name == "recipe" and key.split(".")[0] != "samples":
                continue  # those of compose
            if value is None:
                lines.append(f"| **`{key}`** | | **{cell(meaning)}** |")
            else:
                lines.append(f"| `{key}` | `{cell(value)}` | {cell(meaning)} |")
        parts.append("\n".join(lines) + "\n")
    return "\n".join(parts)


def main() -> int:
    if sys.argv[1:] == ["--check"]:
        if PAGE.exists() and PAGE.read_text(encoding="utf-8") == page():
            return 0
        print(f"{PAGE.relative_to(ROOT)} is out of date: run scripts/settings_page.py.", file=sys.stderr)
        return 1
    if sys.argv[1:]:
        print(__doc__, file=sys.stderr)
        return 2
    PAGE.write_text(page(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
