#!/usr/bin/env bash
# Field networks on a machine with a GPU (docs/field-models.md): packs a folder, which is then used to train there.
#
#   scripts/gpu/fields.sh pack FOLDER NAME=DATASET...     datasets that 'ganinsar prepare' wrote
#   FOLDER/fields.sh train SECONDS JOB...                 NAME:DATASET:KIND:CHANNELS:BATCH each
#
# Packing needs a Python with torch and numpy (PYTHON=python3), training torch 2.11. Leaves parts of at most 16 MB in
# OUT (default FOLDER/out): 'cat networks.tar.? | tar -x' unpacks them.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
fail() {
  echo "fields: $*" >&2
  exit 1
}
case "${1:-}" in
pack)
  [ $# -ge 3 ] || fail "give a folder to make and NAME=DATASET."
  folder=$2
  [ ! -e "$folder" ] || fail "$folder exists; move it away."
  mkdir -p "$folder.part"
  "${PYTHON:-python3}" "$here/field_data.py" "$folder.part/scenes.npz" "${@:3}"
  cp "$here"/field_*.py "$here"/fields.sh "$here"/../fixtures/unet_gan_reference.py "$folder.part/"
  mv "$folder.part" "$folder"
  du -sh "$folder"
  ;;
train)
  [ $# -ge 3 ] || fail "give seconds and jobs."
  out=${OUT:-$here/out}
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  mkdir -p "$out"
  # The last seconds are reserved for saving.
  "${PYTHON:-python3}" -u "$here/field_train.py" --scenes "$here/scenes.npz" --seconds "$2" --reserve 12 \
    --output "$work" --jobs "${@:3}" 2>&1 | tee "$out/log.txt"
  tar -C "$work" -cf - . | split -b 16000000 -d -a 1 - "$out/networks.tar."
  ;;
*) fail "the first argument must be pack or train; see the top of this file." ;;
esac
