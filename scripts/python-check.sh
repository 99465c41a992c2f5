#!/usr/bin/env bash
# Tests the Python package, its types, its examples, the pages for users and the training of field networks, with the
# program of `make build`, in an environment of its own. `make wheel-check` tests the wheel itself.
#
#   scripts/python-check.sh        what `make python-check` runs
#
#   PYTHON_VENV=folder   the environment (default .build/python-venv; made if missing: torch is 2.5 GB to download)
#   GANINSAR_PROGRAM     another build of the program
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
program=${GANINSAR_PROGRAM:-$PWD/.build/release/ganinsar}
venv=${PYTHON_VENV:-.build/python-venv}
[ -x "$program" ] || {
  echo "python-check: $program does not exist: run 'make build'." >&2
  exit 1
}
scripts/python-venv.sh "$venv"
python=$(realpath -s "$venv/bin/python")
(cd python && "$python" -m mypy)
make -s python-test PYTHON="$python" GANINSAR_PROGRAM="$program"
make -s pages PYTHON="$python" GANINSAR_PROGRAM="$program"
GANINSAR_PROGRAM="$program" "$python" -m unittest discover -s scripts/gpu/tests
