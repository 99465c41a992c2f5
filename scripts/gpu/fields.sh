#!/usr/bin/env bash
# Field networks on a machine with a GPU (docs/field-models.md): packs a folder, which is then used to train there.
#
#   scripts/gpu/fields.sh pack FOLDER NAME=DATASET...     datasets that 'ganinsar prepare' wrote
#   FOLDER/fields.sh check NAME                           CUDA against the CPU, and where the time goes (a minute)
#   FOLDER/fields.sh train SECONDS JOB... [-- OPTION...]  NAME:DATASET:KIND:CHANNELS:BATCH each
#
# Options after -- are those of field_train.py: '-- --end 0.2' stops after a fifth of the training. To continue later, on
# another machine perhaps, put the parts 'networks.tar.?' of the earlier call into FOLDER/earlier and train again.
# Packing needs a Python with torch and numpy (PYTHON=python3), training torch 2.11. Leaves parts of at most 16 MB in
# OUT (default FOLDER/out): 'cat networks.tar.? | tar -x' unpacks them.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
fail() {
  echo "fields: $*" >&2
  exit 1
}
python=${PYTHON:-python3}
case "${1:-}" in
pack)
  [ $# -ge 3 ] || fail "give a folder to make and NAME=DATASET."
  folder=$2
  [ ! -e "$folder" ] || fail "$folder exists; move it away."
  mkdir -p "$folder.part"
  "$python" "$here/field_data.py" "$folder.part/scenes.npz" "${@:3}"
  cp "$here"/field_*.py "$here"/fields.sh "$here"/../fixtures/unet_gan_reference.py "$folder.part/"
  mv "$folder.part" "$folder"
  du -sh "$folder"
  ;;
check)
  [ $# -eq 2 ] || fail "give the name of a dataset."
  out=${OUT:-$here/out}
  "$python" "$here/field_check.py" --scenes "$here/scenes.npz" --dataset "$2" -o "$out"
  ;;
train)
  [ $# -ge 3 ] || fail "give seconds and jobs."
  seconds=$2
  shift 2
  jobs=()
  while [ $# -gt 0 ] && [ "$1" != -- ]; do
    jobs+=("$1")
    shift
  done
  [ "${1:-}" != -- ] || shift
  out=${OUT:-$here/out}
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  mkdir -p "$out"
  if [ -d "$here/earlier" ]; then cat "$here"/earlier/networks.tar.? | tar -C "$work" -x; fi
  # The last seconds are reserved for saving.
  "$python" -u "$here/field_train.py" --scenes "$here/scenes.npz" --seconds "$seconds" --reserve 12 --compact-state \
    --output "$work" --jobs "${jobs[@]}" "$@" 2>&1 | tee "$out/log.txt"
  tar -C "$work" -cf - . | split -b 16000000 -d -a 1 - "$out/networks.tar."
  ;;
*) fail "the first argument must be pack, check or train; see the top of this file." ;;
esac
