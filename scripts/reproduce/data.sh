# Datasets and the sets that arms are compared with; read by scripts/reproduce.sh, not run.

permissive_scenes=(kirishima_alos2 campi_flegrei)
# One more scene that may be shown; it is not among the paper's kind of nine.
shown_scenes=(kirishima_alos2 campi_flegrei bhutan_landslide)
measured_scenes=(coso_d071 greece_2021 afghanistan argentina_lrr calbuco_cov9 pamir_des5 anatolia_014A)
presets=(sun sun-mild wu wu-dem deepinsar-v1 anantrasirichai brengman-barnhart rouet-leduc mixed)
if [ -n "${PRESETS:-}" ]; then read -ra presets <<<"$PRESETS"; fi
dem_tiles=(N33E131 N40E014 N41E014)
reference_seed=1000 # no training has it, so that no patch of the reference is a training patch by draw

# dataset NAME FILES... -- OPTIONS...: prepares it once.
dataset() {
  local name=$1 files=() folder=$OUT/data/$1
  shift
  while [ "$1" != -- ]; do
    [ -f "$1" ] || fail "there is no scene $1."
    files+=("$1")
    shift
  done
  shift
  if [ -e "$folder/dataset.json" ]; then return; fi
  echo "preparing $name"
  "$ganinsar" prepare "${files[@]}" -o "$folder" --displacement-as-rate 1 --harmonize \
    --upsample "campi_flegrei=$campi_factor" "$@" >"$OUT/data/$name.txt.part" 2>&1 ||
    { cat "$OUT/data/$name.txt.part" >&2 && fail "the dataset $name cannot be prepared."; }
  mv "$OUT/data/$name.txt.part" "$OUT/data/$name.txt"
}

prepare_datasets() {
  mkdir -p "$OUT/data"
  # Twice its size is 242 pixels high, which holds no window of 256.
  local campi_factor=2
  if [ "$SIZE" -eq 256 ]; then campi_factor=3; fi
  local nine=("${permissive_scenes[@]/#/$SCENES/permissive/}")
  nine+=("${measured_scenes[@]/#/$SCENES/measure-only/}")
  nine=("${nine[@]/%/.tif}")
  local shown=("${shown_scenes[@]/#/$SCENES/permissive/}")
  shown=("${shown[@]/%/.tif}")
  dataset nine "${nine[@]}" -- --upsample anatolia_014A=2
  dataset left "${nine[@]}" -- --upsample anatolia_014A=2 --split
  dataset permissive "${shown[@]}" --
  # Three scenes are few windows to learn from: simulated ones join them in training. They are small, since
  # many more of their windows pass the filter, and real ground should be the greater part.
  local simulated=$OUT/data/simulated
  if [ ! -e "$simulated" ]; then
    "$ganinsar" simulate mixed -o "$simulated" --count 2 --seed 2026 --size $((3 * SIZE)) --format tif >/dev/null
  fi
  dataset open "${shown[@]}" "$simulated"/mixed_00000?.tif --
}

# What a dataset is, whatever the machine: its scenes, their values, and which are held out.
dataset_hash() {
  grep -o '"\(fileSHA256\|name\)" : "[^"]*"\|"isHeldOut" : [a-z]*' "$OUT/data/$1/dataset.json" |
    short_hash
}

# patches FILE SOURCE... -- OPTIONS...: draws a set once.
patches() {
  local file=$1 sources=()
  shift
  while [ "$1" != -- ]; do
    sources+=("$1")
    shift
  done
  shift
  [ -e "$file" ] || "$ganinsar" patches "${sources[@]}" -o "$file" --size "$SIZE" "$@" | sed 's/, sha.*//'
}

set_file() { echo "$OUT/sets/$1-$COUNT.npy"; }

# The real reference: windows without the conditional filter (it is switched off for the last epochs so
# that sparse ground comes back), at both scales, without offset. Twice as many: the rest is the control.
draw_reference() {
  mkdir -p "$OUT/sets"
  patches "$(set_file real)" "$OUT/data/nine" -- \
    --count $((2 * COUNT)) --no-filter --seed $reference_seed
  patches "$(set_file left)" "$OUT/data/left" -- \
    --count $((2 * COUNT)) --no-filter --seed $reference_seed
  patches "$(set_file right)" "$OUT/data/left" -- \
    --count $((2 * COUNT)) --no-filter --held-out --seed $reference_seed
  patches "$(set_file permissive)" "$OUT/data/permissive" -- \
    --count $((2 * COUNT)) --no-filter --seed $reference_seed
}

# Maps four patches wide (two on a terrain at 256 px, which has no larger piece without a hole), and
# random windows of them at the reference's scales, none refused.
simulate_sets() {
  local preset maps=$((COUNT < 1000 ? COUNT : 1000)) folder tile seed share
  for preset in "${presets[@]}"; do
    if [ -e "$(set_file "$preset")" ]; then continue; fi
    echo "simulating $preset"
    folder=$OUT/sets/maps-$preset
    local folders=() dems=(none) side=$((4 * SIZE))
    if [ "$preset" = wu-dem ]; then
      dems=("${dem_tiles[@]}")
      if [ "$SIZE" -eq 256 ]; then side=$((2 * SIZE)); fi
    fi
    share=$(((maps + ${#dems[@]} - 1) / ${#dems[@]}))
    seed=1
    for tile in "${dems[@]}"; do
      local dem=()
      if [ "$tile" != none ]; then dem=(--dem "$SCENES/dem/$tile.hgt"); fi
      if [ ! -e "$folder-$tile" ]; then
        "$ganinsar" simulate "$preset" -o "$folder-$tile" --count "$share" --seed $seed \
          --size $side --format npy "${dem[@]}" >/dev/null
      fi
      folders+=("$folder-$tile")
      seed=$((seed + 1))
    done
    patches "$(set_file "$preset")" "${folders[@]}" -- --count "$COUNT" --seed $reference_seed
    rm -rf "${folders[@]}" # a gigabyte or more; the seed makes them again
  done
}
