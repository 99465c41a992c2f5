#!/usr/bin/env bash
# Builds and runs the tests, and ends with the list of those that were skipped: name and reason.
#
#   scripts/test.sh SWIFT-TEST-OPTIONS     what `make test` runs, e.g. scripts/test.sh --filter RasterIO
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

events=$(mktemp)
trap 'rm -f "$events"' EXIT
stream=(--event-stream-output-path "$events")
# Toolchains before 6.2 have no such option; the list is then left out.
# The help is read to its end: a reader that stops early would end the writer with an error.
[[ $(swift test --help-hidden) == *"${stream[0]}"* ]] || stream=()

code=0
OMP_WAIT_POLICY=passive OMP_NUM_THREADS=1 \
  swift test "$@" --disable-xctest "${stream[@]}" </dev/null || code=$?

# A suite's own record is left out: each of its tests has one. Names lose their file and line.
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
