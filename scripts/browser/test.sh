#!/usr/bin/env bash
# Tests the report page in headless Chromium; arguments are passed to test_page.py. Missing programs are
# installed: chromium and poppler-utils with apt, Playwright and NumPy in a virtual environment.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
if ! command -v chromium >/dev/null || ! command -v pdftoppm >/dev/null; then
  as_root=$([ "$(id -u)" = 0 ] || echo sudo)
  if ! $as_root apt-get install -y chromium poppler-utils >/dev/null 2>&1; then
    $as_root apt-get update >/dev/null
    $as_root apt-get install -y chromium poppler-utils >/dev/null
  fi
fi
venv=${BROWSER_VENV:-.build/browser-venv}
if ! "$venv/bin/python" -c 'import numpy, playwright' 2>/dev/null; then
  python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet -r scripts/browser/requirements.txt
fi
[ -x .build/release/ganinsar ] || { echo "build first: make build" >&2; exit 1; }
exec "$venv/bin/python" scripts/browser/test_page.py --chromium "$(command -v chromium)" "$@"
