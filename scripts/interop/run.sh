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

pins=$here/requirements.txt

fail() {
  echo "interop: $*" >&2
  exit 1
}
[ -x "$GANINSAR" ] || fail "$GANINSAR does not exist: run 'make interop'."
mkdir -p "$work"
if [ -n "${INTEROP_VENV:-}" ]; then
  [ -x "$venv/bin/ifgram_inversion.py" ] || fail "INTEROP_VENV=$venv has no MintPy: install $pins there."
elif ! cmp -s "$pins" "$venv/installed.txt"; then
  echo "== installing MintPy and the others in $venv (minutes, once)"
  python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet --requirement "$pins"
  cp "$pins" "$venv/installed.txt" # last: an interrupted installation is repeated
fi
rm -rf "$work/stacks"
mkdir "$work/stacks"
PATH=$venv/bin:$PATH exec "$venv/bin/python" "$here/interop.py" "$work/stacks" \
  "$root/docs/interop.md"
