#!/usr/bin/env bash
# Trains on a machine with a GPU within a time limit, compares the speed with PyTorch, and writes at most 8
# files of at most 16 MiB each. It is part of a folder that scripts/gpu/pack.sh made, and needs a Python with
# torch 2.11, or LIBTORCH.
#
#   OUT=results ./run.sh             the same command continues a stopped training
#
#   OUT=folder      results (default out beside this file)
#   LIMIT=540       seconds in total
#   WORK=folder     unpacked program, run folder with checkpoints (default work beside this file)
#   DEVICE=cuda     cpu for a trial without a GPU
#   SETS="KEY=VALUE ..."   more changes to config.yaml
#   BENCH=5         timed iterations of each kind and round, 0 for none; ROUNDS=3. At most a third of LIMIT
#   FIT=1           sets data.patchesPerEpoch so that all epochs fit into the rest of LIMIT
#   COUNT=64 SEED=0 maps on the contact sheet; the training's seed
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
OUT=${OUT:-$here/out}
WORK=${WORK:-$here/work}
LIMIT=${LIMIT:-540}
DEVICE=${DEVICE:-cuda}
SETS=${SETS:-}
BENCH=${BENCH:-5}
ROUNDS=${ROUNDS:-3}
FIT=${FIT:-0}
COUNT=${COUNT:-64}
SEED=${SEED:-0}
largest_bytes=$((16 * 1024 * 1024))
export OMP_WAIT_POLICY=passive
begin=$SECONDS
fail() {
  echo "run: $*" >&2
  exit 1
}
left() { echo $((LIMIT - (SECONDS - begin))); }
say() { echo "[$((SECONDS - begin)) s] $*"; }

mkdir -p "$OUT" "$WORK"
OUT=$(cd "$OUT" && pwd)
WORK=$(cd "$WORK" && pwd)
others=$(find "$OUT" -mindepth 1 -maxdepth 1 ! -name results.tar.gz ! -name model.sha256 \
  ! -name 'model.safetensors.?')
[ -z "$others" ] || fail "OUT=$OUT contains other files ($others): give an empty folder."
if [ ! -d "$WORK/dataset" ]; then
  mkdir -p "$WORK/dataset.part"
  tar -C "$WORK/dataset.part" -xzf "$here/dataset.tar.gz"
  mv "$WORK/dataset.part" "$WORK/dataset"
  tar -C "$WORK" -xzf "$here/bundle.tar.gz"
fi
programs=("$WORK"/ganinsar-*/ganinsar)
ganinsar=${programs[0]}
# Started by a copy of the launcher, as the program is.
folder=$(dirname "$ganinsar")/lib
bench=$folder/ganinsar-bench
cp "$here/bench/ganinsar-bench" "$bench-program"
sed 's,/lib/ganinsar-torch-program",/lib/ganinsar-bench-program",' "$folder/ganinsar-torch" >"$bench"
chmod +x "$bench"
python=${PYTHON:-python3}

sets=(--set "execution.device=$DEVICE" --set evaluation.everyEpochs=0)
for change in $SETS; do sets+=(--set "$change"); done
base=(--config "$here/config.yaml" "${sets[@]}")

# Check what the program will really use before spending time.
"$ganinsar" train "$WORK/dataset" "${base[@]}" --seed "$SEED" --dry-run >"$WORK/resolved.txt" ||
  fail "the program does not start, or there is no $DEVICE: see the message above."
grep '^# ' "$WORK/resolved.txt"
grep -q "^# device: $DEVICE" "$WORK/resolved.txt" || fail "the device is not $DEVICE."
"$ganinsar" train "$WORK/dataset" "${base[@]}" --seed "$SEED" --dry-run --json >"$WORK/resolved.json"
value() { # KEY.PATH: a value of the resolved configuration
  "$python" -c 'import json, sys
value = json.load(open(sys.argv[1]))["configuration"]
for key in sys.argv[2].split("."): value = value[key]
print(value)' "$WORK/resolved.json" "$1"
}
newest_run() { # the last run folder, or nothing
  find "$WORK/runs" -mindepth 1 -maxdepth 1 -type d 2>/dev/null | sort | tail -n 1
}
{
  date -u
  "$ganinsar" --version
  sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1
  nvidia-smi --query-gpu=name,memory.total,driver_version --format=csv,noheader 2>/dev/null || echo "no nvidia-smi"
  cat "$here/packed.txt"
} >"$WORK/machine.txt"

