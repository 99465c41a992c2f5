#!/usr/bin/env bash
# Compares wrapped interferograms of satellites with ours, for docs/results/interferograms.md: patches of both in
# random order, and the distributions of residues, coherence, fringe rate and the structure function.
#
#   SHARED=../shared/data PYRATE=CLONE scripts/interferograms.sh [OUTPUT]
#
# SHARED holds originals/sierra_negra_wrapped.tif; PYRATE is a clone of
# GeoscienceAustralia/PyRate. OUTPUT gets the pictures and measures.txt (default docs/results/interferograms).
# GANINSAR is the program (default .build/release/ganinsar).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
program=$(realpath "${GANINSAR:-.build/release/ganinsar}")
shared=${SHARED:-../shared/data}
stack=${PYRATE:?is the folder of a clone of GeoscienceAustralia/PyRate}/tests/test_data/cropA/geotiffs
output=${1:-docs/results/interferograms}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

mkdir -p "$work/mexico" "$output"
cp "$stack"/*_unw.tif "$work/mexico/"
"$program" simulate sun-mild -o "$work/maps" --count 20 --size 256 --seed 3 --quiet >/dev/null

# The sensor, pixel size and time spans of Mexico City, and the network's smoothing before unwrapping;
# everything else is drawn as the recipe says.
common=(--recipe unwrapping --size 192 --count 40 --set samples.perMap=2 --set samples.validationFraction=0
  --set samples.testFraction=0 --set sensor=sentinel-1 --set 'network.everyRepeats={choice: [1, 2, 4, 6, 9]}'
  --set mask.borderFraction=0 --set mask.waterFraction=0 --quiet)
"$program" dataset "$work/maps" -o "$work/plain" --format npy "${common[@]}" \
  --set geometry.pixelSizeMeters=111 >/dev/null
"$program" dataset "$work/maps" -o "$work/filtered" --format npy "${common[@]}" \
  --arrays filtered --set geometry.pixelSizeMeters=150 --set model.goldstein.alpha=0.8 >/dev/null
"$program" figure interferograms --set "Mexico City=$work/mexico" --set "ours, filtered=$work/filtered/train" \
  --measure-only "Sierra Negra=$shared/originals/sierra_negra_wrapped.tif" \
  --measure-only "ours, not filtered=$work/plain/train" \
  --patch-size 48 --count 32 --seed 5 -o "$output/patches.png" --distributions "$output/distributions.png" \
  --overwrite | tee "$output/measures.txt"
