#!/usr/bin/env bash
# Opens and inverts stacks that ganinsar composed with other programs; writes docs/interop.md.
#
# `make interop` builds the command first. The Python programs are installed into a virtual environment in
# .build/interop; INTEROP_VENV names an existing one instead.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
work=$root/.build/interop
venv=${INTEROP_VENV:-$work/venv}
export GANINSAR=${GANINSAR:-$root/.build/release/ganinsar}
export OMP_WAIT_POLICY=passive

[ -x "$GANINSAR" ] || { echo "interop: $GANINSAR is not there: run 'make interop'." >&2; exit 1; }
mkdir -p "$work"
if [ ! -x "$venv/bin/ifgram_inversion.py" ]; then
  echo "== installing MintPy and the others in $venv (minutes, once)"
  python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet --requirement "$here/requirements.txt"
fi
rm -rf "$work/stacks"
mkdir "$work/stacks"
PATH=$venv/bin:$PATH exec "$venv/bin/python" "$here/interop.py" "$work/stacks" \
  "$root/docs/interop.md"
