#!/usr/bin/env bash
# Compares `ganinsar evaluate` with other tools. SIZES are the numbers of samples per set; WEIGHTS is the
# Inception file (else GANINSAR_INCEPTION); PYTHON is an interpreter with requirements.txt, else a virtual
# environment is made. Finished steps are kept in WORK.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

weights=${WEIGHTS:-${GANINSAR_INCEPTION:-}}
work=${WORK:-runs/conformance}
if [[ -z $weights ]]; then
  echo "Give the Inception weights: make conformance WEIGHTS=FILE (see docs/evaluation.md)." >&2
  exit 1
fi
python=${PYTHON:-.venv-conformance/bin/python}
if [[ -z ${PYTHON:-} && ! -x $python ]]; then
  python3 -m venv .venv-conformance
  "$python" -m pip install --quiet -r scripts/conformance/requirements.txt
fi
export OMP_WAIT_POLICY=passive
# shellcheck disable=SC2086 # a list of numbers
exec "$python" scripts/conformance/conformance.py .build/release/ganinsar "$weights" "$work" \
  ${SIZES:-500 3000}
