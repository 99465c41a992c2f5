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
pins=python/tests/requirements.txt
# Where the fixed wheels fit, nothing else is installed.
fixed=python/tests/requirements-$(python3 -c 'import sys; print("%d.%d" % sys.version_info[:2])').txt
if [ -f "$fixed" ] && [ "$(uname -sm)" = "Linux x86_64" ]; then pins=$fixed; fi
[ -x "$program" ] || {
  echo "python-check: $program does not exist: run 'make build'." >&2
  exit 1
}
if ! cmp -s "$pins" "$venv/installed.txt"; then
  echo "python-check: installing torch and others into $venv" >&2
  rm -rf "$venv"
  python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check --no-cache-dir --requirement "$pins"
  cp "$pins" "$venv/installed.txt" # last: an environment without it is not used
fi
python=$(realpath -s "$venv/bin/python")
(cd python && "$python" -m mypy)
make -s python-test PYTHON="$python" GANINSAR_PROGRAM="$program"
make -s pages PYTHON="$python" GANINSAR_PROGRAM="$program"
GANINSAR_PROGRAM="$program" "$python" -m unittest discover -s scripts/gpu/tests
