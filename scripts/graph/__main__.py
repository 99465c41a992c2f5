"""Prints the import graph of the package and checks it.

    python3 scripts/graph [PACKAGE]       PACKAGE: a folder with Package.swift (default: this checkout)

Layers are the rows of the table in docs/architecture.md, from the top down. Checked are:

  - a target depends only on targets of lower rows, and every target of Sources/ has a row;
  - no circle;
  - a row is marked **T** where the target needs LibTorch, and nowhere else;
  - the sources of a target import exactly the targets and products that it declares.

Ends with code 1 where a check fails. Needs `swift` for reading Package.swift.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from graph.checks import all_faults
from graph.package import Package
from graph.printing import lines


def main() -> int:
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parents[2]
    if len(sys.argv) > 2 or not (folder / "Package.swift").is_file():
        print(__doc__, file=sys.stderr)
        return 2
    command = ["swift", "package", "dump-package"]
    environment = {name: value for name, value in os.environ.items() if name != "GANINSAR_TORCH"}  # all targets
    dumped = subprocess.run(command, cwd=folder, env=environment, stdout=subprocess.PIPE, text=True, check=False)
    if dumped.returncode != 0:
        print("graph: Package.swift cannot be read: see above.", file=sys.stderr)
        return 1
    package = Package.read(folder, json.loads(dumped.stdout))
    page = folder / "docs/architecture.md"
    faults = all_faults(package, page.read_text(encoding="utf-8"))
    print("\n".join(lines(package)))
    for fault in faults:
        print(f"graph: {fault}", file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
