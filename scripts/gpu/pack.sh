#!/usr/bin/env bash
# Makes one folder that trains on a machine with a GPU and nothing of this project: the bundle, the prepared
# scenes, the configuration, the same networks in PyTorch for timing, and run.sh. At most 64 MiB.
#
#   scripts/gpu/pack.sh DATASET CONFIG [OUTPUT]
#   scripts/gpu/pack.sh runs/reproduce/256/data/nine configs/reproduce-256.yaml gpu-256
#
# DATASET is a folder that 'ganinsar prepare' wrote. OUTPUT (default gpu-job) must not exist.
# BUNDLE=FILE uses an existing bundle; otherwise the newest one is used, or one is made.
# REFERENCE=FOLDER packs a checkout of the public U-Net GAN code (AGPL-3.0; not part of this project).
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
largest_mib=64
fail() {
  echo "pack: $*" >&2
  exit 1
}
[ $# -ge 2 ] || fail "give DATASET and CONFIG; scripts/gpu/pack.sh says more."
dataset=$1 config=$2 output=${3:-gpu-job}
[ -f "$dataset/dataset.json" ] || fail "$dataset is not a dataset; 'ganinsar prepare' makes one."
[ -f "$config" ] || fail "$config does not exist."
[ ! -e "$output" ] || fail "$output exists; move it away."

bundle=${BUNDLE:-$("$here/scripts/newest-bundle.sh")}
if [ -z "$bundle" ]; then
  "$here/scripts/bundle.sh"
  bundle=$("$here/scripts/newest-bundle.sh")
fi
[ -f "$bundle" ] || fail "bundle '$bundle' does not exist."

work=$output.part
rm -rf "$work"
mkdir -p "$work/bench"
cp "$bundle" "$work/bundle.tar.gz"
tar -C "$dataset" -czf "$work/dataset.tar.gz" dataset.json scenes
cp "$config" "$work/config.yaml"
cp "$here"/Benchmarks/peers/{unet_gan_iteration,public_unet_gan}.py "$here/scripts/gpu/compare.py" \
  "$here"/scripts/fixtures/{unet_gan_reference,unet_gan_losses}.py "$work/bench/"
# Built as the bundle is; run.sh puts it beside the program and Swift's libraries.
(cd "$here" && swift build -c release --disable-default-traits -Xswiftc -no-toolchain-stdlib-rpath \
  --scratch-path .build-bundle --product ganinsar-bench) || fail "ganinsar-bench was not built."
strip -o "$work/bench/ganinsar-bench" "$here/.build-bundle/release/ganinsar-bench"
if [ -n "${REFERENCE:-}" ]; then
  [ -f "$REFERENCE/BigGAN.py" ] || fail "there is no BigGAN.py in REFERENCE=$REFERENCE."
  mkdir "$work/reference"
  cp "$REFERENCE"/{*.py,LICENSE} "$work/reference/"
fi
cp "$here/scripts/gpu/run.sh" "$work/run.sh"
chmod +x "$work/run.sh"
{
  echo "commit $(git -C "$here" rev-parse HEAD 2>/dev/null || echo unknown)"
  echo "config $(basename "$config")"
  (cd "$work" && find . -type f ! -name packed.txt -print0 | sort -z | xargs -0 sha256sum)
} >"$work/packed.txt"
mib=$(du -sm "$work" | cut -f1)
[ "$mib" -le $largest_mib ] || fail "$work takes $mib MiB, more than $largest_mib: prepare fewer scenes."
mv "$work" "$output"
echo "$output ($mib MiB): copy it to the GPU machine and start $output/run.sh there."
