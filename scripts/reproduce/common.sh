# Settings and helpers of scripts/reproduce.sh; read by it, not run.

ganinsar=${GANINSAR:-$here/.build/release/ganinsar}
SIZE=${SIZE:-64}
BUDGET=${BUDGET:-}
ARMS=${ARMS:-all}
SEEDS=${SEEDS:-0}
COUNT=${COUNT:-2000}
SCENES=${SCENES:-$here/../shared/data}
OUT=${OUT:-$here/runs/reproduce/$SIZE}
DOCS=${DOCS:-$here/docs/results}
WEIGHTS=${WEIGHTS:-}
STEPS=${STEPS:-data train evaluate report}
DEVICE=${DEVICE:-auto}
THREADS=${THREADS:-0}
JOBS=${JOBS:-1}
PICK=${PICK:-final}
RESAMPLES=${RESAMPLES:-40}
arm_table=${ARM_TABLE:-$here/scripts/reproduce/arms.txt}
# Small steps of many threads waste a few cores on waiting.
export OMP_WAIT_POLICY=${OMP_WAIT_POLICY:-passive}

fail() {
  echo "reproduce: $*" >&2
  exit 1
}
step() {
  echo
  echo "== $*"
}
whole_number() { # NAME VALUE
  [[ $2 =~ ^[1-9][0-9]*$ ]] || fail "$1='$2': give a whole number above 0."
}
short_hash() { sha256sum | cut -c1-12; }

check_settings() {
  [ -x "$ganinsar" ] || fail "$ganinsar is not there: run 'make build'."
  case $SIZE in
  64) default_config=configs/small.yaml ;;
  128 | 256) default_config=configs/reproduce-$SIZE.yaml ;;
  *) fail "SIZE=$SIZE: give 64, 128 or 256." ;;
  esac
  CONFIG=${CONFIG:-$here/$default_config}
  [ -f "$CONFIG" ] || fail "CONFIG=$CONFIG: there is no such file."
  [ -z "$BUDGET" ] || [[ $BUDGET =~ ^[0-9]+(\.[0-9]+)?$ ]] ||
    fail "BUDGET=$BUDGET: give minutes of training an arm, such as 110."
  whole_number COUNT "$COUNT"
  [ "$COUNT" -ge 32 ] || fail "COUNT=$COUNT: give 32 or more samples a set."
  whole_number JOBS "$JOBS"
  for seed in $SEEDS; do [[ $seed =~ ^[0-9]+$ ]] || fail "SEEDS='$SEEDS': give whole numbers."; done
  for name in $STEPS; do
    case $name in
    data | train | evaluate | report) ;;
    *) fail "STEPS='$STEPS': choose from data, train, evaluate, report." ;;
    esac
  done
  case $PICK in final | best) ;; *) fail "PICK=$PICK: give final or best." ;; esac
  [ -f "$arm_table" ] || fail "$arm_table: there is no such file."
  selected_arms >/dev/null
  [ -d "$SCENES/permissive" ] && [ -d "$SCENES/measure-only" ] ||
    fail "SCENES=$SCENES: there is no folder with permissive/ and measure-only/ in it." \
      "Give the folder that holds the real scenes (docs/reproduce.md lists them)."
}

# Lines of the table as name|dataset|changes|what, without blanks around.
arm_lines() {
  grep -v '^[[:space:]]*\(#\|$\)' "$arm_table" |
    sed -e 's/[[:space:]]*|[[:space:]]*/|/g' -e 's/^[[:space:]]*//' -e 's/[[:space:]]*$//'
}
arm_names() { arm_lines | cut -d'|' -f1; }
arm_field() { # NAME COLUMN
  arm_lines | awk -F'|' -v name="$1" -v column="$2" '$1 == name { print $column; exit }'
}
selected_arms() {
  local name
  for name in $ARMS; do
    case $name in
    all) arm_names ;;
    table1) echo model ;;
    table2) echo model always-filter single-scale | tr ' ' '\n' ;;
    none) ;;
    *)
      arm_names | grep -qx -- "$name" ||
        fail "ARMS: there is no arm '$name'; there are: $(arm_names | tr '\n' ' ')"
      echo "$name"
      ;;
    esac
  done | awk '!seen[$0]++' | branches_last
}
# Arms that branch off another come after it.
branches_last() {
  local name names
  names=$(cat)
  for name in $names; do [[ $(arm_field "$name" 3) == *from=* ]] || echo "$name"; done
  for name in $names; do [[ $(arm_field "$name" 3) != *from=* ]] || echo "$name"; done
}

weights_option() { [ -z "$WEIGHTS" ] || printf -- '--weights\n%s\n' "$WEIGHTS"; }

machine() {
  local gpu
  gpu=$(nvidia-smi --query-gpu=name --format=csv,noheader 2>/dev/null | head -1 || true)
  echo "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1 | tr -s ' '), $(nproc) threads${gpu:+, $gpu}"
}

# A value of a resolved configuration: setting FILE GROUP KEY, or setting FILE '' KEY at the top.
setting() {
  awk -v group="$2" -v key="$3" '
    /^[^ #]/ { inside = ($1 == group ":"); if (group == "" && $1 == key ":") { print $2; exit } }
    inside && /^  [^ ]/ && $1 == key ":" { print $2; exit }' "$1"
}
