#!/usr/bin/env bash
# Builds and runs the tests, then lists those that were skipped, with name and reason.
#
#   scripts/test.sh SWIFT-TEST-OPTIONS     `make test` runs this; e.g. scripts/test.sh --filter RasterIO
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

events=$(mktemp)
trap 'rm -f "$events"' EXIT
stream=(--event-stream-output-path "$events")
# Toolchains before 6.2 do not have this option; the list is then omitted.
# The help is read completely: if the reader stopped early, the writer would end with an error.
[[ $(swift test --help-hidden) == *"${stream[0]}"* ]] || stream=()

code=0
OMP_WAIT_POLICY=passive OMP_NUM_THREADS=1 \
  swift test "$@" --disable-xctest "${stream[@]}" </dev/null || code=$?

# Records of suites are omitted, because each test has its own. File and line are removed from names.
skipped=$(sed -n 's,\\/,/,g
  s#.*"kind":"testSkipped".*"text":"Test .* skipped\([^}]*\)"}\],"testID":"\([^"]*\)/[^/]*".*#  \2\1#p' \
  "$events" | sed -e 's/\\"//g' -e 's/ skipped\.$/: no reason given/' | sort)
if [ -n "$skipped" ]; then
  echo "Skipped tests: $(wc -l <<<"$skipped")"
  echo "$skipped"
elif [ "${#stream[@]}" -gt 0 ]; then
  echo "Skipped tests: 0"
fi
exit "$code"
