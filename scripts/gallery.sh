#!/usr/bin/env bash
# Makes the pictures of README.md, docs/gallery.md and docs/tutorial.md, but for those of scripts/pictures.sh.
#
#   scripts/gallery.sh SCENE.tif     a measured rate map, e.g. ../shared/data/permissive/kirishima_alos2.tif
#
#   GANINSAR=file   the program, built with cairo (default: that of `make build`)
#   WORK=folder     keeps what is made on the way; the tutorial's training takes minutes
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
program=$(realpath "${GANINSAR:-.build/release/ganinsar}")
pictures=$PWD/docs/pictures
scene=$(realpath "${1:?is a measured rate map}")
work=${WORK:-$(mktemp -d)}
[ -n "${WORK:-}" ] || trap 'rm -rf "$work"' EXIT
mkdir -p "$work"
cd "$work"
run() { "$program" "$@" --quiet >/dev/null; }
look() { run view "${@:2}" -o "$pictures/$1.png" --overwrite --scale 1; }

# The gallery.
run generate -o large --count 1 --seed 4 --size 512 --overwrite
look gallery-large large/sample-00000000.npy --unit cm/yr --title "Generated, 512 x 512 px"
run generate -o between --count 9 --seed 5 --interpolate 9 --steps 9 --overwrite
look gallery-between between --count 9 --title "From one map to another"
run generate -o strong --count 16 --seed 1 --spread 8..20 --overwrite
look gallery-strong strong --count 16 --title "Spread of 8 to 20 cm/yr"

# The tutorial.
[ -e scenes ] || run simulate mixed -o scenes --count 2 --seed 1 --size 512 --pixel-size 60
look tutorial-map scenes/mixed_000000.tif --title "scenes/mixed_000000.tif"
[ -e mine ] || run prepare scenes/*.tif -o mine --harmonize
run generate -o shipped --count 100 --seed 1 --beside mine --overwrite
cp shipped/contact-sheet.png "$pictures/tutorial-shipped.png"
[ -e runs/00000-demo/model.safetensors ] || run train mine -o runs --config demo
run generate runs/00000-demo -o own --count 200 --seed 1 --beside mine --overwrite
cp own/contact-sheet.png "$pictures/tutorial-trained.png"
[ -e training ] || run dataset own -o training --recipe unwrapping --seed 1
look tutorial-samples training/train --count 4 --title "Samples for unwrapping"

# The strip of README.md: measured, generated, and an interferogram of it: wrapped, coherence, the truth.
cp "$scene" measured.tif
run generate -o map --count 1 --first 2 --seed 2 --size 192 --style kirishima_alos2 --spread 4..15 --format tif \
  --overwrite
cp map/sample-00000002.tif generated.tif
run compose generated.tif -o stack --seed 3 --format geotiff --overwrite \
  --set network.count=2 --set network.everyDays=48 --set model.decorrelation.looks=40
pair=(stack/2*/)
cp stack/geotiff/*/unwrapped.tif truth.tif
look strip measured.tif generated.tif "${pair[0]}"/{wrapped,coherence}.npy truth.tif --columns 5 --side 220
