"""Runs the commands and the Python of documentation pages, and compares what they print with what the pages show.

    python3 scripts/pages [PAGE...]      default: README.md and the pages for users in docs/

Run it with the Python that has the package `ganinsar`: the wheel installed, or PYTHONPATH=python and GANINSAR_PROGRAM
(docs/python.md). Each page has a folder of its own, in which its blocks run one after the other. A comment above a
block changes what happens; readers do not see it:

    <!-- pages: skip, needs a GPU -->              is not run, for that reason
    <!-- pages: with --count 1000 = --count 8 -->  is run with this change, so numbers in its output are not compared
    <!-- pages: needs xarray, h5py -->             is run where these packages are installed
    <!-- pages: file mine.yaml -->                 is written to this file

What stands in a sentence or a table is run by a comment of its own, on the same or the next line after it:

    <!-- pages: run ganinsar info a.tif --unit mm/yr -->
    <!-- pages: python ganinsar.generate(count=1, spread=(8, 20)) -->

Before anything is run, names in sentences and tables are looked up: subcommands, options, keys of settings, files,
functions (inline.py). At the end, the blocks that were not run are listed with the reasons.

A block without a language below a block that was run is its output. There, `...` stands for any text, and blank lines
and spaces count as one space.
"""

import argparse
import sys
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from pages.inline import Names, faults
from pages.reading import read_page
from pages.running import Page, run_page

ROOT = Path(__file__).resolve().parents[2]
PAGES = (
    "README.md",
    "docs/python.md",
    "docs/tutorial.md",
    "docs/faq.md",
    "docs/gallery.md",
    "docs/field-models.md",
)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("pages", nargs="*", type=Path, help="Markdown files")
    parser.add_argument("--keep", type=Path, help="a folder for what the commands write; default: none")
    arguments = parser.parse_args()
    passed, failed, skipped = 0, 0, []
    names = Names.of(ROOT)
    for path in arguments.pages or [ROOT / name for name in PAGES]:
        for fault in faults(path.read_text(encoding="utf-8"), names, path.resolve().parent):
            print(f"{path.name}:{fault}", flush=True)
            failed += 1
        page = Page(path.name, read_page(path), ROOT, arguments.keep)
        for outcome in run_page(page):
            line = f"{path.name}:{outcome.line}: {outcome.text}"
            print(line, flush=True)
            passed += outcome.passed
            failed += outcome.failed
            if not (outcome.passed or outcome.failed):
                skipped.append(line)
    print(f"pages: {passed} passed, {failed} failed, {len(skipped)} skipped")
    for line in skipped:
        print(f"  {line}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
