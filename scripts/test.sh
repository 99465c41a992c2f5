#!/usr/bin/env bash
# Builds and runs the tests, then lists those that were skipped and those that failed, with reasons.
#
#   scripts/test.sh SWIFT-BUILD-OPTIONS    `make test` runs this
#   TEST_FILTER=regular expression         run only such tests, as `swift test --filter`: TEST_FILTER=RasterIO make test
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
swift build "$@" --build-tests --disable-xctest </dev/null

filter=()
[ -z "${TEST_FILTER:-}" ] || filter=(--filter "$TEST_FILTER")
stream=(--event-stream-output-path "$events")
# Toolchains before 6.2 do not have this option; the lists are then omitted.
# The help is read completely: if the reader stopped early, the writer would end with an error.
[[ $(swift test --help-hidden) == *"${stream[0]}"* ]] || stream=()

# With hashes that differ from run to run, as users have them: what depends on them is to be found.
code=0
env -u SWIFT_DETERMINISTIC_HASHING OMP_WAIT_POLICY=passive OMP_NUM_THREADS=1 \
  swift test "$@" --skip-build --disable-xctest "${filter[@]}" "${stream[@]}" </dev/null || code=$?

# A run that could not start left no events.
[ ! -s "$events" ] || python3 scripts/test_events.py "$events"
exit "$code"
