#!/usr/bin/env bash
# Makes docs/pictures/stack.png: the contact sheet of a small stack over a measured scene.
#
#   GANINSAR=.build/release/ganinsar scripts/pictures.sh RATE.tif     e.g. ../shared/data/permissive/campi_flegrei.tif
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
program=${GANINSAR:-.build/release/ganinsar}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$program" compose "${1:?is a rate map}" -o "$work/stack" --seed 1 --set network.count=4 --quiet >/dev/null
"$program" view "$work/stack" -o docs/pictures/stack.png --count 3 --scale 1 --overwrite \
  --title "Simulated Sentinel-1 interferograms over a measured rate map"
