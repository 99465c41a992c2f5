# Training and generating; read by scripts/reproduce.sh, not run.

# The arguments of 'ganinsar train' for an arm, one a line.
arm_arguments() { # NAME SEED
  local change
  printf -- '%s\n' "$OUT/data/$(arm_field "$1" 2)" --config "$CONFIG" \
    --set "execution.device=$DEVICE" --set "execution.threads=$THREADS"
  if [ -n "$patches_per_epoch" ]; then
    printf -- '%s\n' --set "data.patchesPerEpoch=$patches_per_epoch"
  fi
  for change in ${EXTRA:-} $(arm_field "$1" 3); do
    case $change in
    from=*) ;;
    *) printf -- '%s\n' --set "$change" ;;
    esac
  done
  change=$(arm_lines | grep -o "from=$1@[0-9]*" | sed 's/.*@//' | sort -nu | paste -sd, || true)
  [ -z "$change" ] || printf -- '%s\n' --set "output.keptCheckpointEpochs=[$change]"
  [ -z "$WEIGHTS" ] || printf -- '%s\n' --set "evaluation.weights=$(realpath "$WEIGHTS")"
  printf -- '%s\n' --set "name=$1" --seed "$2"
}

# Writes the resolved configuration of an arm to a file: it names the arm's folder, so that another
# configuration or dataset is another training, and the same one is never trained twice.
resolve() { # NAME SEED FILE
  local arguments
  mapfile -t arguments < <(arm_arguments "$1" "$2")
  "$ganinsar" train "${arguments[@]}" --dry-run >"$3.all" ||
    fail "the configuration of the arm '$1' is refused."
  grep '^# ' "$3.all" >"$3.facts" || true
  grep -v '^#' "$3.all" >"$3"
  rm "$3.all"
}

# Where an arm lies. What does not change the result (device, threads, pictures) is not in the key.
arm_folder() { # NAME SEED
  local memo=$scratch/$1-$2 key
  if [ ! -e "$memo.folder" ]; then
    resolve "$1" "$2" "$memo"
    key=$({
      awk '/^[^ ]/ { skip = ($1 == "output:" || $1 == "execution:" || $1 == "evaluation:") } !skip
        # It matters only where it may end a run.
        $1 == "patienceEvaluations:" && $2 > 0' "$memo"
      dataset_hash "$(arm_field "$1" 2)"
    } | short_hash)
    echo "$OUT/arms/$1-s$2-$key" >"$memo.folder"
  fi
  cat "$memo.folder"
}
is_done() { [ -e "$(arm_folder "$1" "$2")/done.txt" ]; }

# Turns BUDGET into patches an epoch, so that all epochs of the schedule fit: the filter goes off and
# the offset ends at the same place of a short run as of a long one. Measured once, with the full recipe;
# every arm then trains as many iterations.
plan_budget() {
  patches_per_epoch=
  if [ -z "$BUDGET" ]; then return; fi
  resolve model 0 "$scratch/plan"
  local key plan
  key=$(grep -v '^  patchesPerEpoch:' "$scratch/plan" | awk '/^[^ ]/ { skip = ($1 == "output:") } !skip' |
    short_hash)
  plan=$OUT/plan-$BUDGET-$key.txt
  if [ ! -e "$plan" ]; then
    echo "measuring the time of an iteration"
    local arguments
    mapfile -t arguments < <(arm_arguments model 0 | sed '/^--seed$/,$d')
    "$ganinsar" benchmark train "${arguments[@]}" --iterations "${PLAN_ITERATIONS:-5}" \
      >"$scratch/plan.json"
    # On a CPU the processor's seconds count, which other work on the machine does not change.
    awk -v budget="$BUDGET" -v batch="$(setting "$scratch/plan" '' batchSize)" \
      -v epochs="$(setting "$scratch/plan" '' epochs)" \
      -v chance="$(setting "$scratch/plan" cutMix probability)" \
      -v cores="$([ "$THREADS" -gt 0 ] && echo "$THREADS" || nproc)" \
      -v cpu="$(grep -c '^# device: cpu' "$scratch/plan.facts" || true)" '
      function value(key) {
        match($0, "\"" key "\":[0-9.e+-]+")
        return substr($0, RSTART + length(key) + 3, RLENGTH - length(key) - 3)
      }
      {
        suffix = cpu ? "_cpu_seconds" : "_seconds"
        seconds = (1 - chance) * value("plain" suffix) + chance * value("cutmix" suffix)
        if (cpu) seconds /= cores
        # A tenth is for snapshots, checkpoints and evaluations.
        iterations = int(0.9 * budget * 60 / seconds / epochs)
        if (iterations < 1) iterations = 1
        printf "seconds=%.4f\niterations=%d\npatchesPerEpoch=%d\n", seconds,
          iterations * epochs, iterations * batch
      }' "$scratch/plan.json" >"$plan.part"
    mv "$plan.part" "$plan"
  fi
  patches_per_epoch=$(sed -n 's/^patchesPerEpoch=//p' "$plan")
  echo "$(sed -n 's/^iterations=//p' "$plan") iterations an arm," \
    "$(sed -n 's/^seconds=//p' "$plan") s each: $patches_per_epoch patches an epoch"
}

