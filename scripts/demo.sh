#!/usr/bin/env bash
# All steps in a few minutes: scenes, patches, a short training, generated rate maps.
#
#   scripts/demo.sh               with simulated scenes
#   scripts/demo.sh a.tif b.h5    with your own (set UNIT=mm/yr if a file does not state its unit)
#
# Everything is written to demo/, which each run replaces. `make demo` builds the command first.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
ganinsar=${GANINSAR:-$here/.build/release/ganinsar}
demo=$here/demo
marker=$demo/.made-by-ganinsar-demo
# With small steps, many threads would waste two cores on waiting.
export OMP_WAIT_POLICY=passive

fail() {
  echo "demo: $*" >&2
  exit 1
}
step() {
  echo
  echo "== $*"
}

[ -x "$ganinsar" ] || fail "$ganinsar does not exist: run 'make demo', which builds it."
for scene in "$@"; do
  [ -e "$scene" ] || fail "scene '$scene' does not exist; give paths of rasters."
done

# Remove only what an earlier demo made.
if [ -e "$demo" ]; then
  [ -f "$marker" ] || fail "$demo was not made by this script: move it away first."
  for scene in "$@"; do
    case $(realpath "$scene") in
    "$(realpath "$demo")"/*) fail "'$scene' is in demo/, which will be replaced: move it first." ;;
    esac
  done
  rm -rf "$demo"
fi
mkdir "$demo"
: >"$marker"

# The model that ships shows maps at once; the demo's own training is short.
if [ -e "$here/models/large.safetensors" ]; then
  step "The model that ships: 12 rate maps of 256 px, without any training"
  "$ganinsar" generate -o "$demo/shipped" --size 256 --count 12 --seed 1 --format npy,png
  cp "$demo/shipped/contact-sheet.png" "$demo/shipped-model.png"
else
  step "This checkout has no model (models/large.safetensors does not exist): the demo trains one"
fi

if [ $# -eq 0 ]; then
  step "1/4  Simulating four scenes of 61 km x 61 km"
  # Pixels of 60 m: a 64 px patch is then wide enough to hold whole features.
  "$ganinsar" simulate mixed -o "$demo/scenes" --count 4 --seed 1 --pixel-size 60
  scenes=("$demo"/scenes/mixed_*.tif)
  # A build without GDAL writes .npy, which has no unit.
  [ -e "${scenes[0]}" ] || scenes=("$demo"/scenes/mixed_*.npy --unit cm/yr)
  step "2/4  Preparing a training dataset"
  "$ganinsar" prepare "${scenes[@]}" -o "$demo/dataset"
  origin="scenes/     four simulated rate maps (cm/yr, positive toward the satellite), and the
              parameters of every source in them"
  prepared="the four scenes as training data"
else
  step "1/4  Your scenes"
  printf '%s\n' "$@"
  step "2/4  Preparing a training dataset (median subtracted, amplitudes scaled to a common one)"
  "$ganinsar" prepare "$@" ${UNIT:+--unit "$UNIT"} --harmonize --minimum-size 128 \
    -o "$demo/dataset"
  origin="            your scenes are not changed: $*"
  prepared="your scenes as training data; dataset.json holds the factor of each"
fi

step "3/4  Training at 64 px; this takes most of the time (Ctrl-C ends it early and keeps the model so far)"
# Ctrl-C reaches the training too: it saves, and the demo continues with the saved model.
trap 'true' INT
code=0
"$ganinsar" train "$demo/dataset" -o "$demo/runs" --config "$here/configs/demo.yaml" || code=$?
trap - INT
[ "$code" -eq 0 ] || [ "$code" -eq 130 ] || exit "$code"
runs=("$demo"/runs/*/)
run=${runs[-1]%/}
[ -e "$run/model.safetensors" ] ||
  fail "the training ended before its first model was saved; run the demo again."

step "4/4  Generating 64 rate maps"
formats=png,npy
if [ $# -gt 0 ] || [[ ${scenes[0]} == *.tif ]]; then formats=tif,png; fi
"$ganinsar" generate "$run" -o "$demo/generated" --count 64 --seed 1 --format "$formats" \
  --beside "$demo/dataset"
cp "$demo/generated/contact-sheet.png" "$demo/contact-sheet.png"

shipped_lines=
if [ -e "$demo/shipped-model.png" ]; then
  shipped_lines="  shipped-model.png, shipped/
              12 maps of 256 x 256 px by the model that ships (models/README.md describes it)
"
fi
cat >"$demo/README.txt" <<TEXT
What is in this folder
  contact-sheet.png
              patches of the scenes above, generated maps below, on one color scale
  generated/  64 generated rate maps of 64 x 64 px (cm/yr, positive toward the satellite):
              each as raster and image; manifest.json names the model and the seed
$shipped_lines  runs/       the training: log.txt, stats.jsonl, snapshots (preview images), the model
  dataset/    $prepared
  $origin

A training of a few minutes shows that everything works, and how maps begin to look. A useful model
takes hours of training with more scenes, and configs/small.yaml (two cores) or configs/paper.yaml
(GPU). Or use the model that ships: 'ganinsar generate -o maps'.

What to type next, with rate maps of your own (GeoTIFF, MintPy, LiCSBAS, ISCE, ROI_PAC, .npy ...)
  .build/release/ganinsar prepare a.tif b.h5 -o datasets/mine --harmonize
  .build/release/ganinsar train datasets/mine -o runs --config configs/small.yaml
  .build/release/ganinsar generate runs/00000-small -o maps --count 1000 --seed 1 --format tif,png

Or the same demo on them: make demo SCENES="a.tif b.h5"
TEXT
echo
cat "$demo/README.txt"
echo
echo "Everything is in $demo"
