#!/usr/bin/env bash
# In a bundle this is lib/ganinsar-torch, which `ganinsar` becomes for the commands that need LibTorch: it finds
# LibTorch and becomes lib/ganinsar-torch-program. It looks, in this order, at $LIBTORCH (a folder with lib/), torch/
# in the folder of the bundle, and the torch of $PYTHON or python3. scripts/bundle.sh replaces the words between @.
set -euo pipefail
here=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
wanted=@TORCH@
arguments=" $* "

# missing REASON: says why there is no LibTorch to use, and ends.
missing() {
  case $arguments in
    *" --version "*)
      printf '%s\n' "@VERSION@" "commit @COMMIT@" "LibTorch not found: $*"
      exit 0
      ;;
  esac
  echo "ganinsar: this command needs LibTorch ${wanted%.*}, but $*: 'pip install torch==$wanted'," \
    "or set LIBTORCH to a folder that holds lib/libtorch_cpu.so." >&2
  exit 1
}

torch=${LIBTORCH:-}
python=${PYTHON:-python3}
if [ -z "$torch" ] && [ -d "$here/torch/lib" ]; then torch=$here/torch; fi
if [ -z "$torch" ]; then
  # find_spec does not import torch, which would take seconds.
  torch=$("$python" -c '
import importlib.util, os
spec = importlib.util.find_spec("torch")
print(os.path.dirname(spec.origin) if spec and spec.origin else "")' 2>/dev/null || true)
fi
[ -n "$torch" ] || missing "LIBTORCH is not set and $python has no torch"
[ -e "$torch/lib/libtorch_cpu.so" ] || missing "$torch/lib/libtorch_cpu.so does not exist"
found=$(sed -n "s/^__version__ = '\([0-9.]*\).*/\1/p" "$torch/version.py" 2>/dev/null || true)
if [ -n "$found" ] && [ "${found%.*}" != "${wanted%.*}" ]; then missing "$torch is version $found"; fi
export LD_LIBRARY_PATH=$torch/lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
export OMP_WAIT_POLICY=${OMP_WAIT_POLICY:-passive}
exec "$here/lib/ganinsar-torch-program" "$@"
