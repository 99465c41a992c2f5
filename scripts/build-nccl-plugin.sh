#!/usr/bin/env bash
# Builds the NCCL plug-in for training on several GPUs: libganinsar_nccl.so, beside the program.
#
#   scripts/build-nccl-plugin.sh [OUTPUT.so]     default: .build/release/libganinsar_nccl.so
#
# Run it on a machine that has the headers of CUDA 13 and NCCL:
#   CUDA_HOME=dir    has include/cuda_runtime_api.h (default: /usr/local/cuda)
#   NCCL_HOME=dir    has include/nccl.h             (default: CUDA_HOME, then /usr)
#   LIBTORCH=dir     has include/ and lib/ with libtorch_cuda.so (default: that of scripts/setup.sh --cuda)
#   NCCL_PLUGIN_COMPILE_ONLY=1  only checks that it compiles, if there is no libtorch_cuda.so to link
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

die() {
  echo "NCCL plug-in: $*" >&2
  exit 1
}

torch=${LIBTORCH:-$PWD/.deps/libtorch/torch}
cuda=${CUDA_HOME:-/usr/local/cuda}
output=${1:-.build/release/libganinsar_nccl.so}

[ -e "$torch/include/ATen/core/Tensor.h" ] ||
  die "no LibTorch in $torch: run scripts/setup.sh --cuda, or set LIBTORCH"
[ -e "$cuda/include/cuda_runtime_api.h" ] ||
  die "no cuda_runtime_api.h in $cuda/include: install CUDA 13's runtime headers, or set CUDA_HOME"
nccl=${NCCL_HOME:-}
for candidate in "$cuda" /usr; do
  [ -n "$nccl" ] || [ ! -e "$candidate/include/nccl.h" ] || nccl=$candidate
done
[ -n "$nccl" ] && [ -e "$nccl/include/nccl.h" ] ||
  die "no nccl.h in $cuda/include or /usr/include: install NCCL's headers, or set NCCL_HOME"

compiler=${CXX:-$(command -v clang++ || command -v g++)} || die "no C++ compiler on PATH"
flags=(-std=c++17 -O2 -fPIC -DNDEBUG -DAT_PER_OPERATOR_HEADERS -Wno-deprecated-declarations
  -isystem "$torch/include" -isystem "$torch/include/torch/csrc/api/include"
  -isystem "$cuda/include" -isystem "$nccl/include")

if [ -n "${NCCL_PLUGIN_COMPILE_ONLY:-}" ]; then
  "$compiler" "${flags[@]}" -fsyntax-only Plugins/nccl/nccl_group.cpp
  echo "NCCL plug-in: compiles; not linked" >&2
  exit 0
fi
[ -e "$torch/lib/libtorch_cuda.so" ] ||
  die "no libtorch_cuda.so in $torch/lib: run scripts/setup.sh --cuda"
mkdir -p "$(dirname "$output")"
# shellcheck disable=SC2016 # the dynamic loader expands $ORIGIN
"$compiler" "${flags[@]}" -shared Plugins/nccl/nccl_group.cpp -o "$output.part" \
  -L"$torch/lib" -ltorch_cuda -ltorch_cpu -lc10_cuda -lc10 -Wl,-rpath,"$torch/lib" \
  -Wl,-rpath,'$ORIGIN/torch/lib'
mv "$output.part" "$output"
echo "$output"
