"""Makes the files of a release, or checks that the version is the same everywhere.

    python3 scripts/release --check      the version agrees everywhere (`make lint`)
    python3 scripts/release [FOLDER]     a release in FOLDER (`make release`; default .build-bundle/release)

To release, set the version in Sources/CVersion/include/CVersion.h and CITATION.cff, give the changes in
CHANGELOG.md the heading `## VERSION - YYYY-MM-DD` under an empty `## Unreleased`, commit, and run `make release`.
It builds the bundle, checks it, and writes SHA256SUMS. It sets no tag and publishes nothing: it prints how.
"""

import sys
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from release.making import Refused, make
from release.version import agreement_faults


def main() -> int:
    root = Path(__file__).resolve().parents[2]
    arguments = sys.argv[1:]
    if len(arguments) > 1 or (arguments and arguments[0].startswith("-") and arguments != ["--check"]):
        print(__doc__, file=sys.stderr)
        return 2
    faults = agreement_faults(root)
    if not faults and arguments != ["--check"]:
        folder = Path(arguments[0]) if arguments else root / ".build-bundle/release"
        try:
            print(make(root, folder.resolve()))
        except Refused as refused:
            faults = refused.faults
    for fault in faults:
        print(f"release: {fault}", file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
