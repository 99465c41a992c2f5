"""Starts the experiment: `python3 scripts/reproduce`. The settings are in the package's docstring."""

import sys
from pathlib import Path

if sys.version_info < (3, 11):
    sys.exit("reproduce: this needs Python 3.11 or later; see docs/reproduce.md.")
sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from reproduce.driver import main

if __name__ == "__main__":
    sys.exit(main())
