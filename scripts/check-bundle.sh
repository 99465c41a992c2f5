#!/usr/bin/env bash
# Checks the bundle: unpacks it into an empty folder and, in an environment with neither LibTorch nor Python, runs the
# commands that need none and looks at what the others say. Then, in an environment that sets only LIBTORCH, it
# prepares, trains, stops, resumes, exports and generates.
#
#   scripts/check-bundle.sh [BUNDLE.tar.gz]     default: the newest in .build-bundle/out
#   DEVICE=cuda scripts/check-bundle.sh         also takes a checkpoint to the GPU and back
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
bundle=${1:-$("$here/scripts/newest-bundle.sh")}
device=${DEVICE:-cpu}
fail() {
  echo "check-bundle: $*" >&2
  exit 1
}
[ -f "$bundle" ] || fail "there is no bundle; run 'make bundle'."
torch=${LIBTORCH:-$here/.deps/libtorch/torch}
[ -e "$torch/lib/libtorch_cpu.so" ] || fail "there is no LibTorch in $torch; set LIBTORCH."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
tar -C "$work" -xzf "$bundle"
root=$(echo "$work"/ganinsar-*)
run() { (cd "$work" && env -i PATH=/usr/bin:/bin HOME="$work" LIBTORCH="$torch" "$root/ganinsar" "$@"); }

command -v readelf >/dev/null || fail "this needs readelf: install binutils."
# Besides LibTorch and what is in the bundle, it may need only the C and C++ libraries; without it, no LibTorch.
foreign() { # FILE...: the libraries that these files need and the bundle does not hold
  readelf -d "$@" | sed -n 's/.*NEEDED.*\[\(.*\)\]/\1/p' | sort -u | while read -r name; do
    [ -e "$root/lib/$name" ] || echo "$name"
  done | grep -v '^\(libz\|libstdc++\|libgcc_s\|libm\|libc\|libdl\|libpthread\|librt\|ld-linux.*\)\.so' || true
}
found=$(foreign "$root/lib/ganinsar" "$root"/lib/lib*.so)
found+=$(foreign "$root/lib/ganinsar-torch-program" | grep -v '^\(libtorch_cpu\|libc10\)\.so' || true)
[ -z "$found" ] || fail "the programs need $found, which a minimal machine may not have."

# PATH holds what the launcher calls, and no Python.
mkdir "$work/tools"
for tool in bash dirname readlink sed; do ln -s "$(command -v $tool)" "$work/tools/"; done
alone() { (cd "$work" && env -i PATH="$work/tools" HOME="$work" "$root/ganinsar" "$@"); }

echo "$(basename "$bundle"), $(du -h "$bundle" | cut -f1)"
alone --version | grep -q "LibTorch not found" || fail "--version does not say that LibTorch is missing."
alone --help >/dev/null
alone figure --help >/dev/null
alone report --help >/dev/null
alone config --list --quiet >/dev/null
alone config --template compose >/dev/null
alone simulate sun-mild --quiet -o maps --count 2 --seed 1 --size 192 --format npy
alone info maps/sun-mild_000000.npy >/dev/null
alone prepare --quiet maps/sun-mild_00000{0,1}.npy --unit cm/yr -o dataset >/dev/null
alone patches dataset -o patches.npy --count 4 --size 64 --no-filter >/dev/null
alone compose --quiet maps/sun-mild_000000.npy -o stack --set network.count=4 >/dev/null
alone invert --quiet stack -o inverted >/dev/null
for command in train generate export evaluate "config --template train"; do
  # shellcheck disable=SC2086 # several words
  if message=$(alone $command 2>&1); then fail "'$command' ran without LibTorch."; fi
  [[ $message == *"needs LibTorch"*"pip install torch=="* ]] || fail "'$command' without LibTorch says: $message"
done
echo "without LibTorch: simulated, prepared, drew patches, composed, inverted"

run --version
smoke=(--config "$root/configs/smoke.yaml" --set "execution.threads=1")
run train dataset -o runs "${smoke[@]}" --set execution.device=cpu --set epochs=1 >/dev/null
run train dataset --resume runs/00000-smoke --set epochs=2 --set "execution.device=$device" >/dev/null
run train dataset --resume runs/00000-smoke --set epochs=3 --set execution.device=cpu >/dev/null
checkpoints=("$work"/runs/00000-smoke/checkpoints/*)
[ ${#checkpoints[@]} -eq 2 ] || fail "expected two checkpoints."
run export runs/00000-smoke -o small.safetensors >/dev/null
run generate small.safetensors -o out --count 3 --seed 1 >/dev/null
maps=("$work"/out/sample-*.npy)
[ ${#maps[@]} -eq 3 ] || fail "expected three maps."
echo "prepared, trained on cpu, on $device and on cpu again, exported, generated"
