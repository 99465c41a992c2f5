#!/usr/bin/env bash
# Builds and runs the tests, then lists those that were skipped and those that failed, with reasons.
#
#   scripts/test.sh SWIFT-TEST-OPTIONS     `make test` runs this; e.g. scripts/test.sh --filter RasterIO
#   TEST_FILTER=regular expression         the same as --filter, for `make test`
#   TEST_EVENTS=FILE                       keep what Swift wrote of the run, for scripts/test_events.py
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

if [ -n "${TEST_EVENTS:-}" ]; then
  events=$TEST_EVENTS
  : >"$events"
else
  events=$(mktemp)
  trap 'rm -f "$events"' EXIT
fi
[ -z "${TEST_FILTER:-}" ] || set -- "$@" --filter "$TEST_FILTER"
stream=(--event-stream-output-path "$events")
# Toolchains before 6.2 do not have this option; the lists are then omitted.
# The help is read completely: if the reader stopped early, the writer would end with an error.
[[ $(swift test --help-hidden) == *"${stream[0]}"* ]] || stream=()

code=0
OMP_WAIT_POLICY=passive OMP_NUM_THREADS=1 \
  swift test "$@" --disable-xctest "${stream[@]}" </dev/null || code=$?

# Without a build there are no events.
[ ! -s "$events" ] || python3 scripts/test_events.py "$events"
exit "$code"
