#!/usr/bin/env bash
# Prints the newest bundle that scripts/bundle.sh made in its usual place, or nothing.
set -euo pipefail
bundles=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)/.build-bundle/out
[ -d "$bundles" ] || exit 0
find "$bundles" -maxdepth 1 -name 'ganinsar-*.tar.gz' -printf '%T@ %p\n' | sort -n | tail -n 1 | cut -d ' ' -f 2-