# The newest run folder of an arm that can go on.
run_to_resume() { # FOLDER
  local run
  for run in $(ls -rd "$1"/runs/*/ 2>/dev/null || true); do
    if compgen -G "$run/checkpoints/checkpoint-*" >/dev/null; then
      echo "${run%/}"
      return
    fi
  done
}

# The checkpoint that an arm may go on from, where the arm that it branches off is done.
checkpoint_to_branch_from() { # NAME SEED
  local from base run epoch iteration
  from=$(arm_field "$1" 3 | tr ' ' '\n' | sed -n 's/^from=//p')
  [ -n "$from" ] || return 0
  base=${from%@*}
  epoch=${from#*@}
  is_done "$base" "$2" || return 0
  run=$OUT/$(sed -n 's/^run=//p' "$(arm_folder "$base" "$2")/done.txt")
  iteration=$(setting "$run/config.yaml" '' batchSize)
  iteration=$(((epoch * $(setting "$run/config.yaml" data patchesPerEpoch) + iteration - 1) / iteration))
  run=$(printf '%s/checkpoints/checkpoint-%08d.safetensors' "$run" "$iteration")
  [ ! -e "$run" ] || echo "$run"
}

train_arm() { # NAME SEED
  local name=$1 seed=$2 folder run from code=0 arguments
  folder=$(arm_folder "$name" "$seed")
  mkdir -p "$folder"
  # Two drivers may share the work: each arm is trained by one of them.
  exec 9>"$folder/lock"
  flock -n 9 || {
    echo "$name, seed $seed: another process trains it"
    return 0
  }
  if is_done "$name" "$seed"; then
    echo "$name, seed $seed: done before"
    return 0
  fi
  cp "$scratch/$name-$seed" "$folder/config.yaml"
  run=$(run_to_resume "$folder")
  if [ -n "$run" ]; then
    echo "$name, seed $seed: going on with $run"
    arguments=("$OUT/data/$(arm_field "$name" 2)" --resume "$run"
      --set "execution.device=$DEVICE" --set "execution.threads=$THREADS")
  else
    echo "$name, seed $seed: training in $folder"
    rm -rf "$folder/runs"
    mapfile -t arguments < <(arm_arguments "$name" "$seed")
    arguments+=(-o "$folder/runs")
    from=$(checkpoint_to_branch_from "$name" "$seed")
    if [ -n "$from" ]; then
      echo "$name, seed $seed: branching off from ${from#"$OUT"/}"
      arguments+=(--from "$from")
    fi
  fi
  local started=$SECONDS child
  if [ "$JOBS" -gt 1 ]; then
    "$ganinsar" train "${arguments[@]}" >>"$folder/train.log" 2>&1 &
  else
    "$ganinsar" train "${arguments[@]}" >>"$folder/train.log" &
  fi
  child=$!
  # Background jobs ignore Ctrl-C, so the driver passes it on, once: a second signal would end a
  # training before it has saved.
  trap 'kill -TERM $child 2>/dev/null' TERM
  local again
  while :; do
    code=0
    wait $child || code=$?
    kill -0 $child 2>/dev/null || break
  done
  if [ $code -gt 128 ]; then
    again=0
    wait $child 2>/dev/null || again=$? # a signal to this shell ends a wait too; 127: it was the training's
    [ $again -eq 127 ] || code=$again
  fi
  # Wall seconds, then the CPU time of the training: 'times' gives 12m34.5s in its second line.
  times >"$folder/times.part"
  echo "$((SECONDS - started)) $(sed -n '2s/\([0-9]*\)m\([0-9.]*\)s/\1 \2/gp' "$folder/times.part" |
    awk '{ print $1 * 60 + $2, $3 * 60 + $4 }')" >>"$folder/sessions.txt"
  rm -f "$folder/times.part"
  if [ $code -ne 0 ]; then
    if [ $code -ne 130 ]; then
      echo "reproduce: the training of '$name' failed: see $folder/train.log" >&2
    fi
    return $code
  fi
  run=$(run_to_resume "$folder")
  [ -n "$run" ] || return 1
  {
    echo "arm=$name"
    echo "seed=$seed"
    echo "run=${run#"$OUT"/}"
    echo "dataset=$(arm_field "$name" 2)"
    echo "changes=$(arm_field "$name" 3)"
    echo "iterations=$(tail -1 "$run/stats.jsonl" | sed 's/^{"step":\([0-9]*\).*/\1/')"
    echo "branchedFrom=$(sed -n 's/.*branched off from //p' "$run/log.txt" | tail -1)"
    awk '{ wall += $1; cpu += $2 + $3 } END { printf "wallMinutes=%.1f\ncpuMinutes=%.1f\n", wall / 60, cpu / 60 }' \
      "$folder/sessions.txt"
    sed -n 's/^# device: /device=/p' "$scratch/$name-$seed.facts"
    echo "threads=$THREADS"
    echo "machine=$(machine)"
    echo "program=$("$ganinsar" --version), commit $(git -C "$here" rev-parse --short HEAD 2>/dev/null || echo unknown)"
    echo "finished=$(date -u +%Y-%m-%dT%H:%MZ)"
  } >"$folder/done.txt.part"
  mv "$folder/done.txt.part" "$folder/done.txt"
  echo "$name, seed $seed: done"
}

