#!/usr/bin/env bash
# Makes the virtual environment of the programs that the benchmarks stand beside: minutes and several
# GB, once. Run it again after a change of requirements.txt.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
venv=$here/../.build/benchmarks/venv
mkdir -p "$(dirname "$venv")"
[ -x "$venv/bin/python" ] || python3 -m venv "$venv"
"$venv/bin/pip" install --quiet --requirement "$here/requirements.txt"
echo "$(cd "$venv" && pwd)/bin/python"
