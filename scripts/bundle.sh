#!/usr/bin/env bash
# Makes a folder and a .tar.gz that run on a machine without Swift, GDAL or this repository. The commands
# train, generate, export and evaluate also need a Python with torch 2.11, or an unpacked LibTorch 2.11.
#
#   scripts/bundle.sh [OUTPUT]      OUTPUT: the folder to put the bundle in, default .build-bundle/out
#
# The programs are built without GDAL: few raster formats besides .npy, and no HDF5. LibTorch is not in the bundle:
# that of the machine supports CUDA if there is a GPU. Swift's libraries are, once for both programs (linked into each,
# they would take 18 MB more). In the bundle, ganinsar is a link to lib/ganinsar; lib/ganinsar-torch is
# scripts/launcher.sh, which finds LibTorch and starts lib/ganinsar-torch-program.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$here"
output=${1:-$here/.build-bundle/out}
fail() {
  echo "bundle: $*" >&2
  exit 1
}

GANINSAR_COMMIT=$(scripts/commit.sh) # what `ganinsar --version` prints
export GANINSAR_COMMIT
# Without the path of this machine's Swift in it, a program takes Swift's libraries from its own folder only.
build=(-c release --disable-default-traits -Xswiftc -no-toolchain-stdlib-rpath --scratch-path .build-bundle)
for product in ganinsar ganinsar-torch; do
  swift build "${build[@]}" --product "$product" || fail "the build failed; run scripts/setup.sh first."
done
binary=$(swift build "${build[@]}" --show-bin-path)/ganinsar
runtime=$(swiftc -print-target-info | sed -n '/"runtimeLibraryPaths"/,/]/s/^ *"\(.*\/linux\)".*/\1/p')
[ -n "$runtime" ] || fail "swiftc -print-target-info names no folder of Swift's libraries."
version=$(sed -n 's/^#define GANINSAR_VERSION "\(.*\)"$/\1/p' Sources/CVersion/include/CVersion.h)
[ -n "$version" ] || fail "there is no GANINSAR_VERSION in Sources/CVersion/include/CVersion.h."
torch=$(sed -n 's/^version=//p' scripts/setup.sh) # the LibTorch that the binary was built against
name=ganinsar-$version-linux-$(uname -m)
folder=$output/$name

rm -rf "$folder" "$folder.tar.gz"
mkdir -p "$folder/lib"
strip -o "$folder/lib/ganinsar" "$binary"
strip -o "$folder/lib/ganinsar-torch-program" "$binary-torch"
mapfile -t libraries < <(LD_LIBRARY_PATH=$runtime ldd "$binary" "$binary-torch" |
  awk -v folder="$runtime/" 'index($3, folder) == 1 { print $3 }' | sort -u)
for file in "${libraries[@]}"; do
  if [ "$(basename "$file")" = libFoundationNetworking.so ]; then
    scripts/networking-stand-in.sh "$binary-torch" "$folder/lib/libFoundationNetworking.so"
  else
    strip -o "$folder/lib/$(basename "$file")" "$file"
  fi
done
cp -r configs models LICENSE "$folder/"
# The licenses of the Swift packages that are linked in ask for their text.
mkdir "$folder/licenses"
for file in .build-bundle/checkouts/*/{LICENSE,NOTICE}*; do
  package=$(basename "$(dirname "$file")")
  [ ! -f "$file" ] || cp "$file" "$folder/licenses/$package-$(basename "$file")"
done
sed "s/@TORCH@/$torch/; s/@VERSION@/$version/; s/@COMMIT@/$GANINSAR_COMMIT/" scripts/launcher.sh \
  >"$folder/lib/ganinsar-torch"
chmod +x "$folder/lib/ganinsar-torch"
ln -s lib/ganinsar "$folder/ganinsar"
cat >"$folder/README.txt" <<TEXT
ganinsar $version for Linux, $(uname -m). Needs glibc 2.35.

  ./ganinsar --help
  ./ganinsar simulate sun-mild -o simulated --count 16

Most commands need nothing else. train, generate, export, evaluate and 'config --template train' need torch:
'pip install torch==$torch', or set LIBTORCH to a folder that holds lib/libtorch_cpu.so.

  ./ganinsar train DATASET -o runs --config configs/paper.yaml --set execution.device=cuda
  ./ganinsar generate -o maps --count 16        (with the model in models/)

DATASET is a folder that 'ganinsar prepare' wrote, usually on a machine with the full program (this one
reads few formats besides .npy). Checkpoints and models work on machines with and without a GPU.
TEXT
# The same files give the same archive, whoever packs them and when.
tar -C "$output" --sort=name --owner=0 --group=0 --numeric-owner --mtime=@"$(git log -1 --format=%ct 2>/dev/null || date +%s)" \
  -cf - "$name" | gzip -n -9 >"$folder.tar.gz.part"
mv "$folder.tar.gz.part" "$folder.tar.gz"
echo "$folder.tar.gz ($(du -h "$folder.tar.gz" | cut -f1))"
