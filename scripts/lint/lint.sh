#!/usr/bin/env bash
# Checks the format of the Swift files, the Python and shell scripts (ruff.toml, .shellcheckrc), and that the
# version is the same everywhere.
#
#   scripts/lint/lint.sh          what `make lint` runs; changes nothing
#   scripts/lint/lint.sh --fix    what `make format` runs: formats, and fixes what can be fixed
#
# ruff and shellcheck are downloaded once, by their hashes, into .deps/lint; this needs a python3 with pip.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

tools=.deps/lint
pins=scripts/lint/requirements.txt

fail() {
  echo "lint: $*" >&2
  exit 1
}

# The first python3 that has pip, or nothing.
find_python() {
  local candidate
  for candidate in python3 /usr/bin/python3; do
    if "$candidate" -c 'import pip' 2>/dev/null; then
      echo "$candidate"
      return
    fi
  done
}

install_tools() {
  local python
  if cmp -s "$pins" "$tools/requirements.txt"; then return; fi
  python=$(find_python)
  [ -n "$python" ] || fail "no python3 with pip: install python3-pip (apt-get install python3-pip) and run this again."
  echo "lint: downloading ruff and shellcheck into $tools" >&2
  mkdir -p .deps
  rm -rf "$tools" "$tools.part"
  PIP_ROOT_USER_ACTION=ignore "$python" -m pip install --quiet --disable-pip-version-check --no-cache-dir --no-deps --no-compile \
    --only-binary=:all: --require-hashes --target "$tools.part" --requirement "$pins" </dev/null ||
    fail "cannot download them (pip's message is above): check the network, then run this again."
  cp "$pins" "$tools.part/" # last: a folder without it is not used
  mv "$tools.part" "$tools"
}

# Runs a check; all of them are run before this script fails.
failed=()
check() { # NAME COMMAND...
  local name=$1
  shift
  "$@" || failed+=("$name")
}

install_tools
swift_files=(Package.swift Sources Tests)
mapfile -d '' shell_files < <(git ls-files -z '*.sh' .ci/run)
if [ "${1:-}" = --fix ]; then
  swift format --in-place --parallel --recursive "${swift_files[@]}"
  "$tools/bin/ruff" check --quiet --fix . || true # what it cannot fix, it lists
  "$tools/bin/ruff" format --quiet .
fi
check "swift format" swift format lint --strict --parallel --recursive "${swift_files[@]}"
check "ruff check" "$tools/bin/ruff" check --quiet .
check "ruff format" "$tools/bin/ruff" format --quiet --check .
check "version" python3 scripts/release --check
check "shellcheck" "$tools/bin/shellcheck" "${shell_files[@]}"
[ ${#failed[@]} -eq 0 ] || {
  IFS=,
  fail "mend what is listed above (${failed[*]}); 'make format' does most of it."
}
