#!/usr/bin/env bash
# Compares `ganinsar evaluate` with other tools. SIZES are the numbers of samples per set; WEIGHTS is the
# Inception file (else GANINSAR_INCEPTION); PYTHON is an interpreter with requirements.txt, else a virtual
# environment is made. Finished steps are kept in WORK.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

weights=${WEIGHTS:-${GANINSAR_INCEPTION:-}}
work=${WORK:-runs/conformance}
venv=.venv-conformance
pins=scripts/conformance/requirements.txt
fail() {
  echo "conformance: $*" >&2
  exit 1
}
[ -n "$weights" ] || fail "give the Inception weights: make conformance WEIGHTS=FILE (see docs/evaluation.md)."
[ -f "$weights" ] || fail "WEIGHTS=$weights: there is no such file."
[ -x .build/release/ganinsar ] || fail ".build/release/ganinsar does not exist: run 'make build'."
python=${PYTHON:-$venv/bin/python}
if [ -z "${PYTHON:-}" ] && ! cmp -s "$pins" "$venv/installed.txt"; then
  python3 -m venv "$venv"
  "$python" -m pip install --quiet --requirement "$pins"
  cp "$pins" "$venv/installed.txt" # last: an interrupted installation is repeated
fi
export OMP_WAIT_POLICY=passive
# shellcheck disable=SC2086 # a list of numbers
exec "$python" scripts/conformance/conformance.py .build/release/ganinsar "$weights" "$work" \
  ${SIZES:-500 3000}
