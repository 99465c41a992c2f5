#!/usr/bin/env bash
# Field networks on a machine with a GPU (docs/field-models-gpu.md): packs a folder, which is then used to train there.
#
#   scripts/gpu/fields.sh pack FOLDER NAME=DATASET...     datasets that 'ganinsar prepare' wrote
#   FOLDER/fields.sh first                                a loan begins: check, time and try (4 minutes)
#   FOLDER/fields.sh rest [SECONDS]                       what 'first' tried, trained on for SECONDS (default 540)
#   FOLDER/fields.sh check JOB...                         CUDA against the CPU, and where the time goes
#   FOLDER/fields.sh train SECONDS JOB... [-- OPTION...]  NAME:DATASET:KIND:CHANNELS:BATCH[:KEY=VALUE,...] each
#
# 'first' and 'rest' train the jobs of PLAN (default: plan.txt of the folder, a job a line), and both are for one machine:
# 'rest' goes on with the states in WORK (default work beside this file). Options after -- are those of field_train.py:
# '-- --end 0.2' stops after a fifth of the training. To continue later, on another machine perhaps, put the parts
# 'networks.tar.?' of the earlier call into FOLDER/earlier and train again.
# Packing needs a Python with torch and numpy (PYTHON=python3), training torch 2.11. Leaves parts of at most 16 MB in
# OUT (default FOLDER/out): 'cat networks.tar.? | tar -x' unpacks them. TRUNK=FILE packs the weights of the Inception trunk
# (a byte a weight): trainings then say the Frechet distance of their maps every minute and keep the nearest network as
# NAME-best.pt. INIT="NAME=NETWORK.pt ..." packs the networks that jobs begin with; FEATURES=FILE packs what field_features.py wrote, for jobs with projected=1.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
fail() {
  echo "fields: $*" >&2
  exit 1
}
python=${PYTHON:-python3}
features=()
if [ -f "$here/features.safetensors" ]; then features=(--features "$here/features.safetensors"); fi
case "${1:-}" in
pack)
  [ $# -ge 3 ] || fail "give a folder to make and NAME=DATASET."
  folder=$2
  [ ! -e "$folder" ] || fail "$folder exists; move it away."
  mkdir -p "$folder.part"
  "$python" "$here/field_data.py" "$folder.part/scenes.npz" "${@:3}"
  cp "$here"/field_*.py "$here"/fields.sh "$here"/plan.txt "$here"/../fixtures/unet_gan_reference.py "$folder.part/"
  if [ -n "${TRUNK:-}" ]; then "$python" "$here/field_score.py" pack "$TRUNK" "$folder.part/trunk.safetensors"; fi
  for entry in ${INIT:-}; do
    mkdir -p "$folder.part/init"
    cp "${entry#*=}" "$folder.part/init/${entry%%=*}.pt"
  done
  if [ -n "${FEATURES:-}" ]; then cp "$FEATURES" "$folder.part/features.safetensors"; fi
  mv "$folder.part" "$folder"
  du -sh "$folder"
  ;;
check)
  [ $# -ge 2 ] || fail "give jobs."
  out=${OUT:-$here/out}
  "$python" -u "$here/field_check.py" --scenes "$here/scenes.npz" -o "$out" --bfloat16 --profile "${features[@]}" --jobs "${@:2}"
  ;;
first | rest)
  out=${OUT:-$here/out}
  work=${WORK:-$here/work}
  mkdir -p "$out" "$work"
  mapfile -t jobs < <(grep -v '^#' "${PLAN:-$here/plan.txt}")
  options=("${features[@]}" --bfloat16 --generator-rate 2e-4 --discriminator-rate 4e-4 --average 0.001)
  if [ -f "$here/trunk.safetensors" ]; then options+=(--score "$here/trunk.safetensors"); fi
  options+=(--init)
  for job in "${jobs[@]}"; do
    initial=$here/init/${job%%:*}.pt
    if [ -f "$initial" ]; then options+=("${job%%:*}=$initial"); fi
  done
  if [ "$1" = first ]; then
    mapfile -t each < <(printf '%s\n' "${jobs[@]}" | awk -F: '!seen[$3]++') # a job of each kind
    timeout "${CHECK_SECONDS:-70}" "$0" check "${each[@]}" 2>&1 | tee "$out/check.txt" || echo "the check did not end well"
    options+=(--seconds "${SECONDS_FIRST:-110}" --reserve 6 --end 0.15 --score-seconds 25 --save)
  else
    options+=(--seconds "${2:-540}" --reserve 20 --save)
  fi
  "$python" -u "$here/field_train.py" --scenes "$here/scenes.npz" --output "$work" --jobs "${jobs[@]}" "${options[@]}" \
    2>&1 | tee "$out/log-$1.txt"
  # States stay here: they are larger than what may leave a lent machine.
  if [ "$1" = rest ]; then
    (cd "$work" && find . -name '*-best.pt' -o -name '*-100.pt' | tar -cf - -T -) | split -b 16000000 -d -a 1 - "$out/networks.tar."
  fi
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
    "${features[@]}" --output "$work" --jobs "${jobs[@]}" "$@" 2>&1 | tee "$out/log.txt"
  tar -C "$work" -cf - . | split -b 16000000 -d -a 1 - "$out/networks.tar."
  ;;
*) fail "the first argument must be pack, first, rest, check or train; see the top of this file." ;;
esac