stop_children() {
  local pids
  pids=$(jobs -rp)
  [ -z "$pids" ] || kill -TERM $pids 2>/dev/null || true
}

# Waits until fewer than so many trainings run; sets failed.
wait_until_below() {
  local code
  while [ "$(jobs -rp | wc -l)" -ge "$1" ]; do
    code=0
    wait -n || code=$?
    case $code in
    0) ;;
    130 | 143) stopped=1 ;;
    *) failed=1 ;;
    esac
  done
}

train_arms() {
  local name seed
  mkdir -p "$OUT/arms"
  stopped=0
  failed=0
  # The trainings save; the driver then ends, and goes on where it was.
  trap '[ $stopped -eq 1 ] || stop_children; stopped=1' INT TERM
  for seed in $SEEDS; do
    for name in $(selected_arms); do
      arm_folder "$name" "$seed" >/dev/null
      wait_until_below "$JOBS"
      [ $stopped -eq 0 ] || break 2
      (train_arm "$name" "$seed") &
    done
  done
  wait_until_below 1
  trap - INT TERM
  if [ $stopped -eq 1 ]; then
    echo "reproduce: stopped; the same command goes on from here." >&2
    exit 130
  fi
  [ $failed -eq 0 ] || fail "a training failed; the same command tries it again, and keeps the others."
}

# Samples of a finished arm; goes on where it was stopped.
maps_folder() { echo "$(arm_folder "$1" "$2")/maps-$PICK-$COUNT"; }
generate_maps() { # NAME SEED
  local folder model run
  folder=$(arm_folder "$1" "$2")
  run=$OUT/$(sed -n 's/^run=//p' "$folder/done.txt")
  model=$run/model.safetensors
  if [ "$PICK" = best ]; then model=$run/model-best.safetensors; fi
  [ -f "$model" ] || fail "$model is not there: train with evaluation.everyEpochs, or leave out PICK."
  if grep -q '"isComplete": true' "$(maps_folder "$1" "$2")/manifest.json" 2>/dev/null; then return; fi
  "$ganinsar" generate "$model" -o "$(maps_folder "$1" "$2")" --count "$COUNT" --seed 1 \
    --format npy --device "$DEVICE" >/dev/null
}
