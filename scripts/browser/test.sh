#!/usr/bin/env bash
# Tests the report page and the studio in headless Chromium; arguments, such as --shots FOLDER, are passed to
# test_page.py and test_studio.py. Missing programs are installed: chromium and poppler-utils with apt, Playwright and
# NumPy in a virtual environment.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
fail() {
  echo "browser-test: $*" >&2
  exit 1
}
if ! command -v chromium >/dev/null || ! command -v pdftoppm >/dev/null; then
  command -v apt-get >/dev/null || fail "install chromium and pdftoppm (poppler-utils); there is no apt-get here."
  apt=(env DEBIAN_FRONTEND=noninteractive apt-get -qq)
  [ "$(id -u)" = 0 ] || apt=(sudo "${apt[@]}")
  if ! "${apt[@]}" install -y chromium poppler-utils >/dev/null 2>&1; then
    "${apt[@]}" update >/dev/null
    "${apt[@]}" install -y chromium poppler-utils >/dev/null ||
      fail "apt-get could not install chromium and poppler-utils: see its message above."
  fi
fi
venv=${BROWSER_VENV:-.build/browser-venv}
if ! "$venv/bin/python" -c 'import numpy, playwright' 2>/dev/null; then
  python3 -m venv "$venv"
  "$venv/bin/pip" install --quiet -r scripts/browser/requirements.txt
fi
[ -x .build/release/ganinsar ] || fail ".build/release/ganinsar does not exist: run 'make build'."
chromium=$(command -v chromium)
failed=0
for test in test_page test_studio; do
  "$venv/bin/python" "scripts/browser/$test.py" --chromium "$chromium" "$@" || failed=1
done
exit $failed
