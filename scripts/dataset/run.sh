#!/usr/bin/env bash
# Makes a dataset of 10,000 samples from 1,000 rate maps, compares its draws with the recipe, its bytes between 1 and 7
# processes and after kills, and reads it in PyTorch with four workers.
#
#   scripts/dataset/run.sh [FOLDER]      FOLDER keeps the datasets (default: .build/dataset, removed at the end)
#
# Needs a release build. The Python programs are installed into a virtual environment in .build/dataset-venv; PYTHON
# names an interpreter that has them instead.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
work=${1:-$root/.build/dataset}
ganinsar=${GANINSAR:-$root/.build/release/ganinsar}
samples=${SAMPLES:-10000}
maps=${MAPS:-1000}
[ -x "$ganinsar" ] || {
  echo "dataset: $ganinsar does not exist: run 'make build'." >&2
  exit 1
}
python=${PYTHON:-}
if [ -z "$python" ]; then
  venv=$root/.build/dataset-venv
  if ! cmp -s "$here/requirements.txt" "$venv/installed.txt"; then
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet --requirement "$here/requirements.txt"
    cp "$here/requirements.txt" "$venv/installed.txt"
  fi
  python=$venv/bin/python
fi
mkdir -p "$work"
rm -rf "$work"/{maps,one,seven,killed,zarr}

"$ganinsar" simulate sun -o "$work/maps" --count "$maps" --size 64 --format npy --seed 1 --quiet
settings=(--recipe unwrapping --count "$samples" --seed 1 --shard-size 8 --quiet)
make_dataset() { # FOLDER, further arguments
  "$ganinsar" dataset "$work/maps" -o "$work/$1" "${settings[@]}" "${@:2}"
}
echo "== one process"
time make_dataset one
"$python" "$here/check_draws.py" "$work/one"

echo "== seven processes, each a part"
for part in 3 0 6 1 5 2 4; do make_dataset seven --shard "$part/7" >/dev/null & done
wait
diff -r "$work/one" "$work/seven" && echo "equal, byte for byte"

echo "== killed again and again"
kills=0
while [ "$kills" -lt 8 ]; do
  (exec "$ganinsar" dataset "$work/maps" -o "$work/killed" "${settings[@]}" >/dev/null 2>&1) &
  sleep "0.$((RANDOM % 9 + 1))"
  kill -9 $! 2>/dev/null || true
  wait $! 2>/dev/null || true
  kills=$((kills + 1))
done
make_dataset killed >/dev/null
diff -r "$work/one" "$work/killed" && echo "equal, byte for byte, after $kills kills"

echo "== PyTorch"
make_dataset zarr --format zarr
"$python" "$here/read_torch.py" "$work/one" "$work/zarr"
[ $# -gt 0 ] || rm -rf "$work"
