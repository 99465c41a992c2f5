#!/usr/bin/env bash
# Makes a folder and a .tar.gz that run on a machine without Swift, GDAL or this repository: they need
# only a Python with torch 2.11, or an unpacked LibTorch 2.11.
#
#   scripts/bundle.sh [OUTPUT]      OUTPUT: the folder to put the bundle in, default .build-bundle/out
#
# The binary is built without GDAL (few raster formats besides .npy, and no HDF5) and contains Swift's
# libraries. It does not contain LibTorch: that of the machine supports CUDA if there is a GPU.
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
for product in ganinsar ganinsar-torch; do
  swift build -c release --disable-default-traits --static-swift-stdlib \
    --scratch-path .build-bundle --product "$product" ||
    fail "the build failed; run scripts/setup.sh first."
done
binary=$(swift build -c release --disable-default-traits --static-swift-stdlib \
  --scratch-path .build-bundle --show-bin-path)/ganinsar
version=$(sed -n 's/^#define GANINSAR_VERSION "\(.*\)"$/\1/p' Sources/CVersion/include/CVersion.h)
[ -n "$version" ] || fail "there is no GANINSAR_VERSION in Sources/CVersion/include/CVersion.h."
torch=$(sed -n 's/^version=//p' scripts/setup.sh) # the LibTorch that the binary was built against
name=ganinsar-$version-linux-$(uname -m)
folder=$output/$name

rm -rf "$folder" "$folder.tar.gz"
mkdir -p "$folder/bin"
for file in "$binary" "$binary-torch"; do
  strip -o "$folder/bin/$(basename "$file")" "$file"
done
cp -r configs models LICENSE "$folder/"
cat >"$folder/ganinsar" <<'LAUNCHER'
#!/usr/bin/env bash
# Finds LibTorch and starts the program. Looks, in this order, at $LIBTORCH (a folder with lib/), torch/
# beside this file, and the torch of $PYTHON or python3.
set -euo pipefail
here=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)
wanted=@TORCH@
torch=${LIBTORCH:-}
if [ -z "$torch" ] && [ -d "$here/torch/lib" ]; then torch=$here/torch; fi
if [ -z "$torch" ]; then
  # find_spec does not import torch, which would take seconds.
  torch=$("${PYTHON:-python3}" -c '
import importlib.util, os
spec = importlib.util.find_spec("torch")
print(os.path.dirname(spec.origin) if spec and spec.origin else "")' 2>/dev/null || true)
fi
if [ -z "$torch" ] || [ ! -e "$torch/lib/libtorch_cpu.so" ]; then
  echo "ganinsar: no LibTorch found (looked at '${torch:-nothing}'): 'pip install torch==$wanted'," \
    "or set LIBTORCH to a folder that holds lib/libtorch_cpu.so." >&2
  exit 1
fi
found=$(sed -n "s/^__version__ = '\([0-9.]*\).*/\1/p" "$torch/version.py" 2>/dev/null || true)
if [ -n "$found" ] && [ "${found%.*}" != "${wanted%.*}" ]; then
  echo "ganinsar: $torch is version $found and this program needs ${wanted%.*}:" \
    "'pip install torch==$wanted', or set LIBTORCH." >&2
  exit 1
fi
export LD_LIBRARY_PATH=$torch/lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
export OMP_WAIT_POLICY=${OMP_WAIT_POLICY:-passive}
exec "$here/bin/ganinsar" "$@"
LAUNCHER
sed -i "s/@TORCH@/$torch/" "$folder/ganinsar"
chmod +x "$folder/ganinsar"
cat >"$folder/README.txt" <<TEXT
ganinsar $version for Linux, $(uname -m). Needs glibc 2.35 and torch $torch (pip install torch==$torch).

  ./ganinsar --help
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
