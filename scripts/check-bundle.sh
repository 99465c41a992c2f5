#!/usr/bin/env bash
# Checks that the bundle works with nothing but LibTorch: unpacks it into an empty folder and, in an
# environment that sets only LIBTORCH, prepares, trains, stops, resumes, exports and generates.
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
# Besides LibTorch it may need only the C and C++ libraries.
strange=$(readelf -d "$root/bin/ganinsar" "$root/bin/ganinsar-torch" | sed -n 's/.*NEEDED.*\[\(.*\)\]/\1/p' |
  grep -v '^\(libtorch_cpu\|libc10\|libz\|libstdc++\|libgcc_s\|libm\|libc\|libdl\|libpthread\|librt\|ld-linux.*\)\.so' || true)
[ -z "$strange" ] || fail "the binary needs $strange, which a minimal machine may not have."

echo "$(basename "$bundle"), $(du -h "$bundle" | cut -f1)"
run --version
run simulate sun-mild -o maps --count 2 --seed 1 --size 192 --format npy
run prepare maps/sun-mild_00000{0,1}.npy --unit cm/yr -o dataset >/dev/null
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
