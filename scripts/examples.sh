#!/usr/bin/env bash
# Builds and runs the programs of Examples/ as the package of a user would: ganinsar is a versioned dependency (a
# tagged clone of what is committed), and there is no LibTorch.
#
#   scripts/examples.sh
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
version=$(sed -n 's/^#define GANINSAR_VERSION "\(.*\)"$/\1/p' "$here/Sources/CVersion/include/CVersion.h")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# A new path each time: SwiftPM refuses a tag that moved in a repository it knows.
git clone -q --bare "$here" "$work/ganinsar.git"
git -C "$work/ganinsar.git" tag -f "$version" HEAD >/dev/null
export GANINSAR_REPOSITORY=file://$work/ganinsar.git LIBTORCH=/nonexistent
cp -r "$here/Examples/Package.swift" "$here/Examples/Sources" "$work/"
scratch=$here/.build-examples
rm -f "$scratch/workspace-state.json" # it names the repository of the last run
swift build --package-path "$work" --scratch-path "$scratch"

run() { "$scratch/debug/$1" "${@:2}"; }
run SimulateMaps
run ComposeAndInvert | tee "$work/inversion.txt"
# The estimate must be near the truth: within 0.3 cm/yr.
awk '/cm\/yr/ { rate[NR] = $(NF - 1) } END { d = rate[1] - rate[2]; exit !(NR == 2 && d * d < 0.09) }' \
  "$work/inversion.txt" || {
  echo "examples: the inversion is off." >&2
  exit 1
}
python3 - "$work/rates.npy" <<'PYTHON'
import struct
import sys

header = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }".ljust(117) + "\n"
with open(sys.argv[1], "wb") as file:
    file.write(b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode())
    file.write(struct.pack("<6f", *range(6)))
PYTHON
run ReadRates "$work/rates.npy" "$work/copy.npy"
cmp "$work/rates.npy" "$work/copy.npy"
