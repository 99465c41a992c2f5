# Evaluations, figures and the page; read by scripts/reproduce.sh, not run.

# Finished arms as NAME SEED, in the table's order.
finished_arms() {
  local name seed
  for name in $(arm_names); do
    for seed in $SEEDS; do
      if is_done "$name" "$seed"; then echo "$name $seed"; fi
    done
  done
}
# What a finished arm is called in tables: its name, with the seed where there are several.
arm_label() { [ "$(wc -w <<<"$SEEDS")" -eq 1 ] && echo "$1" || echo "$1-s$2"; }

# evaluation NAME REAL NAME=PATH...: measures sets against one real set, unless that was done.
evaluation() {
  local name=$1 real=$2 folder=$OUT/evaluation/$1 sets=() key weights
  shift 2
  [ $# -gt 0 ] || return 0
  for set in "$@"; do sets+=(--set "$set"); done
  key=$(printf '%s\n' "$real" "$COUNT" "$RESAMPLES" "$WEIGHTS" "$@" | short_hash)
  if [ "$(cat "$folder.key" 2>/dev/null)" = "$key" ] && [ -e "$folder/metrics.json" ]; then
    echo "$name: done before"
    return
  fi
  mkdir -p "$OUT/evaluation"
  mapfile -t weights < <(weights_option)
  "$ganinsar" evaluate --real "$real" "${sets[@]}" -o "$folder" --overwrite --count "$COUNT" \
    --unit cm/yr --resamples "$RESAMPLES" "${weights[@]}"
  echo "$key" >"$folder.key"
}

evaluate_all() {
  local name seed arms=() unseen=() open=() simulated=() models=()
  while read -r name seed; do
    generate_maps "$name" "$seed"
    case $name in
    left-halves) unseen+=("$(arm_label "$name" "$seed")=$(maps_folder "$name" "$seed")") ;;
    open) open+=("$(arm_label "$name" "$seed")=$(maps_folder "$name" "$seed")") ;;
    *) arms+=("$(arm_label "$name" "$seed")=$(maps_folder "$name" "$seed")") ;;
    esac
    if [ "$name" = model ]; then models+=("${arms[-1]}"); fi
  done < <(finished_arms)
  for name in "${presets[@]}"; do simulated+=("$name=$(set_file "$name")"); done
  # Table I: what simulators make, and the model, against all scenes.
  evaluation table1 "$(set_file real)" "${simulated[@]}" "${models[@]}"
  # Table II: the arms.
  evaluation table2 "$(set_file real)" "${arms[@]}"
  if [ ${#unseen[@]} -gt 0 ]; then
    # Unseen ground: how far the right halves are, for the left halves themselves and for the model.
    evaluation unseen "$(set_file right)" "left=$(set_file left)" "${unseen[@]}"
    # Seen ground, for the figures of memorisation.
    evaluation seen "$(set_file left)" "right=$(set_file right)" "${unseen[@]}"
  fi
  evaluation permissive "$(set_file permissive)" "${open[@]}"
}

# scatter FILE EVALUATION TITLE SET...: sets that the evaluation lacks are left out.
scatter() {
  local file=$1 evaluation=$2 metrics=$OUT/evaluation/$2/metrics.json title=$3 sets=() name
  shift 3
  # Without weights there are no features, and no picture.
  grep -q '"featuresKey" *: *"' "$metrics" 2>/dev/null || return 0
  for name in "$@"; do
    if grep -q "\"name\" *: *\"$name\"" "$metrics"; then sets+=(--set "$name"); fi
  done
  # One set beside the real one is enough for the halves alone.
  [ ${#sets[@]} -gt 2 ] || { [ ${#sets[@]} -gt 0 ] && [ "$evaluation" = unseen ]; } || return 0
  "$ganinsar" figure scatter "$metrics" -o "$file" --title "$title" "${sets[@]}" --overwrite >/dev/null
}

# sheet NAME NAME=PATH...: rates in NAME.png, phase in NAME-wrapped.png; sets that were not made are left out.
sheet() {
  local file=$1 sets=()
  shift
  for set in "$@"; do
    if [ -e "${set#*=}" ]; then sets+=(--set "$set"); fi
  done
  [ ${#sets[@]} -gt 0 ] || return 0
  "$ganinsar" figure sheet "${sets[@]}" -o "$file.png" --wrapped "$file-wrapped.png" --overwrite --count 16 \
    --among "$COUNT" --unit cm/yr >/dev/null
}

# Pictures of everything, for this machine alone.
draw_figures() {
  local figures=$OUT/figures first model=() open=()
  first=${SEEDS%% *}
  mkdir -p "$figures"
  local label
  label=$(arm_label model "$first")
  if is_done model "$first"; then model=("generated=$(maps_folder model "$first")"); fi
  if is_done open "$first"; then open=("generated=$(maps_folder open "$first")"); fi
  # Simulators alone: these may be shown anywhere.
  sheet "$figures/open-simulators" "sun=$(set_file sun)" "sun-mild=$(set_file sun-mild)" \
    "wu=$(set_file wu)" "wu-dem=$(set_file wu-dem)"
  # Scenes without a licence, and what was learnt of them: not to be published.
  sheet "$figures/local-real-and-generated" "real=$(set_file real)" "sun=$(set_file sun)" "${model[@]}"
  # The same of scenes that may be published.
  sheet "$figures/open-real-and-generated" "real=$(set_file permissive)" "sun=$(set_file sun)" \
    "${open[@]}"
  scatter "$figures/fig12.png" table1 "t-SNE: real, Sun, the model" sun "$label"
  scatter "$figures/fig13.png" table1 "t-SNE: real, Sun, Wu" sun wu wu-dem
  scatter "$figures/fig14.png" table1 "t-SNE: real, Sun, Wu, the model" sun wu wu-dem "$label"
  scatter "$figures/fig15.png" table2 "t-SNE: real, the model, the paper's ablations" "$label" \
    "$(arm_label late-switch "$first")" "$(arm_label always-filter "$first")" \
    "$(arm_label single-scale "$first")"
  scatter "$figures/fig16.png" table2 "t-SNE: real, the model, our ablations" "$label" \
    "$(arm_label plain-rates "$first")" "$(arm_label no-offset "$first")" \
    "$(arm_label cutmix "$first")" "$(arm_label no-cutmix "$first")" "$(arm_label encoder "$first")" \
    "$(arm_label no-average "$first")" "$(arm_label diffaugment "$first")"
  scatter "$figures/fig17.png" unseen "t-SNE: right halves, left halves, a model of the left" left \
    "$(arm_label left-halves "$first")"
}

table() { # EVALUATION [OPTIONS]
  local metrics=$OUT/evaluation/$1/metrics.json
  shift
  if [ ! -e "$metrics" ]; then
    echo "Not measured yet."
  elif [ "${1:-}" != --physics ] && ! grep -q '"featuresKey" *: *"' "$metrics"; then
    echo "Not measured: no Inception weights were found (WEIGHTS=FILE)."
  else
    "$ganinsar" figure table "$metrics" "$@"
  fi
}

picture() { # FILE ALT: copied beside the page and shown, where it was drawn
  [ -e "$OUT/figures/$1" ] || return 0
  mkdir -p "$DOCS/reproduce-$SIZE"
  cp "$OUT/figures/$1" "$DOCS/reproduce-$SIZE/$1"
  printf '\n![%s](reproduce-%s/%s)\n' "$2" "$SIZE" "$1"
}

arms_table() {
  local name seed done
  echo "| arm | what it is | seed | changes | iterations | wall min | CPU min | device | threads | folder |"
  echo "|---|---|---|---|---|---|---|---|---|---|"
  while read -r name seed; do
    done=$(arm_folder "$name" "$seed")/done.txt
    value() { sed -n "s/^$1=//p" "$done"; }
    echo "| $name | $(arm_field "$name" 4) | $seed | $(arm_field "$name" 3 | sed 's/[^ ][^ ]*/`&`/g') |" \
      "$(value iterations) | $(value wallMinutes) | $(value cpuMinutes) | $(value device) |" \
      "$(value threads) | $(basename "$(dirname "$done")") |"
  done < <(finished_arms)
}

page() {
  local first=${SEEDS%% *} label
  label=$(arm_label model "$first")
  cat <<TEXT
# The experiment at $SIZE px

Written by \`make reproduce\` on $(date -u +%Y-%m-%d) ($(machine)):

\`\`\`sh
make reproduce SIZE=$SIZE${BUDGET:+ BUDGET=$BUDGET} SEEDS="$SEEDS" COUNT=$COUNT${EXTRA:+ EXTRA=\"$EXTRA\"}
\`\`\`

[reproduce.md](../reproduce.md) says what is done. Base configuration: \`$(realpath --relative-to="$here" "$CONFIG")\`\
${patches_per_epoch:+ with \`data.patchesPerEpoch=$patches_per_epoch\`}. Nine real scenes, each without its median and scaled so that the
99.5th percentile of |rate| is 25 cm/yr; every set holds $COUNT samples, the real one $COUNT more for the control. In brackets: 95 %
intervals over samples. FID and KID: Inception of 2015-12-05, pytorch-fid's preprocessing, rates clipped at +-15 cm/yr.

## Table I: simulators and the model

$(table table1 --relative-to "$label")

$(table table1 --physics)
$(picture fig12.png "t-SNE as the paper's Fig. 12")
$(picture fig13.png "t-SNE as the paper's Fig. 13")
$(picture fig14.png "t-SNE as the paper's Fig. 14")

## Table II: the arms

$(table table2 --relative-to "$label")

$(table table2 --physics)
$(picture fig15.png "t-SNE as the paper's Fig. 15")
$(picture fig16.png "t-SNE of our own ablations")

## Unseen ground

A model trained on the left halves of the scenes, against their right halves; \`left\` is the left halves themselves.

$(table unseen --relative-to left)

$(table unseen --physics)

The same model against the left halves, which it was trained on. A ratio below 1 in the last two columns means samples nearer to
training patches than those are to each other.

$(table seen --physics)
$(picture fig17.png "t-SNE of the halves and a model of the left ones")

## Scenes with a permissive licence

A model trained on them and on two small simulated scenes, against patches of the former.

$(table permissive)

$(table permissive --physics)
$(picture open-real-and-generated.png "Real patches of permissive scenes, Sun's, and samples of a model that saw nothing else than the former and simulated scenes")
$(picture open-real-and-generated-wrapped.png "The same as wrapped phase of 60 days")
$(picture open-simulators.png "Simulators")
$(picture open-simulators-wrapped.png "The same as wrapped phase of 60 days")

## How each was trained

$(arms_table)
TEXT
}

write_report() {
  draw_figures
  local file=$DOCS/reproduce-$SIZE.md notes=
  mkdir -p "$DOCS"
  # What a person wrote below this heading stays.
  if [ -e "$file" ]; then notes=$(sed -n '/^## What was found/,$p' "$file"); fi
  page >"$file.part"
  printf '\n%s\n' "${notes:-## What was found}" >>"$file.part"
  mv "$file.part" "$file"
  echo "$file"
  echo "Report pages: $OUT/evaluation/*/report.html; pictures, local ones too: $OUT/figures"
}
