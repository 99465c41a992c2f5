#!/usr/bin/env bash
# Prints the commit of this checkout for `ganinsar --version`: 12 digits, with "-modified" behind them if tracked
# files differ from it; "unknown" outside of git. GANINSAR_COMMIT in the environment is printed as it is.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
if [ -n "${GANINSAR_COMMIT:-}" ]; then
  echo "$GANINSAR_COMMIT"
elif commit=$(git rev-parse --short=12 HEAD 2>/dev/null); then
  git diff --quiet HEAD 2>/dev/null || commit+=-modified
  echo "$commit"
else
  echo unknown
fi