# Iterations in turns with PyTorch on the same networks, batch and precision.
if [ "$BENCH" -gt 0 ] && [ ! -e "$WORK/benchmark.txt" ]; then
  say "timing"
  precision=()
  if [ "$(value execution.precision)" = bfloat16 ]; then precision=(--bf16); fi
  shape="--channels-last ${precision[*]:-} --device $DEVICE --size $(value architecture.sizePixels)"
  shape="$shape --ch $(value architecture.channels) --batch $(value batchSize) --iterations $BENCH"
  ours="$bench train $WORK/dataset ${base[*]} --iterations $BENCH"
  commands=()
  if [ -d "$here/reference" ]; then
    commands+=("$python $here/bench/unet_gan_iteration.py --reference $here/reference $shape")
  fi
  commands+=("$python $here/bench/unet_gan_iteration.py $shape" "$ours")
  if timeout "$(($(left) / 3))" "$python" "$here/bench/compare.py" --rounds "$ROUNDS" "${commands[@]}" \
    >"$WORK/benchmark.part" 2>"$WORK/benchmark.err"; then
    mv "$WORK/benchmark.part" "$WORK/benchmark.txt"
    cat "$WORK/benchmark.txt"
  else
    say "not timed: $(tail -n 1 "$WORK/benchmark.err" | grep . || echo "a third of LIMIT is not enough")"
  fi
fi

reserve=45 # seconds for sampling and packing at the end
if [ "$FIT" -eq 1 ] && [ ! -e "$WORK/fit.txt" ]; then
  "$bench" train "$WORK/dataset" "${base[@]}" --iterations 5 >"$WORK/fit.json"
  # A tenth is for snapshots and checkpoints.
  "$python" -c 'import json, sys
settings, times = (json.load(open(path)) for path in sys.argv[1:3])
settings = settings["configuration"]
chance = settings["cutMix"]["probability"]
seconds = (1 - chance) * times["plain_seconds"] + chance * times["cutmix_seconds"]
iterations = max(1, int(0.9 * float(sys.argv[3]) / seconds / settings["epochs"]))
patches = iterations * settings["batchSize"]
print(f"data.patchesPerEpoch={patches}")' \
    "$WORK/resolved.json" "$WORK/fit.json" "$(($(left) - reserve))" >"$WORK/fit.part"
  mv "$WORK/fit.part" "$WORK/fit.txt"
fi
if [ -e "$WORK/fit.txt" ]; then sets+=(--set "$(cat "$WORK/fit.txt")"); fi

# Trains; SIGTERM at the limit finishes the iteration and saves. Exit code 130 is such a stop.
run=$(newest_run || true)
time=$(($(left) - reserve))
[ "$time" -gt 0 ] || fail "LIMIT=$LIMIT leaves no time to train."
code=0
if [ -n "$run" ] && compgen -G "$run/checkpoints/checkpoint-*" >/dev/null; then
  say "continuing $run, up to $time s"
  timeout -s TERM -k 60 "$time" "$ganinsar" train "$WORK/dataset" --resume "$run" \
    --set "execution.device=$DEVICE" || code=$?
else
  say "training, up to $time s"
  rm -rf "$WORK/runs"
  timeout -s TERM -k 60 "$time" "$ganinsar" train "$WORK/dataset" -o "$WORK/runs" \
    --config "$here/config.yaml" "${sets[@]}" --seed "$SEED" || code=$?
  run=$(newest_run || true)
fi
case $code in
0) say "trained to the end" ;;
124 | 130) say "stopped at the limit; run.sh again continues" ;;
*) fail "the training ended with code $code." ;;
esac
[ -f "$run/model.safetensors" ] || fail "no model was saved yet: a higher LIMIT is needed."

# Results: one archive of texts and pictures, and the model in parts.
rm -f "$OUT"/*
"$ganinsar" export "$run" -o "$WORK/model.safetensors" --overwrite
rm -rf "$WORK/maps" "$WORK/results"
"$ganinsar" generate "$WORK/model.safetensors" -o "$WORK/maps" --count "$COUNT" --seed 1 --format npy \
  --device "$DEVICE" >/dev/null
mkdir "$WORK/results"
cp "$WORK/maps/contact-sheet.png" "$WORK/maps/manifest.json" "$WORK/machine.txt" "$WORK/resolved.txt" \
  "$run/log.txt" "$run/stats.jsonl" "$run/config.yaml" "$WORK/results/"
cp "$WORK"/benchmark.txt "$WORK"/fit.txt "$WORK/results/" 2>/dev/null || true
last=$(find "$run/snapshots" -name 'generated-*.png' | sort | tail -n 1)
if [ -n "$last" ]; then cp "$last" "$WORK/results/snapshot-last.png"; fi
tar -C "$WORK" -czf "$OUT/results.tar.gz" results
split -b "$largest_bytes" -d -a 1 "$WORK/model.safetensors" "$OUT/model.safetensors."
sha256sum "$WORK/model.safetensors" | sed "s|$WORK/||" >"$OUT/model.sha256"
files=$(find "$OUT" -type f | wc -l)
large=$(find "$OUT" -type f -size +"$largest_bytes"c)
[ "$files" -le 8 ] || fail "there are $files result files, more than 8: the model is too large."
[ -z "$large" ] || fail "$large is larger than 16 MiB."
say "in $OUT: $(find "$OUT" -type f -printf '%f '); 'cat model.safetensors.?' puts the model together"
